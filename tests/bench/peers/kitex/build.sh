#!/bin/bash
# Builds the kitex server; kitex's own generator, which is a Go module too, writes its code:
# build.sh OUT_DIR.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../common.sh"

need_command go golang-go
go=$(go_version)
kitex=$(module_version github.com/cloudwego/kitex)
need_version Go "$go" 1.20
begin "$go" "$kitex"

cp "$here"/*.go "$here"/go.mod "$here"/go.sum "$out/"
cp "$idl" "$out/"
(cd "$out" && quietly go run -mod=readonly github.com/cloudwego/kitex/tool/cmd/kitex \
    -module dunlin/bench/peer "$(basename "$idl")")
build_go
done_as "kitex $kitex, Go $go"
