//! Turns an error of a credential into one line that can be shown: the cause, not the layers around it, and no secret.

use azure_core::error::{Error, ErrorKind};

use crate::azure::environment::Environment;
use crate::azure::secrets;

/// Start of every reason that is about the network.
pub(super) const UNREACHABLE: &str = "cannot reach";

/// Variables whose values must never be shown.
const SECRET_VARIABLES: [&str; 5] = [
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "IDENTITY_HEADER",
    "SYSTEM_ACCESSTOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

/// Shorter values are not secrets, and masking them would mask ordinary words.
const SHORTEST_SECRET: usize = 5;

/// Longer unbroken runs of token characters are masked whatever they are. A GUID has 36.
const LONGEST_WORD: usize = 39;

/// Masks the secrets of this run in texts that come from elsewhere.
#[derive(Clone, Default)]
pub(super) struct Redactor(Vec<String>);

impl Redactor {
    /// Knows the secrets of `environment`, as they are and as a form body carries them.
    pub(super) fn of(environment: &Environment) -> Self {
        let values = SECRET_VARIABLES.into_iter().filter_map(|name| environment.get(name));
        let secrets = values.filter(|value| value.len() >= SHORTEST_SECRET);
        let spellings = |secret: &str| {
            let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            [secret.to_owned(), encoded]
        };
        Self(secrets.flat_map(spellings).collect())
    }

    /// One short line: no secrets, nothing that looks like a token, no control characters.
    pub(super) fn line(&self, text: &str) -> String {
        secrets::line(text, self.0.iter().map(String::as_str), LONGEST_WORD)
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(***)")
    }
}

/// The cause of a failed token request. Not yet masked: [`Redactor::line`] does that.
pub(super) fn describe(error: &Error) -> String {
    let mut cause: &Error = error;
    let mut link = Some(error as &(dyn std::error::Error + 'static));
    while let Some(current) = link {
        if let Some(http) = current.downcast_ref::<reqwest::Error>() {
            return unreachable(http);
        }
        if current.is::<serde_json::Error>() {
            // Its text can quote the answer, which may hold a token.
            return "the answer is not the JSON that a token endpoint gives".to_owned();
        }
        cause = current.downcast_ref().unwrap_or(cause);
        link = current.source();
    }
    match cause.kind() {
        ErrorKind::HttpResponse { status, .. } => format!("HTTP {}: {cause}", u16::from(*status)),
        ErrorKind::DataConversion
        | ErrorKind::Connection
        | ErrorKind::Io
        | ErrorKind::Credential
        | ErrorKind::Other => {
            let text = cause.to_string();
            let text = text.split("To troubleshoot, visit").next().unwrap_or_default();
            if text.trim().is_empty() { "it gave no reason".to_owned() } else { text.to_owned() }
        }
    }
}

fn unreachable(error: &reqwest::Error) -> String {
    let host = error.url().and_then(url::Url::host_str).unwrap_or("the host");
    if error.is_timeout() {
        return format!("{UNREACHABLE} {host}: no answer in time");
    }
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let why = deepest.to_string();
    let hint = if why.contains("certificate") {
        " (behind a proxy that inspects TLS, name its root with --ca-file or SSL_CERT_FILE)"
    } else {
        ""
    };
    format!("{UNREACHABLE} {host}: {why}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_short_and_has_no_secret_and_no_escape() {
        let environment = Environment::from([("AZURE_CLIENT_SECRET", "p&ss~w0rd"), ("IDENTITY_HEADER", "ab")]);
        let redactor = Redactor::of(&environment);
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        let line = redactor.line(&format!("no\r\n\u{1b}[31m p&ss~w0rd p%26ss%7Ew0rd {jwt} abel \u{202e}x"));
        assert_eq!(line, "no [31m *** *** *** abel x");
        assert_eq!(redactor.line("7b795fb9-09d3-42f4-a494-38864f99ba3c"), "7b795fb9-09d3-42f4-a494-38864f99ba3c");
        assert_eq!(format!("{redactor:?}"), "Redactor(***)");
    }

    #[test]
    fn the_cause_is_found_below_its_wrappers() {
        let root = Error::with_message(ErrorKind::Credential, "the cause");
        let error = Error::with_error(ErrorKind::Credential, root.with_context("layer"), "XCredential failed. layer");
        assert_eq!(describe(&error), "the cause");
    }
}
