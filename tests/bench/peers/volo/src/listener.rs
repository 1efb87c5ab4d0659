//! Where callers come in. Volo has a TLS stream and an acceptor, and for Thrift no listener that
//! uses them: this is one. Handshakes run beside the accepting.
use std::fs::File;
use std::io::{self, BufReader};
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use volo::net::conn::Conn;
use volo::net::incoming::{Incoming, MakeIncoming};
use volo::net::tls::TlsAcceptor;

use crate::options::{Error, Options};

/// Finished handshakes that volo has not taken yet.
const WAITING: usize = 1024;

#[derive(Debug)]
pub struct Listener {
    address: SocketAddr,
    ready: mpsc::Receiver<io::Result<Conn>>,
}

impl Listener {
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Incoming for Listener {
    async fn accept(&mut self) -> io::Result<Option<Conn>> {
        self.ready.recv().await.transpose()
    }
}

impl MakeIncoming for Listener {
    type Incoming = Self;

    async fn make_incoming(self) -> io::Result<Self> {
        Ok(self)
    }
}

pub async fn listen(options: &Options) -> Result<Listener, Error> {
    let acceptor = options.tls.then(|| make_acceptor(options)).transpose()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (sender, ready) = mpsc::channel(WAITING);
    tokio::spawn(accept(listener, acceptor, sender));
    Ok(Listener { address, ready })
}

fn make_acceptor(options: &Options) -> Result<TlsAcceptor, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut signers = RootCertStore::empty();
    for certificate in rustls_pemfile::certs(&mut open(&options.ca)?) {
        signers.add(certificate?)?;
    }
    let callers =
        WebPkiClientVerifier::builder_with_provider(Arc::new(signers), provider.clone()).build()?;
    let chain =
        rustls_pemfile::certs(&mut open(&options.certificate)?).collect::<Result<_, _>>()?;
    let key = rustls_pemfile::private_key(&mut open(&options.key)?)?
        .ok_or_else(|| format!("{}: no key in it", options.key))?;
    let mut config = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(callers)
        .with_single_cert(chain, key)?;
    config.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new()?;
    Ok(config.into())
}

fn open(path: &str) -> Result<BufReader<File>, Error> {
    let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(BufReader::new(file))
}

async fn accept(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    sender: mpsc::Sender<io::Result<Conn>>,
) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(greet(stream, acceptor.clone(), sender.clone()));
            }
            Err(error) => {
                let _ = sender.send(Err(error)).await;
                return;
            }
        }
    }
}

/// A caller whose handshake fails is nobody else's business.
async fn greet(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    sender: mpsc::Sender<io::Result<Conn>>,
) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let conn = match acceptor {
        None => Conn::from(stream),
        Some(acceptor) => match acceptor.accept(stream).await {
            Ok(stream) => Conn::from(stream),
            Err(_) => return,
        },
    };
    let _ = sender.send(Ok(conn)).await;
}
