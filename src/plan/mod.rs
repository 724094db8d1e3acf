//! Infrastructure code before it is deployed: Terraform plans, ARM templates (and compiled Bicep) and what-if output become the
//! same snapshot a scan reads, so that the same rules judge them.
//!
//! A plan says less than Azure. What it cannot say is [`Cause::NotKnownAtPlan`](crate::snapshot::Cause::NotKnownAtPlan), with the
//! reason, and never a pass.

mod arm;
mod estate;
mod gateways;
mod node;
mod parse;
mod resource;
mod source;
mod terraform;
mod what_if;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use self::arm::{Limits, Site};
use self::estate::Maker;
use self::node::{Node, Pos};
use self::resource::Found;
use self::source::{Kind, LARGEST, Source};
use crate::snapshot::{Citation, Cloud, Evidence, Location, Operation, Principal, Requests, Snapshot, last_segment};

/// Evaluations that all templates of a run take, at most.
const STEPS: usize = 20_000_000;
/// Files of a run, at most.
const MOST_FILES: usize = 10_000;
/// Folders inside folders, at most.
const DEEPEST: usize = 40;

/// Why there is no plan to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether what was given is of the wrong kind; otherwise it could not be read.
    pub usage: bool,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Problem {
    fn kind(message: String, help: &str) -> Self {
        Self { usage: true, message, help: help.to_owned() }
    }

    fn unreadable(message: String, help: &str) -> Self {
        Self { usage: false, message, help: help.to_owned() }
    }
}

/// What was given on the command line.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files, folders, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// Parameter files for the templates among them; a later one wins.
    pub parameters: Vec<PathBuf>,
    /// Subscription it will be deployed to, when known.
    pub subscription: Option<String>,
    /// Resource group it will be deployed to, when known.
    pub group: Option<String>,
    /// Location of that group, when known.
    pub location: Option<String>,
    /// The cloud.
    pub cloud: Cloud,
    /// Now.
    pub at: Timestamp,
}

/// A plan that was read.
#[derive(Debug)]
pub struct Plan {
    /// What rules judge.
    pub snapshot: Snapshot,
    /// Resources of any type that the files hold.
    pub resources: usize,
    /// Parts that could not be looked at, in one line each.
    pub gaps: Vec<String>,
    /// Accounts that will be deleted, and whether another takes the place.
    pub losses: Vec<(String, bool)>,
    places: BTreeMap<String, (Node, Pos, Option<String>)>,
    sources: Vec<Source>,
}

impl Plan {
    /// Where the plan says what a result rests on: the property it cites first, or else the resource.
    pub fn locate(&self, resource: &str, evidence: &[Citation]) -> Option<Location> {
        let key = resource.to_ascii_lowercase();
        let (body, at, address) = self.places.get(&key)?;
        // What a result about an account cites can stand in a connection or a deployment of it.
        let is_account = last_segment(key.trim_end_matches(last_segment(&key))) == "accounts";
        for own in evidence {
            if is_account && own.operation != Operation::AccountsGet {
                let below = format!("{key}/");
                let mut children = self.places.range(below.clone()..).take_while(|(id, _)| id.starts_with(&below));
                if let Some((_, (body, _, address))) = children.find(|(_, (body, ..))| holds(body, own)) {
                    return source::location(&self.sources, body.find(&own.pointer).0, address.clone());
                }
                // Or in a gateway in front of it.
                let mut elsewhere = self.places.iter().filter(|(id, _)| resource::below_gateway(id).is_some());
                if let Some((_, (body, _, address))) = elsewhere.find(|(_, (body, ..))| holds(body, own)) {
                    return source::location(&self.sources, body.find(&own.pointer).0, address.clone());
                }
                continue;
            }
            let (at, steps) = body.find(&own.pointer);
            if steps > 0 {
                return source::location(&self.sources, at, address.clone());
            }
        }
        source::location(&self.sources, *at, address.clone())
    }
}

/// Whether a resource says what a result cites.
fn holds(body: &Node, cited: &Citation) -> bool {
    let said = body.at_pointer(&cited.pointer).and_then(|own| own.to_value(&mut 1000));
    // Rules cite a number as they read it: 1024 and 1024.0 are one.
    let number = |value: &serde_json::Value| value.as_f64();
    let same_number = said.as_ref().and_then(number).is_some_and(|own| number(&cited.value) == Some(own));
    !cited.value.is_null() && (said.as_ref() == Some(&cited.value) || same_number)
}

/// Reads everything that was asked for.
///
/// # Errors
/// [`Problem`] for the first file that cannot be read or is of the wrong kind.
pub fn read(request: &Request) -> Result<Plan, Problem> {
    let mut reader = Reader { sources: Vec::new(), documents: Vec::new(), hash: Sha256::new() };
    let mut given = HashMap::new();
    for path in &request.parameters {
        let (kind, node) = reader.file(path, bytes(path)?)?;
        if kind != Kind::Parameters {
            let message = format!("--parameters: {} is no parameter file", path.display());
            return Err(Problem::kind(message, "Give a file with the deploymentParameters schema."));
        }
        given.extend(arm::parameters(&node));
    }
    for path in &request.paths {
        reader.path(path)?;
    }
    let site = Site {
        subscription: request.subscription.clone(),
        group: request.group.clone(),
        location: request.location.clone(),
    };
    let limits = Limits::new(STEPS);
    let mut found = Found::default();
    for (kind, node) in &reader.documents {
        match kind {
            Kind::Template => arm::read(node, given.clone(), site.clone(), &limits, &mut found),
            Kind::Terraform => terraform::read(node, &site, &mut found),
            Kind::WhatIf => what_if::read(node, &mut found),
            Kind::Parameters => {}
        }
    }
    if found.overflow || limits.exhausted() {
        let message = "the plan is larger than can be judged: too many AI resources, or expressions that take too long";
        return Err(Problem::unreadable(message.to_owned(), "Give its parts as plans of their own."));
    }
    Ok(reader.plan(request, found))
}

struct Reader {
    sources: Vec<Source>,
    documents: Vec<(Kind, Node)>,
    hash: Sha256,
}

impl Reader {
    /// A file, a folder or standard input.
    fn path(&mut self, path: &Path) -> Result<(), Problem> {
        if path.is_dir() {
            let before = self.documents.len();
            self.folder(path, 0)?;
            if self.documents.len() == before {
                let message = format!("{} holds no plan and no template", path.display());
                let help = "Looked for .json files that are Terraform plans, ARM templates or what-if output; compile Bicep first.";
                return Err(Problem::unreadable(message, help));
            }
            return Ok(());
        }
        let document = self.file(path, bytes(path)?)?;
        if document.0 == Kind::Parameters {
            let message = format!("{} is a parameter file", path.display());
            return Err(Problem::kind(message, "Give the template, and this file with --parameters."));
        }
        self.documents.push(document);
        Ok(())
    }

    fn file(&mut self, path: &Path, bytes: Vec<u8>) -> Result<(Kind, Node), Problem> {
        self.hash.update(&bytes);
        let source = Source::new(&path.to_string_lossy(), bytes)?;
        self.keep(source)
    }

    fn keep(&mut self, source: Source) -> Result<(Kind, Node), Problem> {
        let number = u16::try_from(self.sources.len()).ok().filter(|_| self.sources.len() < MOST_FILES);
        let number = number.ok_or_else(|| {
            Problem::unreadable(
                format!("there are more than {MOST_FILES} files"),
                "Give fewer files or a smaller folder.",
            )
        })?;
        let read = source.read(number);
        self.sources.push(source);
        read
    }

    /// The plans and templates in a folder, in order; anything else in there is left alone.
    fn folder(&mut self, folder: &Path, depth: usize) -> Result<(), Problem> {
        let unreadable = |error: io::Error| {
            let message = format!("cannot read {}: {error}", folder.display());
            Problem::unreadable(message, "Check the path and its permissions.")
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            paths.push(entry.map_err(unreadable)?.path());
        }
        paths.sort();
        for path in paths {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden || path.is_symlink() {
                continue;
            }
            if path.is_dir() && depth < DEEPEST {
                self.folder(&path, depth + 1)?;
            } else if path.extension().is_some_and(|own| own.eq_ignore_ascii_case("json")) {
                let bytes = bytes(&path)?;
                // What is no text is no plan either.
                let source = Source::new(&path.to_string_lossy(), bytes).ok().filter(Source::may_be_plan);
                if let Some(source) = source {
                    self.hash.update(source.text());
                    let document = self.keep(source)?;
                    self.documents.push(document);
                }
            }
        }
        Ok(())
    }

    fn plan(self, request: &Request, found: Found) -> Plan {
        let sha256 = crate::snapshot::hex(&self.hash.finalize());
        let names: Vec<String> = request.paths.iter().map(|path| path.display().to_string()).collect();
        let maker = Maker { at: request.at, url: format!("{}{}", Evidence::PLAN, names.join(",")), sha256 };
        let snapshot = Snapshot {
            source: crate::snapshot::Source::Plan,
            cloud: request.cloud,
            scopes: names.iter().map(|name| format!("plan {name}")).collect(),
            principal: Principal::default(),
            started_at: request.at,
            resumed_at: None,
            finished_at: request.at,
            interrupted: None,
            requests: Requests::default(),
            reach: crate::snapshot::Reach::default(),
            subscriptions: maker.subscriptions(&found),
        };
        let gap = |gap: &resource::Gap| match source::location(&self.sources, gap.at, None) {
            Some(place) => format!("{}:{}: {}", place.path, place.line, gap.what),
            None => gap.what.clone(),
        };
        Plan {
            snapshot,
            resources: found.seen,
            gaps: found.gaps.iter().map(gap).collect(),
            losses: found.losses.into_iter().map(|loss| (loss.name, loss.replaced)).collect(),
            places: (found.resources.into_iter())
                .map(|own| (own.id.to_ascii_lowercase(), (own.body, own.at, own.address)))
                .collect(),
            sources: self.sources,
        }
    }
}

/// The bytes of a file or of standard input, up to the cap.
fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let name = path.display();
    let unreadable = |error: io::Error| {
        Problem::unreadable(format!("cannot read {name}: {error}"), "Check the path and its permissions.")
    };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        fs::File::open(path).map_err(unreadable)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > LARGEST {
        let message = format!("{name} is larger than {} MiB", LARGEST / 1024 / 1024);
        return Err(Problem::unreadable(message, "Plan fewer resources at a time."));
    }
    Ok(bytes)
}
