//! Runs the real binary in a hermetic environment and fails on an exit code nobody expected.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::emulator::Emulator;

/// What a run printed.
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// The JSON report on stdout.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }
}

/// One run of `zdr-check`.
pub(crate) struct Run {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    expected: i32,
    folder: Option<PathBuf>,
}

/// A run that is expected to exit with 0.
pub(crate) fn zdr_check<S: AsRef<str>>(arguments: impl IntoIterator<Item = S>) -> Run {
    let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
    Run { arguments, environment: Vec::new(), expected: 0, folder: None }
}

/// `zdr-check scan` against an emulator, signed in with its managed identity, JSON on stdout.
pub(crate) fn scan<S: AsRef<str>>(emulator: &Emulator, arguments: impl IntoIterator<Item = S>) -> Run {
    let endpoint = emulator.endpoint();
    zdr_check(["scan", "--arm-endpoint", &endpoint, "--credential", "managed-identity", "--format", "json"])
        .args(arguments)
        .at(emulator)
}

impl Run {
    /// More arguments.
    pub(crate) fn args<S: AsRef<str>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// One more variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The identity endpoint and the certificate authority of an emulator.
    pub(crate) fn at(mut self, emulator: &Emulator) -> Self {
        self.environment.extend(emulator.environment());
        self
    }

    /// Runs in another working directory.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Expects another exit code than 0.
    pub(crate) fn exits(mut self, code: i32) -> Self {
        self.expected = code;
        self
    }

    /// Starts without waiting, for a test that interrupts it.
    pub(crate) fn spawn(self) -> std::process::Child {
        let home = std::env::temp_dir();
        self.command(&home).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn command(&self, home: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zdr-check"));
        // Nothing of the machine leaks in: no Azure, CI, proxy or terminal variables, no Azure CLI profile, no `az` on the path.
        command.env_clear().env("HOME", home).env("PATH", home).env("LANG", "C.UTF-8").env("COLUMNS", "200");
        // The metadata address must never be asked from a test: point it at a closed port unless an emulator says otherwise.
        command.env("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command.args(&self.arguments);
        command
    }

    /// Runs, and fails when the exit code is not the expected one.
    pub(crate) fn run(self) -> Output {
        let home = tempfile::tempdir().unwrap();
        let output = self.command(home.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let got = output.status.code();
        assert_eq!(got, Some(self.expected), "zdr-check {:?}\n{stdout}\n{stderr}", self.arguments);
        Output { stdout, stderr }
    }
}

/// A file below `fixtures/`.
pub(crate) fn fixture(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

/// A JSON file below `fixtures/`.
pub(crate) fn json(path: &str) -> Value {
    let path = fixture(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
