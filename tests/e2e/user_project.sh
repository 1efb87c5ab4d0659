#!/bin/bash
# A project outside of this one: one line of dunlin_add_idl () makes a library of its IDL, which
# extends dunlin.Base; what c_glib does wrongly is refused while building, with the line.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

cat > "$folder/CMakeLists.txt" << END
cmake_minimum_required (VERSION 3.25)
project (user LANGUAGES C)
add_subdirectory ("$DUNLIN_SOURCE_DIR" dunlin EXCLUDE_FROM_ALL)
dunlin_add_idl (greeter_idl greeter.thrift)
add_executable (greeter greeter.c)
target_link_libraries (greeter PRIVATE greeter_idl)
target_include_directories (greeter PRIVATE "$DUNLIN_SOURCE_DIR/tests")
END

cat > "$folder/greeter.thrift" << 'END'
include "dunlin.thrift"
namespace c_glib Greeter

/** Says hello. */
service Greeter extends dunlin.Base {
  /** To one. */
  string greet(1: string name)
}
END

cat > "$folder/greeter.c" << 'END'
#include "greeter_stub.h"
#include "support/stub_call.h" /* a call without a server */

static gboolean
greet (GreeterGreeterIf *iface, gchar **_return, const gchar *name, GError **error)
{
    *_return = g_strconcat ("Hello ", name, NULL);
    return TRUE;
}

int
main (void)
{
    g_autoptr (GreeterGreeterHandler) handler = NULL;
    const DunlinMethodInfo *method = dunlin_service_info_find (&greeter_service, "greet", 5);
    g_autofree char *reply = NULL;
    DunlinCall call;

    greeter_service.ensure_types ();
    handler = g_object_new (greeter_service.handler_type (), NULL);
    GREETER_GREETER_HANDLER_GET_CLASS (handler)->greet = greet;
    stub_call_init (&call, DUNLIN_ENCODING_BINARY);
    dunlin_buffer_append (&call.in, "\013\000\001\000\000\000\003Ada\000", 11);
    if (stub_call_run (&call, method->stub, G_OBJECT (handler), NULL) != DUNLIN_STUB_OK)
        return 1;
    reply = g_strndup ((const char *)dunlin_buffer_bytes (&call.out) + 7, 9);
    g_print ("%s %s %s(%s) %s\n", reply, greeter_service.doc, method->name, method->arguments,
             greeter_service.extends->methods[0].name);
    stub_call_clear (&call);
    return DUNLIN_IS_BASE_HANDLER (handler) ? 0 : 1;
}
END

cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug > "$folder/log" 2>&1 \
    || { cat "$folder/log" >&2; fail "the user's project cannot be configured"; }
cmake --build "$folder/build" > "$folder/log" 2>&1 \
    || { tail -n 40 "$folder/log" >&2; fail "the user's project cannot be built"; }
said=$(find "$folder/build" -name greeter -type f -perm -u+x -exec {} \;)
[ "$said" = "Hello Ada Says hello. greet(1: string name) ping" ] || fail "the program said '$said'"

cmake --build "$folder/build" > "$folder/log"
grep -q "no work to do" "$folder/log" || fail "building again did something: $(cat "$folder/log")"

# A changed IDL is generated anew, with the new struct's class.
sed -i 's/^service/struct Name { 1: string text }\nservice/' "$folder/greeter.thrift"
sed -i 's/g_autoptr (GreeterGreeterHandler)/g_autoptr (GreeterName) name = NULL; &/' "$folder/greeter.c"
cmake --build "$folder/build" > "$folder/log" 2>&1 \
    || { tail -n 40 "$folder/log" >&2; fail "a changed IDL cannot be built"; }

sed -i 's/string text/list<set<i32>> text/' "$folder/greeter.thrift"
! cmake --build "$folder/build" > "$folder/log" 2>&1 || fail "a wrong IDL was built"
grep -q "greeter.thrift:5: Name.text: list<set<i32>>: c_glib loses" "$folder/log" \
    || { cat "$folder/log" >&2; fail "the refusal does not say where and why"; }
