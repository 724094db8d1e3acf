//! Keeps the journal of a running scan: the file, its lock, and what happens when the disk refuses.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::failure::Failure;
use super::input::{self, SnapshotFile};
use crate::snapshot::journal::zst::{self, Frames};
use crate::snapshot::journal::{self, Ending, Header, Journal, Resumed, Stamp, Writer};
use crate::snapshot::{Piece, Pieces, Requests, Scope};

/// The disk is asked to keep what was written at least this often, while records come in.
const SYNC: Duration = Duration::from_secs(2);

/// Where the records go.
#[derive(Debug)]
enum Out {
    Plain(File),
    Compressed(Frames<File>),
    /// Held until it is masked; compressed, because it may be large.
    Held(Frames<Vec<u8>>),
}

impl Out {
    fn new(file: File, compressed: bool) -> io::Result<Self> {
        if compressed { Frames::new(file).map(Self::Compressed) } else { Ok(Self::Plain(file)) }
    }

    /// Makes the disk keep what was written, if it goes to one.
    fn sync(&self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.sync_or_device(),
            Self::Compressed(frames) => frames.get_ref().sync_or_device(),
            Self::Held(_) => Ok(()),
        }
    }

    /// What outlives the scan: a file is closed, so that others can read it.
    fn kept(self) -> Option<Self> {
        match self {
            Self::Held(_) => Some(self),
            Self::Plain(_) | Self::Compressed(_) => None,
        }
    }

    /// The bytes of a journal that is held.
    fn held(&self) -> Option<&[u8]> {
        match self {
            Self::Held(frames) => Some(frames.get_ref()),
            Self::Plain(_) | Self::Compressed(_) => None,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Compressed(frames) => frames.write(bytes),
            Self::Held(frames) => frames.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Compressed(frames) => frames.flush(),
            Self::Held(frames) => frames.flush(),
        }
    }
}

/// What was opened before the first request.
#[derive(Debug)]
enum Opened {
    /// A new journal.
    New { file: File, compressed: bool },
    /// One that is held, to be masked when the scan ends.
    Held,
    /// An interrupted one, cut behind its last whole record when the scan begins.
    Old { file: SnapshotFile, bytes: u64, journal: Box<Journal> },
}

#[derive(Debug)]
enum State {
    /// Nothing is recorded.
    Off,
    Opened(Opened),
    Writing(Box<Writing>),
    Failed(String),
    /// Ended; what is held of it.
    Done(Option<Out>),
}

#[derive(Debug)]
struct Writing {
    writer: Writer<Out>,
    synced: Instant,
}

impl Writing {
    fn take(&mut self, piece: Piece<'_>, stamp: Stamp) -> io::Result<()> {
        self.writer.write(piece, stamp)?;
        if self.synced.elapsed() > SYNC {
            self.writer.get_ref().sync()?;
            self.synced = Instant::now();
        }
        Ok(())
    }
}

/// The journal of a scan.
#[derive(Debug)]
pub(super) struct Recorder {
    path: PathBuf,
    state: Mutex<State>,
}

/// What a scan goes on from.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) known: Pieces,
    /// Requests of earlier readings.
    pub(super) requests: Requests,
    /// The header that holds, which of a resumed scan is that of the journal.
    pub(super) header: Header,
    pub(super) resumed_at: Option<Timestamp>,
}

impl Recorder {
    /// Records nothing.
    pub(super) fn off() -> Self {
        Self { path: PathBuf::new(), state: Mutex::new(State::Off) }
    }

    /// A journal that no disk sees before it is masked; see [`Self::held`].
    pub(super) fn in_memory() -> Self {
        Self::over(Path::new(""), Opened::Held)
    }

    /// The journal of a recorder that is [`Self::in_memory`], whole or as far as the scan came.
    ///
    /// # Errors
    /// When a record could not be written, or there is none.
    pub(super) fn held(&self) -> Result<Journal, String> {
        let state = self.state();
        let bytes = match &*state {
            State::Writing(writing) => writing.writer.get_ref().held(),
            State::Done(out) => out.as_ref().and_then(Out::held),
            State::Failed(why) => return Err(why.clone()),
            State::Off | State::Opened(_) => None,
        };
        let bytes = bytes.ok_or_else(|| "nothing was recorded".to_owned())?;
        journal::read(zst::reader(bytes).map_err(|error| error.to_string())?).map_err(|error| error.to_string())
    }

    /// A new journal at `path`. A file that holds something is never overwritten.
    ///
    /// # Errors
    /// A usage error that names the path.
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let refuse = |why: String| {
            let help = "Give --save-snapshot the path of a new file in a directory that you may write to.";
            Failure::usage(format!("--save-snapshot {name}: {why}"), help)
        };
        if let Ok(metadata) = path.metadata() {
            if metadata.is_dir() {
                return Err(refuse("it is a directory".to_owned()));
            }
            if metadata.is_file() && metadata.len() > 0 {
                let help = format!("Give another path, or go on with an unfinished snapshot: --resume {name}");
                return Err(Failure::usage(format!("--save-snapshot {name}: the file is there already"), help));
            }
            if is_pipe(&metadata) {
                return Err(refuse("it is a pipe".to_owned()));
            }
        }
        let open = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = open.map_err(|error| refuse(error.to_string()))?;
        lock(&file, "--save-snapshot", path)?;
        // Another scan may have written it, and ended, since it was looked at.
        if file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
            return Err(refuse("the file is there already".to_owned()));
        }
        let compressed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zst"));
        Ok(Self::over(path, Opened::New { file, compressed }))
    }

    /// The interrupted journal at `path`, without what is older than `oldest`.
    ///
    /// # Errors
    /// A usage error when it is in use or finished; no assessment when it is unreadable.
    pub(super) fn resume(path: &Path, oldest: Timestamp) -> Result<Self, Failure> {
        let name = path.display();
        let unreadable = |why: String| {
            let help = "Give --resume an unfinished file of --save-snapshot that you may write to.";
            Failure::not_audited(format!("--resume {name}: {why}"), help)
        };
        // Refuses folders and pipes before they are opened for writing.
        SnapshotFile::open(path).map_err(unreadable)?;
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|error| unreadable(error.to_string()))?;
        lock(&file, "--resume", path)?;
        let mut file = SnapshotFile::over(file).map_err(unreadable)?;
        let mut journal = file.journal().map_err(|error| input::rejected("--resume", path, &error))?;
        if journal.ending == Ending::Complete {
            let help = format!("Judge it again with --snapshot {name}, or save a new one with --save-snapshot.");
            return Err(Failure::usage(format!("--resume {name}: the snapshot is finished"), help));
        }
        let bytes = file.whole_bytes(&journal).map_err(|error| unreadable(error.to_string()))?;
        journal.forget(oldest);
        Ok(Self::over(path, Opened::Old { file, bytes, journal: Box::new(journal) }))
    }

    fn over(path: &Path, opened: Opened) -> Self {
        Self { path: path.to_owned(), state: Mutex::new(State::Opened(opened)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at what an interrupted journal says it is about, before anything is asked.
    pub(super) fn header(&self) -> Option<Header> {
        match &*self.state() {
            State::Opened(Opened::Old { journal, .. }) => Some(journal.header.clone()),
            State::Off | State::Opened(Opened::New { .. } | Opened::Held) => None,
            State::Writing(_) | State::Failed(_) | State::Done(_) => None,
        }
    }

    /// Subscriptions that an interrupted journal is about.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        match &*self.state() {
            State::Opened(Opened::Old { journal, .. }) => journal.scopes.clone(),
            State::Off | State::Opened(Opened::New { .. } | Opened::Held) => Vec::new(),
            State::Writing(_) | State::Failed(_) | State::Done(_) => Vec::new(),
        }
    }

    /// Writes the header, or that the journal is resumed, and says what is known already.
    pub(super) fn begin(&self, header: Header, now: Timestamp) -> Begun {
        let mut state = self.state();
        let mut begun = Begun { known: Pieces::default(), requests: Requests::default(), header, resumed_at: None };
        let State::Opened(opened) = std::mem::replace(&mut *state, State::Off) else { return begun };
        let writer = match opened {
            Opened::New { file, compressed } => {
                Out::new(file, compressed).and_then(|out| Writer::start(out, &begun.header))
            }
            Opened::Held => Frames::new(Vec::new()).and_then(|out| Writer::start(Out::Held(out), &begun.header)),
            Opened::Old { file, bytes, journal } => {
                let Journal { header: first, pieces, last, tail, .. } = *journal;
                let Header { tool, principal, subscriptions, reach, .. } = begun.header;
                let stamp = Stamp { at: now, requests: last.requests };
                let resumed = Resumed { tool, principal, subscriptions, reach: reach.clone() };
                let first = Header { reach, ..first };
                begun = Begun { known: pieces, requests: last.requests, header: first, resumed_at: Some(now) };
                go_on(file, bytes).and_then(|out| Writer::resume(out, tail, &resumed, stamp))
            }
        };
        *state = match writer.and_then(|writer| writer.get_ref().sync().map(|()| writer)) {
            Ok(writer) => State::Writing(Box::new(Writing { writer, synced: Instant::now() })),
            Err(error) => State::Failed(error.to_string()),
        };
        begun
    }

    /// Appends a piece.
    pub(super) fn take(&self, piece: Piece<'_>, stamp: Stamp) {
        let mut state = self.state();
        let State::Writing(writing) = &mut *state else { return };
        if let Err(error) = writing.take(piece, stamp) {
            *state = State::Failed(error.to_string());
        }
    }

    /// Ends the journal, with its trailer when everything was read.
    pub(super) fn finish(&self, stamp: Stamp, complete: bool) {
        let mut state = self.state();
        if !matches!(*state, State::Writing(_)) {
            return;
        }
        let State::Writing(writing) = std::mem::replace(&mut *state, State::Off) else { return };
        let ended = if complete {
            writing.writer.finish(stamp).and_then(|out| out.sync().map(|()| State::Done(out.kept())))
        } else {
            writing.writer.get_ref().sync().map(|()| State::Writing(writing))
        };
        *state = ended.unwrap_or_else(|error| State::Failed(error.to_string()));
    }

    /// What became of the journal, for the person who asked for it.
    pub(super) fn outcome(&self) -> Recorded {
        let path = self.path.display().to_string();
        match &*self.state() {
            State::Off | State::Opened(_) => Recorded::Nothing,
            State::Writing(_) => Recorded::Unfinished(path),
            State::Failed(why) => Recorded::Failed { path, why: why.clone() },
            State::Done(_) => Recorded::Finished(path),
        }
    }
}

/// A scan that ended before its first record leaves no empty file behind.
impl Drop for Recorder {
    fn drop(&mut self) {
        let unused = matches!(&*self.state(), State::Opened(Opened::New { .. }));
        if unused && self.path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0) {
            // An empty file that stays is in nobody's way.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// What became of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recorded {
    /// None was asked for.
    Nothing,
    /// It is whole.
    Finished(String),
    /// The run ended before its time; it can be resumed.
    Unfinished(String),
    /// The run ended before its time, and masks cannot be gone on with.
    Ended(String),
    /// It could not be written to its end.
    Failed { path: String, why: String },
}

/// Cuts a journal behind its last whole record.
fn go_on(file: SnapshotFile, bytes: u64) -> io::Result<Out> {
    let SnapshotFile { mut file, compressed } = file;
    file.set_len(bytes)?;
    file.seek(SeekFrom::Start(bytes))?;
    Out::new(file, compressed)
}

trait Sync {
    /// Makes the disk keep what was written; a device has nothing to keep.
    fn sync_or_device(&self) -> io::Result<()>;
}

impl Sync for File {
    fn sync_or_device(&self) -> io::Result<()> {
        if self.metadata()?.is_file() { self.sync_data() } else { Ok(()) }
    }
}

/// Two scans must not write one journal.
fn lock(file: &File, flag: &str, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => {
            let message = format!("{flag} {}: another scan is writing this snapshot", path.display());
            Err(Failure::usage(message, "Wait until it ends, or give another path."))
        }
        // Where files cannot be locked the scan is none the worse.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(()),
    }
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}
