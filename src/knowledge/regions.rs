//! Azure regions with their geography and Azure OpenAI data zone.

use super::Source;

/// Azure OpenAI data zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// EU Data Boundary: EU members, and it "can include" Norway and Switzerland.
    Eu,
    /// United States.
    Us,
    /// Asia Pacific (August 2026); no page lists its members, the table follows a third-party list.
    Apac,
    /// Azure Government.
    UsGov,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Self; 4] = [Self::Eu, Self::Us, Self::Apac, Self::UsGov];

    /// Stable word for flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eu => "eu",
            Self::Us => "us",
            Self::Apac => "apac",
            Self::UsGov => "usgov",
        }
    }
}

/// One Azure region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Programmatic name (`swedencentral`).
    pub name: &'static str,
    /// Azure geography, in the form `--allow-location` takes.
    pub geography: &'static str,
    /// Data zone; `None` when no source assigns one, which is not the same as belonging to none.
    pub zone: Option<Zone>,
}

/// Source of the geographies.
pub const GEOGRAPHY_SOURCE: Source = Source {
    title: "List of Azure regions",
    url: "https://learn.microsoft.com/azure/reliability/regions-list",
    date: "2025-09-23",
};

/// Source of the zone membership.
pub const ZONE_SOURCE: Source = Source {
    title: "Deployment types for Microsoft Foundry Models",
    url: "https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types",
    date: "2026-08-06",
};

const fn region(name: &'static str, geography: &'static str, zone: Option<Zone>) -> Region {
    Region { name, geography, zone }
}

const EU: Option<Zone> = Some(Zone::Eu);
const US: Option<Zone> = Some(Zone::Us);
const APAC: Option<Zone> = Some(Zone::Apac);
const GOV: Option<Zone> = Some(Zone::UsGov);

/// Every region of the public, government and China clouds.
///
/// The geographies page lists the public cloud. The Jio, Sweden South, government and China regions are not on it; their names
/// and geographies are general knowledge, not read from a dated page.
/// `switzerlandwest` is in the EU zone by inference; the five APAC members come from a third-party list of 2026-09-03.
pub const REGIONS: &[Region] = &[
    region("australiacentral", "australia", None),
    region("australiacentral2", "australia", None),
    region("australiaeast", "australia", APAC),
    region("australiasoutheast", "australia", None),
    region("austriaeast", "austria", None),
    region("belgiumcentral", "belgium", None),
    region("brazilsouth", "brazil", None),
    region("brazilsoutheast", "brazil", None),
    region("canadacentral", "canada", None),
    region("canadaeast", "canada", None),
    region("centralindia", "india", None),
    region("centralus", "unitedstates", US),
    region("chilecentral", "chile", None),
    region("chinaeast", "china", None),
    region("chinaeast2", "china", None),
    region("chinaeast3", "china", None),
    region("chinanorth", "china", None),
    region("chinanorth2", "china", None),
    region("chinanorth3", "china", None),
    region("denmarkeast", "denmark", None),
    region("eastasia", "asiapacific", None),
    region("eastus", "unitedstates", US),
    region("eastus2", "unitedstates", US),
    region("francecentral", "france", EU),
    region("francesouth", "france", None),
    region("germanynorth", "germany", None),
    region("germanywestcentral", "germany", EU),
    region("indonesiacentral", "indonesia", None),
    region("israelcentral", "israel", None),
    region("italynorth", "italy", EU),
    region("japaneast", "japan", APAC),
    region("japanwest", "japan", None),
    region("jioindiacentral", "india", None),
    region("jioindiawest", "india", None),
    region("koreacentral", "korea", APAC),
    region("koreasouth", "korea", None),
    region("malaysiawest", "malaysia", None),
    region("mexicocentral", "mexico", None),
    region("newzealandnorth", "newzealand", None),
    region("northcentralus", "unitedstates", US),
    region("northeurope", "europe", None),
    region("norwayeast", "norway", EU),
    region("norwaywest", "norway", None),
    region("polandcentral", "poland", EU),
    region("qatarcentral", "qatar", None),
    region("southafricanorth", "southafrica", None),
    region("southafricawest", "southafrica", None),
    region("southcentralus", "unitedstates", US),
    region("southeastasia", "asiapacific", APAC),
    region("southindia", "india", APAC),
    region("spaincentral", "spain", EU),
    region("swedencentral", "sweden", EU),
    region("swedensouth", "sweden", None),
    region("switzerlandnorth", "switzerland", EU),
    region("switzerlandwest", "switzerland", EU),
    region("uaecentral", "uae", None),
    region("uaenorth", "uae", None),
    region("uksouth", "unitedkingdom", None),
    region("ukwest", "unitedkingdom", None),
    region("usdodcentral", "usgov", None),
    region("usdodeast", "usgov", None),
    region("usgovarizona", "usgov", GOV),
    region("usgovtexas", "usgov", None),
    region("usgovvirginia", "usgov", GOV),
    region("westcentralus", "unitedstates", US),
    region("westeurope", "europe", EU),
    region("westindia", "india", None),
    region("westus", "unitedstates", US),
    region("westus2", "unitedstates", US),
    region("westus3", "unitedstates", US),
];

/// Geographies of [`REGIONS`] in the European Economic Area, which Switzerland and the United Kingdom are not part of. The
/// geography `europe` is Ireland (northeurope) and the Netherlands (westeurope).
const EEA: [&str; 13] = [
    "austria", "belgium", "denmark", "europe", "finland", "france", "germany", "greece", "italy", "norway", "poland",
    "spain", "sweden",
];

/// Whether a location is in the European Economic Area; `None` when it is no known region.
pub fn in_eea(location: &str) -> Option<bool> {
    find(location).map(|region| EEA.contains(&region.geography))
}

/// Programmatic form of a location: ARM returns `swedencentral` and sometimes `Sweden Central`.
pub fn normalise(location: &str) -> String {
    location.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The region of a location in either spelling.
pub fn find(location: &str) -> Option<&'static Region> {
    let name = normalise(location);
    REGIONS.iter().find(|region| region.name == name)
}

/// Regions that a word of `--allow-location` stands for: a region, a geography, or `zone:eu` and the like. Empty when the word
/// is not known.
pub fn expand(word: &str) -> Vec<&'static str> {
    let word = normalise(word);
    let zone = word.strip_prefix("zone:");
    REGIONS
        .iter()
        .filter(|region| match zone {
            Some(zone) => region.zone.is_some_and(|own| own.as_str() == zone),
            None => region.name == word || region.geography == word,
        })
        .map(|region| region.name)
        .collect()
}

/// Every word [`expand`] knows, for suggestions.
pub fn words() -> Vec<String> {
    let mut words: Vec<String> =
        REGIONS.iter().flat_map(|region| [region.name, region.geography]).map(str::to_owned).collect();
    words.extend(Zone::ALL.iter().map(|zone| format!("zone:{}", zone.as_str())));
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_sorted_and_normal() {
        assert!(REGIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(REGIONS.iter().all(|region| normalise(region.name) == region.name));
    }

    #[test]
    fn the_economic_area_is_not_the_data_zone() {
        assert_eq!(in_eea("Norway East"), Some(true));
        assert_eq!(in_eea("northeurope"), Some(true));
        assert_eq!(in_eea("switzerlandnorth"), Some(false));
        assert_eq!(in_eea("uksouth"), Some(false));
        assert_eq!(in_eea("atlantis"), None);
    }

    #[test]
    fn a_word_is_a_region_a_geography_or_a_zone() {
        assert_eq!(expand("Sweden Central"), ["swedencentral"]);
        assert_eq!(expand("germany"), ["germanynorth", "germanywestcentral"]);
        assert!(expand("zone:eu").contains(&"norwayeast"));
        assert!(expand("zone:mars").is_empty() && expand("swedncentral").is_empty());
    }
}
