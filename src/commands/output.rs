//! Files of `--report` and `--write-waivers`: opened before the scan starts, renamed into place when complete.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// A report file that is being written. Dropped without [`Self::commit`], it leaves nothing behind.
#[derive(Debug)]
pub(super) struct OutputFile {
    target: PathBuf,
    temporary: PathBuf,
    file: Option<BufWriter<File>>,
}

impl OutputFile {
    /// Reserves `target`, the value of `flag`, by opening a temporary file beside it.
    ///
    /// # Errors
    /// A usage error that names the path when it cannot be written.
    pub(super) fn reserve(flag: &str, target: &Path) -> Result<Self, Failure> {
        let refuse = |why: String| {
            let help = format!("Give {flag} a path in an existing directory that you may write to.");
            Failure::usage(format!("{flag}: cannot write {}: {why}", target.display()), help)
        };
        if target.is_dir() {
            return Err(refuse("it is a directory".to_owned()));
        }
        let name = target.file_name().ok_or_else(|| refuse("it has no file name".to_owned()))?;
        let writable = target.metadata().map_or(true, |metadata| !metadata.permissions().readonly());
        if !writable {
            return Err(refuse("the file is read-only".to_owned()));
        }
        let temporary = target.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let open = OpenOptions::new().write(true).create_new(true).open(&temporary);
        let file = open.map_err(|error| refuse(error.to_string()))?;
        Ok(Self { target: target.to_owned(), temporary, file: Some(BufWriter::new(file)) })
    }

    /// Writes the content and moves the file into place.
    ///
    /// # Errors
    /// When the disk refuses; the target is then as it was before.
    pub(super) fn commit(mut self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        write(&mut file)?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&self.temporary, &self.target)
    }

    /// Writes the whole content, the value of `flag`.
    ///
    /// # Errors
    /// A usage error that names the path when the disk refuses.
    pub(super) fn write(self, flag: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.target.display().to_string();
        self.commit(|out| out.write_all(bytes)).map_err(|error| {
            Failure::usage(format!("{flag}: cannot write {path}: {error}"), "Free some space, or give another path.")
        })
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        // After a commit the temporary is gone, which is what this wants.
        let _ = std::fs::remove_file(&self.temporary);
    }
}
