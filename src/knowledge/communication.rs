//! Azure Communication Services: where a data location is, what its logs name, and how long it keeps what.

use std::collections::BTreeSet;

use super::Source;
use super::processing::{Pin, Placement};
use super::regions::{self, REGIONS, Zone};
use super::retention::Keeps;

/// Source of the data locations and of most clocks. The page carries no date; this is the day it was read.
pub const SOURCE: Source = Source {
    title: "Region availability and data residency of Communication Services",
    url: "https://learn.microsoft.com/azure/communication-services/concepts/privacy",
    date: "2026-11-22",
};

/// Source of which locations are in the EU Data Boundary.
pub const BOUNDARY_SOURCE: Source = Source {
    title: "European Union Data Boundary of Communication Services",
    url: "https://learn.microsoft.com/azure/communication-services/concepts/european-union-data-boundary",
    date: "2023-02-01",
};

/// Whether a data location is in a data zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zoned {
    /// It is in this one, and in no other.
    In(Zone),
    /// It may be in this one: no page says. It is in no other.
    Perhaps(Zone),
    /// It is in none.
    None,
}

/// One value of `dataLocation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataLocation {
    /// The word.
    pub word: &'static str,
    /// Azure geographies it is, or may be in.
    geographies: &'static [&'static str],
    /// Whether it is one country, and hence one geography.
    country: bool,
    zone: Zoned,
}

const fn country(word: &'static str, geography: &'static [&'static str], zone: Zoned) -> DataLocation {
    DataLocation { word, geographies: geography, country: true, zone }
}

const fn several(word: &'static str, geographies: &'static [&'static str], zone: Zoned) -> DataLocation {
    DataLocation { word, geographies, country: false, zone }
}

const EU: Zoned = Zoned::In(Zone::Eu);
const PERHAPS_APAC: Zoned = Zoned::Perhaps(Zone::Apac);

/// Every documented data location ([`SOURCE`]). In which countries those that name several have data centers is not documented:
/// they list every geography there. Norway and Switzerland are in the EU Data Boundary ([`BOUNDARY_SOURCE`]); whether `Europe` is
/// one of its "European countries/regions" that page does not say. No page lists the members of the APAC zone.
#[rustfmt::skip]
pub const DATA_LOCATIONS: &[DataLocation] = &[
    several("Africa", &["southafrica"], Zoned::None),
    several(
        "Asia Pacific", &["asiapacific", "australia", "india", "indonesia", "japan", "korea", "malaysia", "newzealand"], PERHAPS_APAC,
    ),
    country("Australia", &["australia"], PERHAPS_APAC),
    country("Brazil", &["brazil"], Zoned::None),
    country("Canada", &["canada"], Zoned::None),
    several(
        "Europe",
        &[
            "austria", "belgium", "denmark", "europe", "finland", "france", "germany", "greece", "italy", "norway", "poland",
            "spain", "sweden", "switzerland", "unitedkingdom",
        ],
        Zoned::Perhaps(Zone::Eu),
    ),
    country("France", &["france"], EU),
    country("Germany", &["germany"], EU),
    country("India", &["india"], PERHAPS_APAC),
    country("Japan", &["japan"], PERHAPS_APAC),
    country("Korea", &["korea"], PERHAPS_APAC),
    country("Norway", &["norway"], EU),
    country("Switzerland", &["switzerland"], EU),
    country("United Arab Emirates", &["uae"], Zoned::None),
    country("United Kingdom", &["unitedkingdom"], Zoned::None),
    country("United States", &["unitedstates"], Zoned::In(Zone::Us)),
];

/// The data location a word names, however it is spaced and cased: `az` and PowerShell also write `UnitedStates`.
pub fn data_location(word: &str) -> Option<&'static DataLocation> {
    let word = regions::normalise(word);
    DATA_LOCATIONS.iter().find(|own| regions::normalise(own.word) == word)
}

impl DataLocation {
    /// Whether data kept here is where policy wants it: in the boundary, and in the allowed locations where there are any.
    pub fn place(&self, pin: Pin, allowed: Option<&BTreeSet<String>>) -> Placement {
        let placements = [self.pinned(pin), allowed.map_or(Placement::Inside, |allowed| self.allowed(allowed))];
        let worst = [Placement::Outside, Placement::Undocumented, Placement::Contradictory];
        worst.into_iter().find(|own| placements.contains(own)).unwrap_or(Placement::Inside)
    }

    /// A data location is a geography, "not an Azure data center", so that no region can be promised.
    fn pinned(&self, pin: Pin) -> Placement {
        match (pin, self.zone) {
            (Pin::Any | Pin::Geography, _) => Placement::Inside,
            (Pin::Region, _) => Placement::Outside,
            (Pin::DataZone(wanted), Zoned::In(own)) if own == wanted => Placement::Inside,
            (Pin::DataZone(wanted), Zoned::Perhaps(own)) if own == wanted => Placement::Undocumented,
            (Pin::DataZone(_), Zoned::In(_) | Zoned::Perhaps(_) | Zoned::None) => Placement::Outside,
        }
    }

    /// The data center is "selected internally": every region of every geography must be allowed, or the whole zone it is in.
    fn allowed(&self, allowed: &BTreeSet<String>) -> Placement {
        let is = |name: &str| allowed.contains(name);
        let zone = match self.zone {
            Zoned::In(zone) => regions::expand(&format!("zone:{}", zone.as_str())),
            Zoned::Perhaps(_) | Zoned::None => Vec::new(),
        };
        let own =
            || REGIONS.iter().filter(|region| self.geographies.contains(&region.geography)).map(|region| region.name);
        if own().all(is) || (!zone.is_empty() && zone.into_iter().all(is)) {
            // A word for several countries may mean one that this program does not know.
            return if self.country { Placement::Inside } else { Placement::Undocumented };
        }
        if own().any(is) { Placement::Undocumented } else { Placement::Outside }
    }
}

/// Log categories that name people, each with what its rows hold (pages on logs, 2023-03-21 to 2023-06-01).
pub const NAMING_LOGS: &[(&str, &str)] = &[
    ("allLogs", "everything"),
    ("AuthOperational", "identities"),
    ("CallDiagnostics", "identities"),
    ("CallSummary", "identities"),
    ("ChatOperational", "user ids"),
    ("EmailStatusUpdateOperational", "e-mail addresses"),
    ("EmailUserEngagementOperational", "e-mail addresses"),
    ("SMSOperational", "phone numbers"),
];

/// Log categories whose documented columns are counts and ids of things (the same pages, and the reference of tables).
pub const COUNTING_LOGS: &[&str] = &["EmailSendMailOperational", "RoomsOperational"];

/// Something a resource may keep, whether or not anybody uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Store {
    /// Stable word for reports.
    pub store: &'static str,
    /// What is in it.
    pub holds: &'static str,
    /// How long.
    pub keeps: Keeps,
    /// What ends it sooner.
    pub end: &'static str,
}

/// What every resource may keep ([`SOURCE`]). SMS, voice and video are said not to be kept; e-mail bodies only while they are sent.
#[rustfmt::skip]
pub const STORES: &[Store] = &[
    Store {
        store: "communication-recordings", holds: "call recordings", keeps: Keeps::Hours(24),
        end: "Delete the recording with the Call Recording API. An older version of the page (2023-03-07) says 48 hours.",
    },
    Store {
        store: "communication-chat", holds: "chat threads and their messages", keeps: Keeps::UntilDeleted,
        end: "Delete the thread or the message with the Chat API, or create threads with a retention policy of 30 to 90 days (preview). An older version of the page (2023-03-07) says 90 days for all.",
    },
    Store {
        store: "communication-identities", holds: "identities and phone numbers", keeps: Keeps::UntilDeleted,
        end: "Delete the identity, which deletes its chat messages too; release the phone number.",
    },
    Store {
        store: "communication-senders", holds: "user names that e-mail is sent from", keeps: Keeps::UntilDeleted,
        end: "Delete the sender user name of the domain.",
    },
    Store {
        store: "communication-bounces", holds: "e-mail addresses that bounced", keeps: Keeps::NotDocumented,
        end: "Nothing a customer can do: they are kept for a time against abuse, and no page says for how long.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use Placement::{Inside as I, Outside as O, Undocumented as U};

    fn allow(words: &[&str]) -> BTreeSet<String> {
        words.iter().flat_map(|word| regions::expand(word)).map(str::to_owned).collect()
    }

    #[test]
    fn words_are_known_in_any_spelling_and_geographies_exist() {
        assert_eq!(data_location("united  STATES").map(|own| own.word), Some("United States"));
        assert_eq!(data_location("UnitedStates").map(|own| own.word), Some("United States"));
        assert!(data_location("Atlantis").is_none() && data_location("").is_none());
        assert!(DATA_LOCATIONS.windows(2).all(|pair| pair[0].word < pair[1].word));
        let known =
            |own: &str| matches!(own, "finland" | "greece") || REGIONS.iter().any(|region| region.geography == own);
        for own in DATA_LOCATIONS {
            assert!(own.geographies.iter().all(|own| known(own)), "{}", own.word);
        }
    }

    /// geography, region, datazone:eu, datazone:us, datazone:apac, any.
    #[test]
    fn a_data_location_is_never_a_region() {
        let pins = [
            Pin::Geography,
            Pin::Region,
            Pin::DataZone(Zone::Eu),
            Pin::DataZone(Zone::Us),
            Pin::DataZone(Zone::Apac),
            Pin::Any,
        ];
        for (word, expected) in [
            ("Germany", [I, O, I, O, O, I]),
            ("Switzerland", [I, O, I, O, O, I]),
            ("Europe", [I, O, U, O, O, I]),
            ("United Kingdom", [I, O, O, O, O, I]),
            ("United States", [I, O, O, I, O, I]),
            ("Japan", [I, O, O, O, U, I]),
            ("Africa", [I, O, O, O, O, I]),
        ] {
            assert_eq!(pins.map(|pin| data_location(word).unwrap().place(pin, None)), expected, "{word}");
        }
    }

    #[test]
    fn a_part_of_a_country_is_not_the_country() {
        for (word, words, expected) in [
            ("Germany", &["germany"][..], I),
            ("Germany", &["germanywestcentral"], U),
            ("Germany", &["sweden"], O),
            ("Germany", &["zone:eu"], I),
            ("Europe", &["zone:eu"], U),
            ("Europe", &["unitedstates"], O),
            ("Africa", &["southafrica"], U),
            ("United States", &["zone:us"], I),
        ] {
            let placed = data_location(word).unwrap().place(Pin::Geography, Some(&allow(words)));
            assert_eq!(placed, expected, "{word} in {words:?}");
        }
        let both = data_location("Germany").unwrap().place(Pin::DataZone(Zone::Us), Some(&allow(&["germany"])));
        assert_eq!(both, O, "the pin counts too");
    }
}
