//! Where in a file something was read.

use serde::{Deserialize, Serialize};

/// A place in a file of a deployment plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Path as it was given on the command line; `-` for standard input.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in UTF-16 units, from 1.
    pub column: usize,
    /// Terraform's address of the resource, or its name in the template.
    pub address: Option<String>,
}
