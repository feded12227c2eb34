//! Connections that can be broken on purpose: reset, or held open in silence.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

const RESET: u8 = 1;
const SILENT: u8 = 2;

/// Breaks the connection that a request came by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Breaker(Arc<AtomicU8>);

impl Breaker {
    /// Ends the connection with a TCP reset instead of an answer.
    pub(crate) fn reset(&self) {
        self.0.store(RESET, Ordering::SeqCst);
    }

    /// Lets the connection stand without another byte, until the emulator stops.
    pub(crate) fn silence(&self) {
        self.0.store(SILENT, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, WireListener>> for Breaker {
    fn connect_info(stream: IncomingStream<'_, WireListener>) -> Self {
        stream.io().breaker.clone()
    }
}

/// A listener whose connections can be broken.
#[derive(Debug)]
pub(crate) struct WireListener {
    listener: TcpListener,
    stop: CancellationToken,
}

impl WireListener {
    pub(crate) fn new(listener: TcpListener, stop: CancellationToken) -> Self {
        Self { listener, stop }
    }
}

impl Listener for WireListener {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let stopped = Box::pin(self.stop.clone().cancelled_owned());
        (Wire { stream, breaker: Breaker::default(), stopped }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that can be broken.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    breaker: Breaker,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Wire {
    /// Tells whether bytes may pass: an error after a reset, never while silent.
    fn poll_sound(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.breaker.0.load(Ordering::SeqCst) {
            RESET => {
                // Without lingering, closing the socket sends a reset instead of an orderly end.
                self.stream.set_zero_linger()?;
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
            SILENT => {
                self.stopped.as_mut().poll(context).map(|()| Err(io::ErrorKind::ConnectionAborted.into()))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        std::task::ready!(self.poll_sound(context))?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        std::task::ready!(self.poll_sound(context))?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.poll_sound(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.poll_sound(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
