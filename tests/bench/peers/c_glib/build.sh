#!/bin/bash
# Builds c_glib's own server with Debian's library and what the stock compiler generates, without
# any of our repairs: build.sh OUT_DIR.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../common.sh"

need_c_glib
begin "$thrift" "$gcc"

quietly thrift -nowarn --gen c_glib -out "$out" "$idl"
read -ra flags < <(pkg-config --cflags --libs thrift_c_glib gobject-2.0)
quietly gcc -std=gnu17 -O3 -DNDEBUG -w -I"$out" -I"$here" -o "$out/server" \
    "$here"/*.c "$out"/*.c "${flags[@]}"
done_as "Apache Thrift c_glib $thrift, gcc $gcc"
