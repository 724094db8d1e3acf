//! The body of a page: bounded in size and time, and decoded by the character set it names.

use std::time::Duration;

use encoding_rs::{Encoding, UTF_8};
use reqwest::Response;

use super::Unread;

/// How far into a page a character set may be named.
const HEAD: usize = 1024;

/// Whether a content type is that of HTML.
pub(super) fn is_html(kind: &str) -> bool {
    matches!(essence(kind).as_str(), "text/html" | "application/xhtml+xml")
}

/// Whether a content type is that of plain text. None at all is taken for text.
pub(super) fn is_text(kind: &str) -> bool {
    let essence = essence(kind);
    essence.is_empty() || essence.starts_with("text/") || essence == "application/json" || essence == "application/yaml"
}

fn essence(kind: &str) -> String {
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads the whole body.
///
/// # Errors
/// When it is larger than `largest` bytes, too slow or broken.
pub(super) async fn read(response: Response, largest: usize, timeout: Duration) -> Result<Vec<u8>, Unread> {
    if response.content_length().is_some_and(|length| length > largest as u64) {
        return Err(Unread::TooLarge(largest));
    }
    let bytes = read_up_to(response, largest + 1, timeout).await?;
    if bytes.len() > largest { Err(Unread::TooLarge(largest)) } else { Ok(bytes) }
}

/// Reads the body up to `most` bytes; what comes later is not read.
///
/// # Errors
/// When it is too slow or broken.
pub(super) async fn read_up_to(mut response: Response, most: usize, timeout: Duration) -> Result<Vec<u8>, Unread> {
    let reading = async {
        let mut bytes = Vec::new();
        while bytes.len() < most {
            let Some(chunk) = response.chunk().await.map_err(|error| transport(&error))? else { break };
            bytes.extend_from_slice(&chunk);
        }
        bytes.truncate(most);
        Ok(bytes)
    };
    tokio::time::timeout(timeout, reading).await.map_err(|_| Unread::Timeout)?
}

/// The innermost reason; the outer ones repeat the address.
pub(super) fn transport(error: &reqwest::Error) -> Unread {
    if error.is_timeout() {
        return Unread::Timeout;
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    Unread::Transport(cause.to_string())
}

/// Text of a page, in the character set that its content type names, else one that its beginning names, else UTF-8.
pub(super) fn decode(bytes: &[u8], kind: &str) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let named = charset(&kind.to_ascii_lowercase()).or_else(|| charset(&head)).unwrap_or(UTF_8);
    named.decode(bytes).0.into_owned()
}

fn charset(text: &str) -> Option<&'static Encoding> {
    let (_, rest) = text.split_once("charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label: String =
        rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_:.".contains(*letter)).collect();
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_character_set_decodes() {
        assert_eq!(decode(b"caf\xe9", "text/html; charset=ISO-8859-1"), "caf\u{e9}");
        let page = b"<html><meta charset='windows-1252'>\x93kept\x94";
        assert!(decode(page, "text/html").ends_with("\u{201c}kept\u{201d}"));
        assert_eq!(decode(b"caf\xe9 ok", "text/html"), "caf\u{fffd} ok");
        assert_eq!(decode("caf\u{e9}".as_bytes(), "text/html; charset=nonsense"), "caf\u{e9}");
    }

    #[test]
    fn only_text_is_read() {
        assert!(is_html("TEXT/HTML; charset=utf-8") && is_text("") && is_text("text/plain"));
        assert!(!is_text("application/pdf") && !is_html("application/pdf"));
    }
}
