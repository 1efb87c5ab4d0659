#!/bin/bash
# Builds Apache Thrift's Go server with the Go module of the version that Debian's thrift generates
# for: build.sh OUT_DIR. Debian 12's Go is new enough.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../common.sh"

need_command go golang-go
need_command thrift thrift-compiler
go=$(go_version)
need_version Go "$go" 1.19
module=$(module_version github.com/apache/thrift)
thrift=$(thrift --version | awk '{ print $NF }')
[ "$thrift" = "$module" ] || skip "thrift $thrift generates for another library than $module"
begin "$go" "$thrift"

cp "$here"/*.go "$here"/go.mod "$here"/go.sum "$out/"
quietly thrift -nowarn --gen go:package_prefix=dunlin/bench/peer/ -out "$out" "$idl"
build_go
done_as "Apache Thrift $module, Go $go"
