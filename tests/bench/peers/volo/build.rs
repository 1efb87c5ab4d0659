//! Generates the service's code from the IDL that build.sh names.
use std::path::PathBuf;

fn main() {
    let idl = std::env::var_os("CONFORMANCE_IDL").expect("CONFORMANCE_IDL names the IDL");
    println!("cargo:rerun-if-env-changed=CONFORMANCE_IDL");
    volo_build::Builder::thrift()
        .add_service(PathBuf::from(idl))
        .ignore_unused(false)
        .write()
        .expect("the IDL is readable and right");
}
