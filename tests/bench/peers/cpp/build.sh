#!/bin/bash
# Builds Apache Thrift's C++ servers (one program, `server --server=nonblocking|threaded|pool`) with
# Debian's own library: build.sh OUT_DIR.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../common.sh"

need_command g++ g++
need_command thrift thrift-compiler
need_header thrift/server/TNonblockingServer.h libthrift-dev
need_header event.h libevent-dev
need_header openssl/ssl.h libssl-dev

thrift=$(thrift --version | awk '{ print $NF }')
openssl=$(openssl version | awk '{ print $2 }')
gxx=$(g++ -dumpfullversion)
begin "$thrift" "$openssl" "$gxx"

quietly thrift -nowarn --gen cpp:no_skeleton,moveable_types -out "$out" "$idl"
for source in "$here/server.cpp" "$out"/*.cpp; do
    quietly g++ -std=c++17 -O3 -DNDEBUG -w -I"$out" -c "$source" \
        -o "$out/$(basename "$source" .cpp).o"
done
quietly g++ -o "$out/server" "$out"/*.o -lthriftnb -lthrift -levent -lssl -lcrypto -pthread
done_as "Apache Thrift $thrift, OpenSSL $openssl, g++ $gxx"
