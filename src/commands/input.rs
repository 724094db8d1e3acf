//! Opening a snapshot file: only regular files, compressed or not as their first bytes say.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _};
use std::path::Path;

use super::failure::Failure;
use crate::snapshot::journal::{self, Fault, Journal, JournalError, zst};
use crate::term::sanitise;

/// First bytes of a Zstandard frame.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A snapshot file.
#[derive(Debug)]
pub(super) struct SnapshotFile {
    pub(super) file: File,
    pub(super) compressed: bool,
}

impl SnapshotFile {
    /// Opens a file for reading. A link is followed; a pipe, device or folder is refused before it can block.
    ///
    /// # Errors
    /// One clause that says what is wrong with it.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        regular(path)?;
        Self::over(File::open(path).map_err(|error| error.to_string())?)
    }

    /// An open file, from its beginning.
    ///
    /// # Errors
    /// One clause that says what is wrong with it.
    pub(super) fn over(file: File) -> Result<Self, String> {
        let compressed = is_compressed(&file).map_err(|error| error.to_string())?;
        Ok(Self { file, compressed })
    }

    /// The lines.
    ///
    /// # Errors
    /// When the decompressor cannot be set up.
    fn lines(&self) -> io::Result<Box<dyn BufRead + '_>> {
        let plain = BufReader::new(&self.file);
        if self.compressed { Ok(Box::new(zst::reader(plain)?)) } else { Ok(Box::new(plain)) }
    }

    /// Reads the journal.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn journal(&self) -> Result<Journal, JournalError> {
        let unreadable = |error: io::Error| JournalError {
            fault: Fault::Unreadable,
            line: 1,
            message: format!("it cannot be read: {error}"),
        };
        journal::read(self.lines().map_err(unreadable)?)
    }

    /// Bytes of the file that its whole lines take.
    ///
    /// # Errors
    /// When it was compressed in a way that cannot be gone on with.
    pub(super) fn whole_bytes(&mut self, journal: &Journal) -> io::Result<u64> {
        if !self.compressed {
            return Ok(journal.bytes);
        }
        self.file.rewind()?;
        zst::length_of(BufReader::new(&self.file), journal.lines)
    }
}

/// Size of the regular file the path leads to, in bytes.
///
/// # Errors
/// One clause that says what it is instead.
pub(super) fn regular(path: &Path) -> Result<u64, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    if metadata.is_dir() {
        Err("it is a directory".to_owned())
    } else if metadata.is_file() {
        Ok(metadata.len())
    } else {
        Err("it is a pipe or a device, not a regular file".to_owned())
    }
}

fn is_compressed(mut file: &File) -> io::Result<bool> {
    let mut first = BufReader::with_capacity(MAGIC.len(), file);
    let compressed = first.fill_buf()?.starts_with(&MAGIC);
    file.rewind()?;
    Ok(compressed)
}

/// Reads a snapshot for a command that needs one.
///
/// # Errors
/// The input is unreadable: there is no assessment.
pub(super) fn read(flag: &str, path: &Path) -> Result<Journal, Failure> {
    let name = path.display();
    let file = SnapshotFile::open(path).map_err(|why| {
        Failure::not_audited(format!("{flag} {name}: {why}"), "Give the path of a file that --save-snapshot wrote.")
    })?;
    file.journal().map_err(|error| rejected(flag, path, &error))
}

/// The failure of a command that needs a good journal.
pub(super) fn rejected(flag: &str, path: &Path, error: &JournalError) -> Failure {
    let name = path.display();
    let message = sanitise(&format!("{flag} {name}: {error}")).into_owned();
    let help = match error.fault {
        Fault::Unreadable => "Give the path of a file that --save-snapshot wrote; nothing was judged.".to_owned(),
        Fault::Tampered => {
            format!("The file is not as it was written, so nothing was judged; see zdr-check verify {name}.")
        }
    };
    Failure::not_audited(message, help)
}
