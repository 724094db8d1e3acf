//! Bytes on the wire: a body that can end well, end early, stall, or take its connection down.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep};

use super::answer::Answer;
use super::fault::Framing;

/// How much of a body is delivered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Delivery {
    Whole,
    /// Half, while the length promises all of it.
    Short,
    /// Half, then a connection reset.
    Reset,
    /// Half, then silence.
    Stall(Duration),
    /// No answer at all: silence, then a connection reset.
    None(Duration),
    /// This many megabytes instead of the body.
    Huge(usize, Framing),
}

/// The connection as an answer sees it: something it can take down.
#[derive(Debug, Default)]
pub(crate) struct Link {
    reset: AtomicBool,
    gone: Notify,
}

impl Link {
    /// Ends the connection with a TCP reset.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::SeqCst);
        self.gone.notify_one();
    }

    /// Completes when the connection is to be dropped.
    pub(crate) async fn gone(&self) {
        self.gone.notified().await;
    }
}

/// The server's end of a connection; a reset leaves as RST, not as an orderly end.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    pub(crate) link: Arc<Link>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.link.reset.load(Ordering::SeqCst) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A response body.
pub(crate) struct Flow {
    frames: VecDeque<Bytes>,
    /// Known only when all of it will be sent.
    length: Option<u64>,
    /// After the last frame: wait, then fail. The wait lets the frames reach the wire first.
    failure: Option<Failure>,
}

type Failure = (Pin<Box<Sleep>>, Option<Arc<Link>>);

impl Flow {
    fn whole(bytes: Vec<u8>) -> Self {
        Self { length: Some(bytes.len() as u64), frames: VecDeque::from([Bytes::from(bytes)]), failure: None }
    }

    fn half(mut bytes: Vec<u8>) -> Self {
        bytes.truncate(bytes.len() / 2);
        Self { length: None, frames: VecDeque::from([Bytes::from(bytes)]), failure: None }
    }

    fn failing(mut self, after: Duration, link: Option<Arc<Link>>) -> Self {
        self.failure = Some((Box::pin(sleep(after)), link));
        self
    }
}

impl Body for Flow {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(frame) = self.frames.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(frame))));
        }
        let Some((wait, link)) = &mut self.failure else { return Poll::Ready(None) };
        match (wait.as_mut().poll(cx), link) {
            (Poll::Pending, _) => Poll::Pending,
            (Poll::Ready(()), Some(link)) => {
                link.reset();
                Poll::Pending
            }
            (Poll::Ready(()), None) => Poll::Ready(Some(Err(io::Error::other("the answer ends here")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty() && self.failure.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Puts an answer on the wire. `gzip` compresses it; `link` is the connection it leaves by.
pub(crate) fn send(answer: &Answer, delivery: Delivery, gzip: bool, link: &Arc<Link>) -> Response<Flow> {
    let (content_type, mut bytes) = answer.body();
    let mut response = Response::builder().status(answer.status).header("content-type", content_type);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    let encoded = answer.headers.iter().any(|(name, _)| name == "content-encoding");
    if gzip && !encoded && !matches!(delivery, Delivery::Huge(..)) {
        bytes = compress(&[&bytes]);
        response = response.header("content-encoding", "gzip");
    }
    let declared = bytes.len();
    let flow = match delivery {
        Delivery::Whole | Delivery::None(_) => Flow::whole(bytes),
        Delivery::Short => Flow::half(bytes),
        Delivery::Reset => Flow::half(bytes).failing(Duration::from_millis(50), Some(link.clone())),
        Delivery::Stall(stall) => Flow::half(bytes).failing(stall, None),
        Delivery::Huge(megabytes, framing) => huge(megabytes, framing),
    };
    match delivery {
        Delivery::Short | Delivery::Reset | Delivery::Stall(_) => {
            response = response.header("content-length", declared);
        }
        Delivery::Huge(_, Framing::Gzip) => response = response.header("content-encoding", "gzip"),
        Delivery::Whole | Delivery::None(_) | Delivery::Huge(..) => {}
    }
    response.body(flow).expect("status and headers are well formed")
}

fn huge(megabytes: usize, framing: Framing) -> Flow {
    const CHUNK: usize = 64 * 1024;
    let (head, tail) = (br#"{"value":[{"name":""#.as_slice(), br#""}]}"#.as_slice());
    let chunk = vec![b'a'; CHUNK];
    let chunks = megabytes * 1024 * 1024 / CHUNK;
    if framing == Framing::Gzip {
        let mut parts = vec![head];
        parts.extend(std::iter::repeat_n(chunk.as_slice(), chunks));
        parts.push(tail);
        return Flow::whole(compress(&parts));
    }
    let chunk = Bytes::from(chunk);
    let mut frames = VecDeque::from([Bytes::from_static(head)]);
    frames.extend(std::iter::repeat_n(chunk, chunks));
    frames.push_back(Bytes::from_static(tail));
    let length = frames.iter().map(|frame| frame.len() as u64).sum();
    Flow { frames, length: (framing == Framing::Declared).then_some(length), failure: None }
}

fn compress(parts: &[&[u8]]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for part in parts {
        encoder.write_all(part).expect("writing to memory");
    }
    encoder.finish().expect("writing to memory")
}
