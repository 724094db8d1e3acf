//! Files of `--report` and `--write-waivers`: opened before the scan starts, renamed into place when complete.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::term;

/// How many leftovers of killed runs with the same process id are stepped over.
const LEFTOVERS: usize = 20;

/// The files of one run, so that no two flags write the same one.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    taken: Vec<(&'static str, PathBuf)>,
}

impl Outputs {
    /// Reserves `target` for `flag`.
    ///
    /// # Errors
    /// A usage error that names the path when it cannot be written or is another output of the run already.
    pub(super) fn reserve(&mut self, flag: &'static str, target: &Path) -> Result<OutputFile, Failure> {
        self.claim(flag, target)?;
        OutputFile::reserve(flag, target)
    }

    /// Keeps `target` for `flag`, which opens it itself.
    ///
    /// # Errors
    /// A usage error when it is another output of the run already.
    pub(super) fn claim(&mut self, flag: &'static str, target: &Path) -> Result<(), Failure> {
        let place = place(target);
        if let Some((other, _)) = self.taken.iter().find(|(_, own)| *own == place) {
            let both = if *other == flag { "two reports".to_owned() } else { format!("this and {other}") };
            let message = format!("{flag}: {} is given for {both}; one would replace the other", target.display());
            return Err(Failure::usage(message, "Give every output a path of its own."));
        }
        self.taken.push((flag, place));
        Ok(())
    }
}

/// The one name of a file, whatever way leads to it. Where names differ only in case, some systems see one file.
fn place(target: &Path) -> PathBuf {
    let place = target.canonicalize().ok().or_else(|| {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(target.file_name()?))
    });
    let place = place.unwrap_or_else(|| target.to_owned());
    if cfg!(any(windows, target_os = "macos")) { place.to_string_lossy().to_lowercase().into() } else { place }
}

/// A report file that is being written. Dropped without [`Self::commit`], it leaves nothing behind.
#[derive(Debug)]
pub(super) struct OutputFile {
    target: PathBuf,
    /// None when the target is a pipe or a device, which nothing can be renamed onto.
    temporary: Option<PathBuf>,
    file: Option<BufWriter<File>>,
}

impl OutputFile {
    /// Reserves `target`, the value of `flag`, by opening a temporary file beside it.
    ///
    /// # Errors
    /// A usage error that names the path when it cannot be written.
    pub(super) fn reserve(flag: &str, target: &Path) -> Result<Self, Failure> {
        let refuse = |why: &str| {
            let help = format!("Give {flag} a path in an existing directory that you may write to.");
            Failure::usage(format!("{flag}: cannot write {}: {why}", target.display()), help)
        };
        let known = target.metadata().ok();
        if known.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            return Err(refuse("it is a directory"));
        }
        if known.as_ref().is_some_and(|known| known.is_file() && known.permissions().readonly()) {
            return Err(refuse("the file is read-only"));
        }
        let special = known.as_ref().is_some_and(|known| !known.is_file());
        // Through a link, the file it leads to is replaced and not the link.
        let target = if known.is_some() && !special { target.canonicalize().ok() } else { None }
            .unwrap_or_else(|| target.to_owned());
        let opened = if special {
            OpenOptions::new().write(true).open(&target).map(|file| (file, None))
        } else {
            let name = target.file_name().ok_or_else(|| refuse("it has no file name"))?.to_string_lossy().into_owned();
            beside(&target, &name).map(|(file, temporary)| (file, Some(temporary)))
        };
        let (file, temporary) = opened.map_err(|error| refuse(&error.to_string()))?;
        Ok(Self { target, temporary, file: Some(BufWriter::new(file)) })
    }

    /// Lets nobody but its owner read it, before anything is in it.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(super) fn keep_private(&self) -> io::Result<()> {
        #[cfg(unix)]
        if let (Some(file), Some(_)) = (&self.file, &self.temporary) {
            file.get_ref().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        }
        Ok(())
    }

    /// Writes the content and moves the file into place.
    ///
    /// # Errors
    /// When the disk refuses; the target is then as it was before.
    pub(super) fn commit(mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let written = write(&mut file).and_then(|()| file.into_inner().map_err(io::IntoInnerError::into_error));
        let Some(temporary) = &self.temporary else { return term::ignore_broken_pipe(written.map(drop)) };
        written?.sync_all()?;
        std::fs::rename(temporary, &self.target)
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
        let _ = self.temporary.as_ref().map(std::fs::remove_file);
    }
}

/// A new hidden file in the directory of `target`, on the same file system.
fn beside(target: &Path, name: &str) -> io::Result<(File, PathBuf)> {
    let mut tried = 0;
    loop {
        let temporary = target.with_file_name(format!(".{name}.{}-{tried}.part", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < LEFTOVERS => tried += 1,
            opened => return opened.map(|file| (file, temporary)),
        }
    }
}
