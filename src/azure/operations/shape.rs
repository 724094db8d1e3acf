//! The shape of ARM ids. They come from remote answers, and become URLs.

/// Stands in a template for nothing, a subscription or a management group.
pub(super) const SCOPE: &str = "{scope}";

/// Whether `id` has the shape of `template`: fixed segments in any casing, names in braces are one plain segment.
pub(super) fn fits(id: &str, template: &str) -> bool {
    let mut got = id.split('/');
    let fits = template.split('/').all(|want| {
        got.next().is_some_and(
            |part| {
                if want.starts_with('{') { is_plain(part) } else { part.eq_ignore_ascii_case(want) }
            },
        )
    });
    fits && got.next().is_none()
}

/// Whether `segment` stays one path segment whoever reads the URL: no traversal, no separators, no escapes.
fn is_plain(segment: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | '?' | '#' | '%');
    !segment.is_empty() && segment.len() <= 260 && !matches!(segment, "." | "..") && !segment.contains(odd)
}

/// Whether `id` can name a resource: absolute and made of plain segments. Ids come from remote answers.
pub fn is_resource_id(id: &str) -> bool {
    id.len() <= 2048 && id.strip_prefix('/').is_some_and(|path| path.split('/').all(is_plain))
}
