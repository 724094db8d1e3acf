//! An answer before it is put on the wire, and errors in the shapes ARM uses.

use std::time::Duration;

use serde_json::{Value, json};

/// What a body is made of. JSON stays a value until the end so that faults can change it.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Json(Value),
    Bytes(String, Vec<u8>),
}

/// Status, extra headers and content.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// How long the client was told to wait, when a `retry-after` header says so.
    pub(crate) wait: Option<Duration>,
    pub(crate) content: Content,
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), wait: None, content: Content::Json(body) }
    }

    pub(crate) fn bytes(status: u16, content_type: &str, body: &[u8]) -> Self {
        Self {
            status,
            headers: Vec::new(),
            wait: None,
            content: Content::Bytes(content_type.to_owned(), body.to_vec()),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Tells the client to come back after whole seconds.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.wait = Some(Duration::from_secs(seconds));
        self.header("retry-after", &seconds.to_string())
    }

    /// The body as bytes, and its content type.
    pub(crate) fn body(&self) -> (String, Vec<u8>) {
        match &self.content {
            Content::Json(value) => ("application/json; charset=utf-8".to_owned(), value.to_string().into_bytes()),
            Content::Bytes(kind, bytes) => (kind.clone(), bytes.clone()),
        }
    }
}

/// An ARM error.
#[derive(Debug, Clone)]
pub(crate) struct ArmError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// Seconds; a 429 always carries one.
    pub(crate) retry_after: Option<u64>,
}

impl ArmError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), retry_after: None }
    }

    /// The error with the usual code and words of its status; `action` and `scope` are what was asked.
    pub(crate) fn usual(status: u16, action: &str, scope: &str) -> Self {
        let (code, message) = match status {
            400 => ("BadRequest", "The request was not understood.".to_owned()),
            401 => ("InvalidAuthenticationToken", "The access token is invalid.".to_owned()),
            403 => (
                "AuthorizationFailed",
                format!(
                    "The client with object id '{}' does not have authorization to perform action '{action}' over scope '{scope}'.",
                    super::identity::OBJECT_ID
                ),
            ),
            404 => ("ResourceNotFound", format!("The resource '{scope}' was not found.")),
            409 => (
                "MissingSubscriptionRegistration",
                "The subscription is not registered to use namespace 'Microsoft.CognitiveServices'.".to_owned(),
            ),
            429 => ("TooManyRequests", "Too many requests; try again later.".to_owned()),
            502 => ("BadGateway", "The provider did not answer well.".to_owned()),
            503 => ("ServiceUnavailable", "The service is not available now.".to_owned()),
            504 => ("GatewayTimeout", "The provider did not answer in time.".to_owned()),
            _ => ("InternalServerError", "The request failed inside the service.".to_owned()),
        };
        Self::new(status, code, message)
    }

    /// The error a described `FAULT` stands for.
    pub(crate) fn described(fault: &Value, action: &str, scope: &str) -> Self {
        let status = fault["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(500);
        let usual = Self::usual(status, action, scope);
        let text = |name: &str| fault.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            code: text("code").unwrap_or_else(|| usual.code.clone()),
            message: text("message").unwrap_or_else(|| usual.message.clone()),
            ..usual
        }
    }

    /// As an answer, with or without the `error` envelope.
    pub(crate) fn answer(self, flat: bool) -> Answer {
        let inner = json!({ "code": self.code, "message": self.message });
        let answer = Answer::json(self.status, if flat { inner } else { json!({ "error": inner }) });
        if self.status == 429 { answer.retry_after(self.retry_after.unwrap_or(1)) } else { answer }
    }
}
