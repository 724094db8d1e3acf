//! Files of a plan: their text, what kind they are, and where in them a byte is.

use super::node::{Node, Pos};
use super::parse::{SyntaxError, parse};
use super::{Problem, terraform};

/// Bytes of one file, at most.
pub(super) const LARGEST: u64 = 256 * 1024 * 1024;

/// One file.
#[derive(Debug)]
pub(super) struct Source {
    /// As it was given; `-` for standard input.
    pub(super) path: String,
    text: String,
    /// First byte of each line.
    lines: Vec<u32>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Template,
    Parameters,
    Terraform,
    WhatIf,
}

impl Source {
    /// Decodes a file.
    pub(super) fn new(path: &str, bytes: Vec<u8>) -> Result<Self, Problem> {
        if bytes.starts_with(b"PK\x03\x04") {
            return Err(Problem::kind(
                format!("{path} is a binary plan of Terraform"),
                "Turn it into JSON: terraform show -json FILE > plan.json",
            ));
        }
        let text = decoded(bytes).ok_or_else(|| {
            Problem::unreadable(format!("{path} is not text"), "Give a plan or a template as JSON in UTF-8.")
        })?;
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = breaks.filter_map(|(at, _)| u32::try_from(at + 1).ok());
        let lines = std::iter::once(0).chain(starts).collect();
        Ok(Self { path: path.to_owned(), text, lines })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, from 1, the column in UTF-16 units.
    pub(super) fn place(&self, byte: u32) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines.get(line - 1).map_or(0, |start| *start as usize);
        let before = self.text.get(start..byte as usize).unwrap_or_default();
        (line, before.encode_utf16().count() + 1)
    }

    /// Reads the text and tells what it is.
    pub(super) fn read(&self, number: u16) -> Result<(Kind, Node), Problem> {
        let node = parse(&self.text, number, &terraform::SKIPPED).map_err(|error| self.no_json(&error))?;
        let kind = self.kind(&node)?;
        Ok((kind, node))
    }

    fn no_json(&self, error: &SyntaxError) -> Problem {
        let path = &self.path;
        let head: String = self.text.chars().take(20_000).collect();
        if has_line(&head, &["{\"@level\""]) {
            return Problem::kind(
                format!("{path} is the log of a Terraform run in JSON, not a plan"),
                "Save the plan and show it: terraform plan -out FILE, then terraform show -json FILE > plan.json",
            );
        }
        let hcl = [
            "resource \"",
            "provider \"",
            "variable \"",
            "module \"",
            "data \"",
            "terraform {",
            "locals {",
            "output \"",
        ];
        if ends_with(path, &[".tf", ".tfvars", ".hcl"]) || has_line(&head, &hcl) {
            return Problem::kind(
                format!("{path} is Terraform source, which only Terraform can evaluate"),
                "Plan it and show the plan: terraform plan -out FILE, then terraform show -json FILE > plan.json",
            );
        }
        let bicep = ["targetScope =", "@description(", "@secure()", "param ", "using '", "metadata description"];
        if ends_with(path, &[".bicep", ".bicepparam"]) || has_line(&head, &bicep) {
            return Problem::kind(
                format!("{path} is Bicep source"),
                "Compile it: az bicep build --file FILE (for parameters: az bicep build-params --file FILE)",
            );
        }
        let (line, column) = self.place(u32::try_from(error.byte).unwrap_or(u32::MAX));
        Problem::unreadable(
            format!("{path}:{line}:{column}: this is no JSON: {}", error.what),
            "Give a Terraform plan (terraform show -json), an ARM template, or the output of what-if.",
        )
    }

    fn kind(&self, node: &Node) -> Result<Kind, Problem> {
        let path = &self.path;
        let schema = node.text_of("$schema").unwrap_or_default().to_ascii_lowercase();
        if let Some(version) = node.get("format_version") {
            let major = version.as_text().and_then(|own| own.split('.').next()?.parse::<u32>().ok());
            if !matches!(major, Some(0 | 1)) {
                let help = "Update zdr-check, or make the plan with a Terraform of version 1.";
                return Err(Problem::kind(format!("{path} is a plan of a format that is newer than 1"), help));
            }
            if node.get("resource_changes").is_some() || node.get("planned_values").is_some() {
                return Ok(Kind::Terraform);
            }
            let help = "Give the plan: terraform plan -out FILE, then terraform show -json FILE > plan.json";
            let what =
                if node.get("values").is_some() { "a state of Terraform, not a plan" } else { "no plan of Terraform" };
            return Err(Problem::kind(format!("{path} is {what}"), help));
        }
        if schema.contains("parameters.json") {
            return Ok(Kind::Parameters);
        }
        if schema.contains("deploymenttemplate.json")
            || (node.get("resources").is_some() && node.get("contentVersion").is_some())
        {
            return Ok(Kind::Template);
        }
        if node.get("changes").or_else(|| node.path(&["properties", "changes"])).is_some() {
            return Ok(Kind::WhatIf);
        }
        Err(Problem::kind(
            format!(
                "{path} is JSON, but no plan: it has no format_version, no deploymentTemplate schema and no changes"
            ),
            "Give a Terraform plan (terraform show -json), an ARM template (az bicep build), or the output of what-if.",
        ))
    }

    /// Whether a file found in a folder is worth reading: anything may be in there.
    pub(super) fn may_be_plan(&self) -> bool {
        let head: String = self.text.chars().take(4000).collect();
        ["deploymenttemplate.json", "format_version", "\"changes\""]
            .iter()
            .any(|word| head.to_ascii_lowercase().contains(word))
    }
}

/// A place, from 1.
pub(super) fn location(sources: &[Source], at: Pos, address: Option<String>) -> Option<crate::snapshot::Location> {
    let source = sources.get(usize::from(at.file))?;
    let (line, column) = source.place(at.byte);
    Some(crate::snapshot::Location { path: source.path.clone(), line, column, address })
}

/// Text from UTF-8 or, as Windows PowerShell redirects it, UTF-16 with its mark.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

fn has_line(text: &str, starts: &[&str]) -> bool {
    text.lines().any(|line| starts.iter().any(|start| line.trim_start().starts_with(start)))
}

fn ends_with(path: &str, ends: &[&str]) -> bool {
    let path = path.to_ascii_lowercase();
    ends.iter().any(|end| path.ends_with(end))
}
