#!/bin/bash
# Builds the program of Finagle's two servers, and gathers its jars: build.sh OUT_DIR.
# shellcheck source=tests/bench/peers/common.sh
. "$(dirname "$(readlink -f "$0")")/../common.sh"

need_command java default-jdk-headless
need_command javac default-jdk-headless
need_command mvn maven
java=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.version = //p')
need_version Java "$java" 17
finagle=$(sed -n 's/^ *<finagle.version>\(.*\)<.*/\1/p' "$here/pom.xml")
begin "$java" "$finagle"

# The local repository has everything after the first build: only when it has not, the network is
# asked.
maven=(mvn -B -q -ntp -Dstyle.color=never -f "$here/pom.xml" "-Dbench.out=$out" "-Dbench.idl=$idl" process-classes)
"${maven[@]}" -o > /dev/null 2>&1 || quietly "${maven[@]}"
compgen -G "$out/lib/finagle-thriftmux*.jar" > /dev/null || fail "Maven brought no Finagle"
done_as "Finagle $finagle, Java $java"
