//! Which texts of remote answers may become a part of a URL.

/// Whether `segment` stays one path segment whoever reads the URL: no traversal, no separators, no escapes.
pub(super) fn is_plain(segment: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | '?' | '#' | '%');
    !segment.is_empty() && segment.len() <= 260 && !matches!(segment, "." | "..") && !segment.contains(odd)
}

/// Whether `id` can name a resource: absolute and made of plain segments. Ids come from remote answers.
pub fn is_resource_id(id: &str) -> bool {
    id.len() <= 2048 && id.strip_prefix('/').is_some_and(|path| path.split('/').all(is_plain))
}
