/* Thrift's compact encoding, byte by byte, read and refused. */
#include "support/payload_case.h"

static const ReadCase reads[] = {
    { "empty-struct", "00", "{}" },
    { "pong-in-field-0", "08 00 04 'pong' 00", "{0:\"706f6e67\" }" },
    { "bools-in-headers", "11 12 00", "{1:true 2:false }" },
    { "bool-with-a-long-id", "01 c8 01 00", "{100:true }" },
    { "bytes", "13 00 13 7f 13 80 13 ff 00", "{1:b0 2:b127 3:b-128 4:b-1 }" },
    { "i16-extremes", "14 fe ff 03 14 ff ff 03 14 01 14 00 00",
      "{1:s32767 2:s-32768 3:s-1 4:s0 }" },
    { "i32-extremes", "15 fe ff ff ff 0f 15 ff ff ff ff 0f 15 01 00",
      "{1:i2147483647 2:i-2147483648 3:i-1 }" },
    { "i64-extremes", "16 fe ff ff ff ff ff ff ff ff 01 16 ff ff ff ff ff ff ff ff ff 01 16 01 00",
      "{1:l9223372036854775807 2:l-9223372036854775808 3:l-1 }" },
    { "zigzag", "15 00 15 01 15 02 15 03 15 7f 15 80 01 00",
      "{1:i0 2:i-1 3:i1 4:i-2 5:i-64 6:i64 }" },
    { "doubles-little-endian",
      "17 00 00 00 00 00 00 f0 3f 17 00 00 00 00 00 00 00 80 17 00 00 00 00 00 00 f0 7f"
      "17 01 00 00 00 00 00 f8 7f 00",
      "{1:d3ff0000000000000 2:d8000000000000000 3:d7ff0000000000000 4:d7ff8000000000001 }" },
    { "strings", "18 00 18 04 00 01 02 ff 00", "{1:\"\" 2:\"000102ff\" }" },
    { "steps-of-15-and-16", "f3 01 03 3e 02 f3 03 00", "{15:b1 31:b2 46:b3 }" },
    { "ids-that-go-back", "53 01 03 02 02 13 03 00", "{5:b1 1:b2 2:b3 }" },
    { "negative-ids", "03 01 01 03 ff ff 03 02 13 03 03 00 04 00",
      "{-1:b1 -32768:b2 -32767:b3 0:b4 }" },
    { "field-32767", "08 fe ff 03 01 'x' 00", "{32767:\"78\" }" },
    { "step-to-32767", "03 fc ff 03 01 13 02 00", "{32766:b1 32767:b2 }" },
    { "ids-count-anew-in-each-struct", "5c 13 01 00 1c 13 02 00 13 03 00",
      "{5:{1:b1 } 6:{1:b2 } 7:b3 }" },
    { "empty-containers", "19 05 1a 08 1b 00 00", "{1:list0() 2:set0() 3:map0() }" },
    { "empty-list-of-no-type", "19 00 00", "{1:list0() }" },
    { "list-of-bools", "19 31 01 02 01 00", "{1:list3(true false true ) }" },
    { "list-of-bools-by-type-2", "19 32 01 02 01 00", "{1:list3(true false true ) }" },
    { "list-of-bools-with-false-as-0", "19 32 01 00 01 00", "{1:list3(true false true ) }" },
    { "map-of-bools", "1b 02 11 01 02 02 01 00", "{1:map2(true=>false false=>true ) }" },
    { "list-of-14", "19 e3 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 00",
      "{1:list14(b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12 b13 b14 ) }" },
    { "list-of-15", "19 f3 0f 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 00",
      "{1:list15(b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12 b13 b14 b15 ) }" },
    { "containers-in-containers",
      "19 29 17 00 00 00 00 00 00 00 40 07 1b 01 8b 01 'k' 01 5c 0e 00 00",
      "{1:list2(list1(d4000000000000000 ) list0() ) 2:map1(\"6b\"=>map1(i7=>{} ) ) }" },
};

static const RefuseCase refuses[] = {
    { "unknown-field-type", "1d 00", DUNLIN_ERROR_MALFORMED, "unknown compact type 13" },
    { "stop-with-a-step", "10", DUNLIN_ERROR_MALFORMED, "unknown compact type 0" },
    { "field-twice", "15 02 05 02 04 00", DUNLIN_ERROR_MALFORMED, "field 1 for the second time" },
    { "bool-field-twice", "11 02 02 00", DUNLIN_ERROR_MALFORMED, "field 1 for the second time" },
    { "field-32767-twice", "03 fe ff 03 01 03 fe ff 03 01 00", DUNLIN_ERROR_MALFORMED,
      "field 32767 for the second time" },
    { "step-over-32767", "03 fc ff 03 01 23 01 00", DUNLIN_ERROR_MALFORMED,
      "a field's id of 32768" },
    { "field-id-of-17-bits", "03 80 80 04 01 00", DUNLIN_ERROR_MALFORMED,
      "a field's id is too large" },
    { "i16-of-17-bits", "14 80 80 04 00", DUNLIN_ERROR_MALFORMED, "an i16 is too large" },
    { "i32-of-33-bits", "15 80 80 80 80 10 00", DUNLIN_ERROR_MALFORMED, "an i32 is too large" },
    { "i32-of-ten-bytes", "15 ff ff ff ff ff ff ff ff ff 01 00", DUNLIN_ERROR_MALFORMED,
      "an i32 is too large" },
    { "i64-of-65-bits", "16 80 80 80 80 80 80 80 80 80 02 00", DUNLIN_ERROR_MALFORMED,
      "an i64 is too large" },
    { "i64-of-11-bytes", "16 ff ff ff ff ff ff ff ff ff ff 01 00", DUNLIN_ERROR_MALFORMED,
      "an i64 is too large" },
    { "padded-i32", "15 80 00 00", DUNLIN_ERROR_MALFORMED, "longer than it need be" },
    { "padded-i64", "16 81 80 80 00 00", DUNLIN_ERROR_MALFORMED, "longer than it need be" },
    { "padded-length", "18 80 00 00", DUNLIN_ERROR_MALFORMED, "longer than it need be" },
    { "endless-varint", "16 80 80 80", DUNLIN_ERROR_MALFORMED, "needs 4 bytes, 3 are left" },
    { "bool-element-of-3", "19 11 03 00", DUNLIN_ERROR_MALFORMED, "bool of value 3" },
    { "string-longer-than-what-is-left", "18 05 'four'", DUNLIN_ERROR_MALFORMED,
      "a string needs 5 bytes, 4 are left" },
    { "string-of-4-gb", "18 ff ff ff ff 0f 'four'", DUNLIN_ERROR_MALFORMED, "4294967295 bytes" },
    { "string-of-8-gb", "18 ff ff ff ff 1f 'four'", DUNLIN_ERROR_MALFORMED,
      "a string's length is too large" },
    { "list-longer-than-what-is-left", "19 55 01 02 03 04", DUNLIN_ERROR_MALFORMED,
      "a list of 5 elements needs 5 bytes, 4 are left" },
    { "list-of-doubles-longer-than-what-is-left", "19 17 01 02 03 04 05 06 07",
      DUNLIN_ERROR_MALFORMED, "a list of 1 elements needs 8 bytes, 7 are left" },
    { "list-of-4-billion", "19 f5 ff ff ff ff 0f 00", DUNLIN_ERROR_MALFORMED,
      "4294967295 elements" },
    { "map-of-4-billion", "1b ff ff ff ff 0f 55 00", DUNLIN_ERROR_MALFORMED,
      "a map of 4294967295 elements needs 8589934590 bytes" },
    { "list-of-unknown-type", "19 1d 00 00", DUNLIN_ERROR_MALFORMED,
      "a list with elements of types 0" },
    { "map-of-unknown-type", "1b 01 d5 00 00", DUNLIN_ERROR_MALFORMED,
      "a map with elements of types 0 and 8" },
};

static void
test_read (gconstpointer data)
{
    payload_case_read (DUNLIN_ENCODING_COMPACT, data);
}

static void
test_cut_short (gconstpointer data)
{
    payload_case_cut_short (DUNLIN_ENCODING_COMPACT, data);
}

static void
test_refuse (gconstpointer data)
{
    payload_case_refuse (DUNLIN_ENCODING_COMPACT, data);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (reads); i++) {
        payload_case_add ("compact_protocol/reads", reads[i].path, &reads[i], test_read);
        payload_case_add ("compact_protocol/refuses-cut-short", reads[i].path, &reads[i],
                          test_cut_short);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (refuses); i++)
        payload_case_add ("compact_protocol/refuses", refuses[i].path, &refuses[i], test_refuse);
    return g_test_run ();
}
