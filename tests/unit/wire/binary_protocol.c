/* Thrift's binary encoding, byte by byte, read and refused. */
#include "support/payload_case.h"

static const ReadCase reads[] = {
    { "empty-struct", "00", "{}" },
    /* The answer to ping(), and Finagle's RequestHeader, as it sends them. */
    { "finagle-pong", "0b 00 00 00 00 00 04 'pong' 00", "{0:\"706f6e67\" }" },
    { "finagle-request-header",
      "0a 00 01 13 74 c5 71 9a ab 16 2e 0a 00 02 13 74 c5 71 9a ab 16 2e"
      "0c 00 06 0b 00 01 00 00 00 0b 'peer.client' 00 0a 00 07 00 00 00 00 00 00 00 00"
      "0f 00 08 0c 00 00 00 01 0b 00 01 00 00 00 1b 'com.twitter.finagle.Retries'"
      "0b 00 02 00 00 00 04 00 00 00 00 00 00",
      "{1:l1401962475735946798 2:l1401962475735946798 6:{1:\"706565722e636c69656e74\" } 7:l0 "
      "8:list1({1:\"636f6d2e747769747465722e66696e61676c652e52657472696573\" 2:\"00000000\" } ) "
      "}" },
    { "bools", "02 00 01 00 02 00 02 01 00", "{1:false 2:true }" },
    { "bytes", "03 00 01 00 03 00 02 7f 03 00 03 80 03 00 04 ff 00",
      "{1:b0 2:b127 3:b-128 4:b-1 }" },
    { "i16-extremes", "06 00 01 7f ff 06 00 02 80 00 06 00 03 ff ff 00",
      "{1:s32767 2:s-32768 3:s-1 }" },
    { "i32-extremes", "08 00 01 7f ff ff ff 08 00 02 80 00 00 00 08 00 03 ff ff ff ff 00",
      "{1:i2147483647 2:i-2147483648 3:i-1 }" },
    { "i64-extremes",
      "0a 00 01 7f ff ff ff ff ff ff ff 0a 00 02 80 00 00 00 00 00 00 00 0a 00 03 ff ff ff ff ff "
      "ff ff ff 00",
      "{1:l9223372036854775807 2:l-9223372036854775808 3:l-1 }" },
    { "doubles",
      "04 00 01 3f f0 00 00 00 00 00 00 04 00 02 80 00 00 00 00 00 00 00 04 00 03 7f f0 00 00 00 "
      "00 "
      "00 00 04 00 04 ff f0 00 00 00 00 00 00 04 00 05 7f f8 00 00 00 00 00 01 00",
      "{1:d3ff0000000000000 2:d8000000000000000 3:d7ff0000000000000 4:dfff0000000000000 "
      "5:d7ff8000000000001 }" },
    { "strings", "0b 00 01 00 00 00 00 0b 00 02 00 00 00 04 00 01 02 ff 00",
      "{1:\"\" 2:\"000102ff\" }" },
    { "field-ids-of-all-kinds",
      "03 7f ff 01 03 80 00 02 03 ff ff 03 03 00 00 04 03 00 3f 05 03 00 40 06 03 00 01 07 00",
      "{32767:b1 -32768:b2 -1:b3 0:b4 63:b5 64:b6 1:b7 }" },
    { "far-ids-come-again-in-the-next-struct",
      "0f 00 01 0c 00 00 00 03 03 7f ff 01 03 01 00 02 00 03 01 00 03 03 7f ff 04 00 03 7f ff 05 "
      "00 00",
      "{1:list3({32767:b1 256:b2 } {256:b3 32767:b4 } {32767:b5 } ) }" },
    { "empty-containers",
      "0f 00 01 08 00 00 00 00 0e 00 02 0b 00 00 00 00 0d 00 03 0b 08 00 00 00 00 00",
      "{1:list0() 2:set0() 3:map0() }" },
    { "empty-containers-of-no-type",
      "0f 00 01 00 00 00 00 00 0e 00 02 01 00 00 00 00 0d 00 03 00 00 00 00 00 00 00",
      "{1:list0() 2:set0() 3:map0() }" },
    { "containers",
      "0f 00 01 02 00 00 00 03 01 00 01 0e 00 02 06 00 00 00 01 00 05"
      "0d 00 03 03 0b 00 00 00 02 01 00 00 00 01 'a' 02 00 00 00 00 00",
      "{1:list3(true false true ) 2:set1(s5 ) 3:map2(b1=>\"61\" b2=>\"\" ) }" },
    { "containers-in-containers",
      "0f 00 01 0f 00 00 00 02 04 00 00 00 01 40 00 00 00 00 00 00 00 04 00 00 00 00"
      "0d 00 02 0b 0d 00 00 00 01 00 00 00 01 'k' 08 0c 00 00 00 01 00 00 00 07 00 00",
      "{1:list2(list1(d4000000000000000 ) list0() ) 2:map1(\"6b\"=>map1(i7=>{} ) ) }" },
};

static const RefuseCase refuses[] = {
    { "unknown-field-type", "05 00 01", DUNLIN_ERROR_MALFORMED, "unknown type 5" },
    { "void-field", "01 00 01 00", DUNLIN_ERROR_MALFORMED, "unknown type 1" },
    { "uuid-field", "10 00 01 00", DUNLIN_ERROR_MALFORMED, "unknown type 16" },
    { "negative-field-type", "ff 00 01 00", DUNLIN_ERROR_MALFORMED, "unknown type 255" },
    { "field-twice", "08 00 01 00 00 00 01 08 00 01 00 00 00 02 00", DUNLIN_ERROR_MALFORMED,
      "byte 10 of 15: field 1 for the second time" },
    { "binary-field-twice", "0b 00 08 00 00 00 01 'a' 0b 00 08 00 00 00 01 'b' 00",
      DUNLIN_ERROR_MALFORMED, "field 8 for the second time" },
    { "field-twice-with-other-types", "08 00 01 00 00 00 01 0b 00 01 00 00 00 00 00",
      DUNLIN_ERROR_MALFORMED, "field 1 for the second time" },
    { "field-63-twice", "03 00 3f 01 03 00 3f 01 00", DUNLIN_ERROR_MALFORMED, "field 63" },
    { "field-64-twice", "03 00 40 01 03 00 40 01 00", DUNLIN_ERROR_MALFORMED, "field 64" },
    { "field-32767-twice", "03 7f ff 01 03 00 01 01 03 7f ff 01 00", DUNLIN_ERROR_MALFORMED,
      "field 32767" },
    { "negative-field-twice", "03 ff ff 01 03 80 00 01 03 ff ff 01 00", DUNLIN_ERROR_MALFORMED,
      "field -1" },
    { "field-twice-in-an-unknown-struct", "0c 00 63 03 00 02 01 03 00 02 01 00 00",
      DUNLIN_ERROR_MALFORMED, "field 2" },
    { "bool-of-2", "02 00 01 02 00", DUNLIN_ERROR_MALFORMED, "bool of value 2" },
    { "string-longer-than-what-is-left", "0b 00 01 00 00 00 05 'four'", DUNLIN_ERROR_MALFORMED,
      "a string needs 5 bytes, 4 are left" },
    { "string-of-2-gb", "0b 00 01 7f ff ff ff 'four'", DUNLIN_ERROR_MALFORMED, "2147483647 bytes" },
    { "string-of-minus-1", "0b 00 01 ff ff ff ff 'four'", DUNLIN_ERROR_MALFORMED,
      "4294967295 bytes" },
    { "string-of-minus-2-gb", "0b 00 01 80 00 00 00 'four'", DUNLIN_ERROR_MALFORMED,
      "2147483648 bytes" },
    { "list-longer-than-what-is-left", "0f 00 01 08 00 00 00 02 00 00 00 01 00 00 00",
      DUNLIN_ERROR_MALFORMED, "a list of 2 elements needs 8 bytes, 7 are left" },
    { "list-of-2-billion", "0f 00 01 0a 7f ff ff ff 00", DUNLIN_ERROR_MALFORMED, "2147483647" },
    { "list-whose-bytes-wrap-to-none", "0f 00 01 08 40 00 00 00 00", DUNLIN_ERROR_MALFORMED,
      "1073741824 elements needs 4294967296 bytes" },
    { "list-of-minus-1", "0f 00 01 03 ff ff ff ff 00", DUNLIN_ERROR_MALFORMED, "4294967295" },
    { "set-of-minus-1", "0e 00 01 03 ff ff ff ff 00", DUNLIN_ERROR_MALFORMED,
      "a set of 4294967295" },
    { "map-of-minus-1", "0d 00 01 0a 0a ff ff ff ff 00", DUNLIN_ERROR_MALFORMED,
      "a map of 4294967295" },
    { "map-longer-than-what-is-left", "0d 00 01 03 03 00 00 00 02 01 02 03", DUNLIN_ERROR_MALFORMED,
      "a map of 2 elements needs 4 bytes, 3 are left" },
    { "list-of-unknown-type", "0f 00 01 07 00 00 00 01 00 00", DUNLIN_ERROR_MALFORMED,
      "a list with elements of types 7" },
    { "list-of-stops", "0f 00 01 00 00 00 00 01 00 00", DUNLIN_ERROR_MALFORMED,
      "a list with elements of types 0" },
    { "list-of-uuids", "0f 00 01 10 00 00 00 01 00 00", DUNLIN_ERROR_MALFORMED,
      "a list with elements of types 16" },
    { "map-of-unknown-type", "0d 00 01 08 11 00 00 00 01 00 00 00 00 00", DUNLIN_ERROR_MALFORMED,
      "a map with elements of types 8 and 17" },
};

static void
test_read (gconstpointer data)
{
    payload_case_read (DUNLIN_ENCODING_BINARY, data);
}

static void
test_cut_short (gconstpointer data)
{
    payload_case_cut_short (DUNLIN_ENCODING_BINARY, data);
}

static void
test_refuse (gconstpointer data)
{
    payload_case_refuse (DUNLIN_ENCODING_BINARY, data);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (reads); i++) {
        payload_case_add ("binary_protocol/reads", reads[i].path, &reads[i], test_read);
        payload_case_add ("binary_protocol/refuses-cut-short", reads[i].path, &reads[i],
                          test_cut_short);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (refuses); i++)
        payload_case_add ("binary_protocol/refuses", refuses[i].path, &refuses[i], test_refuse);
    return g_test_run ();
}
