//! The framework clauses that rules give evidence for, so that a rule cannot name a clause that does not exist.
//!
//! Only clauses that some rule names are here. Titles are our own words, because the standards of ISO and the AICPA are not free
//! to quote. The table is not among the ageing ones of [`super::TABLES`]: an edition of a standard stays what it is.

use std::borrow::Cow;

/// A standard or law, in one edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framework {
    /// Name that rules put before the clause, edition included.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Date of the edition (ISO, as exact as it is published).
    pub edition: &'static str,
    /// Where it is published.
    pub url: &'static str,
    /// What the ids were checked against, and when.
    pub checked: &'static str,
    /// Clauses in use, sorted by id as text.
    pub clauses: &'static [Clause],
}

/// A numbered part of a framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// Its number, as the framework writes it.
    pub id: &'static str,
    /// What it asks for.
    pub title: &'static str,
}

const fn clause(id: &'static str, title: &'static str) -> Clause {
    Clause { id, title }
}

/// Every framework that rules refer to, in the order in which rules list them.
#[rustfmt::skip]
pub const FRAMEWORKS: &[Framework] = &[
    Framework {
        name: "ISO/IEC 27001:2022",
        title: "Information security management systems, Annex A",
        edition: "2022-10",
        url: "https://www.iso.org/standard/27001",
        checked: "a public list for A.8.12 only, 2026-11-22; the others were not looked up",
        clauses: &[
            clause("A.5.15", "Access control"),
            clause("A.5.16", "Identity management"),
            clause("A.5.17", "Authentication information"),
            clause("A.5.19", "Security in relationships with suppliers"),
            clause("A.5.34", "Privacy and protection of personal data"),
            clause("A.8.10", "Deletion of information"),
            clause("A.8.12", "Prevention of data leakage"),
            clause("A.8.15", "Logging"),
            clause("A.8.20", "Security of networks"),
            clause("A.8.22", "Segregation of networks"),
            clause("A.8.24", "Use of cryptography"),
            clause("A.8.32", "Change management"),
            clause("A.8.5", "Secure authentication"),
            clause("A.8.9", "Configuration management"),
        ],
    },
    Framework {
        name: "ISO/IEC 27018:2019",
        title: "Protection of personal data in public clouds, Annex A",
        edition: "2019-01",
        url: "https://www.iso.org/standard/76559.html",
        checked: "public descriptions, 2026-11-22, which contradict each other: look ids up in the standard before relying on them",
        clauses: &[
            clause("A.10.3", "Return, transfer and disposal of personal data"),
            clause("A.11.11", "Contract measures"),
            clause("A.12.1", "Geographical location of personal data"),
            clause("A.5.1", "Secure erasure of temporary files"),
            clause("A.8.1", "Disclosure of sub-contracted processing"),
        ],
    },
    Framework {
        name: "GDPR Art.",
        title: "Regulation (EU) 2016/679",
        edition: "2016-04-27",
        url: "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        checked: "a public copy for Art. 5 only, 2026-11-22; the others were not looked up",
        clauses: &[
            clause("15", "Right of access"),
            clause("17", "Right to erasure"),
            clause("24", "Responsibility of the controller"),
            clause("25", "Data protection by design and by default"),
            clause("28", "Processor"),
            clause("28(2)", "No other processor without authorisation"),
            clause("28(4)", "Same duties for other processors"),
            clause("32", "Security of processing"),
            clause("32(1)(a)", "Pseudonymisation and encryption"),
            clause("44", "Transfers to third countries: principle"),
            clause("5(1)(c)", "Data minimisation"),
            clause("5(1)(e)", "Storage limitation"),
            clause("5(2)", "Accountability"),
        ],
    },
    Framework {
        name: "SOC 2",
        title: "AICPA Trust Services Criteria of 2017, points of focus of 2022",
        edition: "2022",
        url: "https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022",
        checked: "a public copy for P4.2 only, 2026-11-22; the others were not looked up",
        clauses: &[
            clause("C1.1", "Confidential information is identified and protected"),
            clause("C1.2", "Confidential information is disposed of"),
            clause("CC2.1", "Relevant information supports control"),
            clause("CC6.1", "Logical access security"),
            clause("CC6.3", "Access by role and least privilege"),
            clause("CC6.6", "Protection against threats from outside"),
            clause("CC6.7", "Transmission and removal of information is restricted"),
            clause("CC7.2", "Monitoring for anomalies"),
            clause("CC8.1", "Changes are authorised, tested and approved"),
            clause("CC9.2", "Risks of vendors and partners"),
            clause("P4.2", "Personal information is kept no longer than its purpose asks"),
        ],
    },
    Framework {
        name: "HIPAA 45 CFR",
        title: "Security and privacy rules of HIPAA, part 164",
        edition: "2013-01-25",
        url: "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164",
        checked: "a public copy for one of them only, 2026-11-22; the others were not looked up",
        clauses: &[
            clause("164.308(b)(1)", "Contracts with business associates"),
            clause("164.310(d)(2)(i)", "Disposal"),
            clause("164.312(a)(1)", "Access control"),
            clause("164.312(a)(2)(iv)", "Encryption and decryption"),
            clause("164.312(b)", "Audit controls"),
            clause("164.312(d)", "Authentication of persons and entities"),
            clause("164.312(e)(1)", "Transmission security"),
            clause("164.502(b)", "Minimum necessary"),
        ],
    },
    Framework {
        name: "NIST SP 800-53 Rev. 5",
        title: "Security and privacy controls, revision 5",
        edition: "2020-12-10",
        url: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
        checked: "usnistgov/oscal-content, catalog of 5.1.1 (2024-02-13), one by one; SA-9(5) is in none of its baselines and was checked against copies",
        clauses: &[
            clause("AC-4", "Information flow enforcement"),
            clause("AC-6", "Least privilege"),
            clause("AU-11", "Retention of audit records"),
            clause("AU-2", "Event logging"),
            clause("AU-3(3)", "Personal data in audit records is limited"),
            clause("CA-3", "Information exchange"),
            clause("CM-3", "Configuration change control"),
            clause("CM-7", "Least functionality"),
            clause("CM-8", "Inventory of system components"),
            clause("IA-2", "Identification and authentication of own users"),
            clause("IA-5", "Management of authenticators"),
            clause("MP-6", "Sanitisation of media"),
            clause("PL-2", "Security and privacy plans"),
            clause("SA-9", "Services of external systems"),
            clause("SA-9(5)", "Location of processing, storage and services"),
            clause("SC-12", "Establishment and management of keys"),
            clause("SC-28", "Protection of information at rest"),
            clause("SC-7", "Boundary protection"),
            clause("SI-12", "Management and retention of information"),
            clause("SI-12(1)", "Personal data in the life cycle is limited"),
        ],
    },
];

/// The framework and the clauses that a rule's reference names: `GDPR Art. 5(1)(e), 17` has two.
///
/// # Errors
/// The framework or clause that is in no table.
pub fn resolve(reference: &str) -> Result<(&'static Framework, Vec<&'static Clause>), Cow<'_, str>> {
    let framework = FRAMEWORKS.iter().find(|framework| reference.starts_with(framework.name)).ok_or(reference)?;
    let clauses = reference[framework.name.len()..].split(',').map(|id| {
        let id = id.trim();
        framework.clauses.iter().find(|clause| clause.id == id).ok_or_else(|| format!("{} {id}", framework.name).into())
    });
    Ok((framework, clauses.collect::<Result<_, Cow<'_, str>>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_framework_and_clauses_that_exist() {
        let (framework, clauses) = resolve("GDPR Art. 5(1)(e), 17").unwrap();
        assert_eq!((framework.name, clauses.len(), clauses[1].title), ("GDPR Art.", 2, "Right to erasure"));
        assert_eq!(resolve("NIST SP 800-53 Rev. 5 SI-12, SI-99").unwrap_err(), "NIST SP 800-53 Rev. 5 SI-99");
        assert_eq!(resolve("PCI DSS 3.2").unwrap_err(), "PCI DSS 3.2");
    }

    #[test]
    fn clauses_are_sorted() {
        for framework in FRAMEWORKS {
            assert!(framework.clauses.windows(2).all(|pair| pair[0].id < pair[1].id), "{}", framework.name);
        }
    }
}
