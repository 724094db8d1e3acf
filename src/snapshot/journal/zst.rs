//! Compressed journals: one Zstandard frame per record, so that a cut loses at most the last record and a writer can go on
//! behind any of them. Any Zstandard tool reads the file.

use std::io::{self, BufRead, BufReader, Read, Write};

use zstd::bulk::Compressor;
use zstd::stream::read::Decoder;

/// The usual level: records are written while the scan waits for Azure, so that speed matters little.
const LEVEL: i32 = 9;

/// Largest window, as a power of two: what a reader must keep in memory. A record compressed by others may want more.
const WINDOW: u32 = 26;

/// Compresses what is written; each flush ends a frame.
pub struct Frames<W> {
    out: W,
    waiting: Vec<u8>,
    compressor: Compressor<'static>,
}

impl<W: Write> Frames<W> {
    /// Compresses into `out`.
    ///
    /// # Errors
    /// When the compressor cannot be set up.
    pub fn new(out: W) -> io::Result<Self> {
        let mut compressor = Compressor::new(LEVEL)?;
        compressor.include_checksum(true)?;
        Ok(Self { out, waiting: Vec::new(), compressor })
    }

    /// What is written to.
    pub fn get_ref(&self) -> &W {
        &self.out
    }
}

impl<W: std::fmt::Debug> std::fmt::Debug for Frames<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames").field("out", &self.out).finish_non_exhaustive()
    }
}

impl<W: Write> Write for Frames<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.waiting.is_empty() {
            let frame = self.compressor.compress(&self.waiting)?;
            self.waiting.clear();
            self.out.write_all(&frame)?;
        }
        self.out.flush()
    }
}

/// Reads what [`Frames`], or any other Zstandard tool, wrote.
///
/// # Errors
/// When the decompressor cannot be set up.
pub fn reader<R: BufRead>(input: R) -> io::Result<impl BufRead> {
    let mut decoder = Decoder::with_buffer(input)?;
    decoder.window_log_max(WINDOW)?;
    Ok(BufReader::new(decoder))
}

/// How many compressed bytes the first `records` lines take.
///
/// # Errors
/// `InvalidData` when the frames are not one per line, which is so when another tool compressed the journal.
pub fn length_of(input: impl BufRead, records: usize) -> io::Result<u64> {
    let mut input = Counted { input, bytes: 0 };
    for _ in 0..records {
        let mut decoder = Decoder::with_buffer(input)?.single_frame();
        decoder.window_log_max(WINDOW)?;
        let mut ends = Ends::default();
        io::copy(&mut decoder, &mut ends)?;
        if (ends.lines, ends.last) != (1, Some(b'\n')) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it was compressed by another program"));
        }
        input = decoder.finish();
    }
    Ok(input.bytes)
}

/// Counts the lines of a frame.
#[derive(Default)]
struct Ends {
    lines: usize,
    last: Option<u8>,
}

impl Write for Ends {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines += bytes.split(|byte| *byte == b'\n').count() - 1;
        self.last = bytes.last().copied().or(self.last);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts what is consumed.
struct Counted<R> {
    input: R,
    bytes: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.bytes += amount as u64;
        self.input.consume(amount);
    }
}
