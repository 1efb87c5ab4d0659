#!/bin/bash
# Builds the volo-thrift server; volo's own generator, a crate too, writes its code at build:
# build.sh OUT_DIR. The first build takes minutes: rustls brings its cryptography as C.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../common.sh"

need_command cargo cargo
need_command rustc rustc
need_command cc build-essential
rust=$(rustc --version | awk '{ print $2 }')
need_version Rust "$rust" "$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$here/Cargo.toml")"
volo=$(crate_version volo-thrift)
rustls=$(crate_version rustls)
# shellcheck disable=SC2034 # begin looks at it
keep=target
begin "$rust" "$volo"

CONFORMANCE_IDL=$idl quietly cargo build --release --locked --jobs "$(nproc)" \
    --manifest-path "$here/Cargo.toml" --target-dir "$out/target"
cp "$out/target/release/server" "$out/server"
done_as "volo-thrift $volo, rustls $rustls, Rust $rust"
