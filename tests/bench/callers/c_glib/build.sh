#!/bin/bash
# Builds a caller with Debian's library and what the stock compiler generates, without any of our
# repairs: build.sh OUT_DIR.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../../peers/common.sh"

need_c_glib
shared=("$here/../measure.c" "$root/tests/bench/load/histogram.c")
begin "$thrift" "$gcc" "$(cat "${shared[@]}" "$here"/../*.h | sha256sum)"

quietly thrift -nowarn --gen c_glib -out "$out" "$idl"
read -ra flags < <(pkg-config --cflags --libs thrift_c_glib gobject-2.0 openssl)
quietly gcc -std=gnu17 -O3 -DNDEBUG -w -I"$out" -I"$root/tests" -o "$out/caller" \
    "$here"/*.c "${shared[@]}" "$out"/*.c "${flags[@]}" -pthread
done_as "Apache Thrift c_glib $thrift, gcc $gcc; a thread for each connection"
