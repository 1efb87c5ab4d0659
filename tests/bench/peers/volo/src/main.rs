//! volo-thrift as a peer of the benchmark, framed and binary, with mutual TLS 1.3 (rustls) or
//! without.
//!
//! usage: server --tls=off|1.3 --certificate=F --key=F --ca=F --loops=N
mod handler;
mod listener;
mod options;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/volo_gen.rs"));
    pub use volo_gen::conformance::*;
}

use options::{Error, Options};

async fn serve(options: Options) -> Result<(), Error> {
    let incoming = listener::listen(&options).await?;
    println!("listening thrift {}", incoming.address());
    tokio::spawn(end_at_once());
    generated::ConformanceServer::new(handler::Handler::new())
        .run(incoming)
        .await
}

/// Volo's own end waits for its callers for half a minute.
async fn end_at_once() {
    use tokio::signal::unix::{signal, SignalKind};

    if let Ok(mut terminate) = signal(SignalKind::terminate()) {
        terminate.recv().await;
        std::process::exit(0);
    }
}

fn main() -> Result<(), Error> {
    let options = Options::parse(std::env::args().skip(1))?;
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.loops)
        .enable_all()
        .build()?
        .block_on(serve(options))
}
