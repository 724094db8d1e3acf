//! Which known word a text spells, or nearly does.

/// The nearest of `words`, when it is at most two letters away; case, spaces and hyphens do not count.
pub fn nearest<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = plain(text);
    let nearest = words.into_iter().map(|word| (distance(&text, &plain(word)), word)).min();
    nearest.filter(|(far, word)| *far <= 2 && word.len() > 3 * *far).map(|(_, word)| word)
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|own| own.to_ascii_lowercase()).collect()
}

/// Insertions, deletions and changes from one text to another.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, own) in from.bytes().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (place, other) in to.bytes().enumerate() {
            let changed = before + usize::from(own != other);
            before = row[place + 1];
            row[place + 1] = changed.min(row[place] + 1).min(before + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelling_is_near_one_word() {
        let words = ["GlobalStandard", "GlobalBatch", "Standard", "DataZoneBatch"];
        for (text, wanted) in [
            ("Global Standard", Some("GlobalStandard")),
            ("globalstandard", Some("GlobalStandard")),
            ("GlobalStandart", Some("GlobalStandard")),
            ("Data-Zone-Batch", Some("DataZoneBatch")),
            ("S0", None),
            ("Premium", None),
            ("", None),
        ] {
            assert_eq!(nearest(text, words), wanted, "{text}");
        }
    }
}
