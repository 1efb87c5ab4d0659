/* wire/json: JSON as people write it, to the bytes and back; and why what is wrong is refused. */
#include "codegen_types_schema.h"
#include "conformance_schema.h"
#include "support/golden.h"
#include "support/schema_values.h"
#include "wire/json.h"
#include "base/error.h"

typedef struct {
    const char *name;
    const DunlinSchemaStruct *type;
    const char *json;
    const char *hex; /* of the binary encoding; NULL: only there and back */
    const char *out; /* as it comes out; NULL: as it went in */
} Case;

#define EVERY_TYPE &conformance_every_type_schema
#define LEAF       &conformance_leaf_schema

static const Case cases[] = {
    { "nothing", EVERY_TYPE, "{}", "00", NULL },
    { "bools", EVERY_TYPE, "{\"flag\":true,\"maybe_flag\":false,\"flags\":[true,false,true]}",
      "02 0001 01  02 0012 00  0f 0019 02 00000003 01 00 01  00", NULL },
    { "least", EVERY_TYPE,
      "{\"tiny\":-128,\"small\":-32768,\"medium\":-2147483648,\"large\":-9223372036854775808}",
      "03 0002 80  06 0003 8000  08 0004 80000000  0a 0005 8000000000000000  00", NULL },
    { "greatest", EVERY_TYPE,
      "{\"tiny\":127,\"small\":32767,\"medium\":2147483647,\"large\":9223372036854775807}",
      "03 0002 7f  06 0003 7fff  08 0004 7fffffff  0a 0005 7fffffffffffffff  00", NULL },
    { "integers-in-quotes", EVERY_TYPE, "{\"tiny\":\"-1\",\"large\":\"9007199254740993\"}",
      "03 0002 ff  0a 0005 0020000000000001  00", "{\"tiny\":-1,\"large\":9007199254740993}" },
    { "doubles", EVERY_TYPE, "{\"real\":0.1,\"matrix\":[[1,-0],[],[1e+300]]}",
      "04 0006 3fb999999999999a"
      "0f 0010 0f 00000003  04 00000002 3ff0000000000000 8000000000000000"
      "  04 00000000  04 00000001 7e37e43c8800759c  00",
      NULL },
    { "doubles-that-are-no-numbers", EVERY_TYPE,
      "{\"matrix\":[[\"NaN\",\"Infinity\",\"-Infinity\"]]}",
      "0f 0010 0f 00000001 04 00000003"
      " 7ff8000000000000 7ff0000000000000 fff0000000000000  00",
      NULL },
    { "text", EVERY_TYPE, "{\"text\":\"a\\\"\\u0000\\u000a\u00e9\U0001f426\"}",
      "0b 0007 0000000a 'a\"' 00 0a c3a9 f09f90a6  00", NULL },
    { "binary", EVERY_TYPE, "{\"blob\":\"AP8A\",\"blobs\":[\"\",\"AQ==\"]}",
      "0b 0008 00000003 00ff00  0f 0015 0b 00000002 00000000 00000001 01  00", NULL },
    { "enum-by-name", EVERY_TYPE,
      "{\"color\":\"NEGATIVE\",\"names\":{\"RED\":\"r\",\"BLUE\":\"b\"}}",
      "08 0009 fffffffb  0d 0016 08 0b 00000002 00000001 00000001 'r' 0000000a 00000001 'b'  00",
      NULL },
    { "enum-by-number", EVERY_TYPE, "{\"color\":10,\"names\":{\"1\":\"r\"}}",
      "08 0009 0000000a  0d 0016 08 0b 00000001 00000001 00000001 'r'  00",
      "{\"color\":\"BLUE\",\"names\":{\"RED\":\"r\"}}" },
    { "enum-without-name", EVERY_TYPE, "{\"color\":77,\"names\":{\"-9\":\"x\"}}",
      "08 0009 0000004d  0d 0016 08 0b 00000001 fffffff7 00000001 'x'  00", NULL },
    { "struct", EVERY_TYPE, "{\"leaf\":{\"number\":1,\"text\":\"t\"}}",
      "0c 000a 08 0001 00000001 0b 0002 00000001 't' 00  00", NULL },
    { "null-is-unset", EVERY_TYPE, "{\"leaf\":{\"number\":1,\"text\":null},\"maybe_text\":null}",
      "0c 000a 08 0001 00000001 00  00", "{\"leaf\":{\"number\":1}}" },
    { "sets", EVERY_TYPE, "{\"words\":[\"b\",\"a\"],\"numbers\":[2,1]}",
      "0e 000c 0b 00000002 00000001 'b' 00000001 'a'"
      " 0e 0017 08 00000002 00000002 00000001  00",
      NULL },
    { "maps", EVERY_TYPE,
      "{\"counts\":{\"\":0,\"a b\":-1},\"groups\":{\"-7\":[{\"number\":1}],\"0\":[]},"
      "\"nested\":{\"x\":{\"y\":0.5}}}",
      "0d 000d 0b 08 00000002 00000000 00000000 00000003 'a b' ffffffff"
      " 0d 000f 08 0f 00000002 fffffff9 0c 00000001 08 0001 00000001 00 00000000 0c 00000000"
      " 0d 001a 0b 0d 00000001 00000001 'x' 0b 04 00000001 00000001 'y' 3fe0000000000000  00",
      NULL },
    { "union", EVERY_TYPE, "{\"choice\":{\"leaf\":{\"number\":3}}}",
      "0c 0011 0c 0003 08 0001 00000003 00 00  00", NULL },
    { "union-of-null-and-one", EVERY_TYPE, "{\"choice\":{\"text\":null,\"number\":3}}",
      "0c 0011 0a 0001 0000000000000003 00  00", "{\"choice\":{\"number\":3}}" },
    { "far-id", EVERY_TYPE, "{\"far_away\":\"x\"}", "0b 7fff 00000001 'x'  00", NULL },
    { "any-order", EVERY_TYPE, "{\"small\":2,\"flag\":false,\"tiny\":1}",
      "06 0003 0002  02 0001 00  03 0002 01  00", NULL },
    { "struct-keys", &codegen_types_of_struct_schema,
      "{\"keyed\":[[{\"first\":1},10],[{\"first\":2,\"second\":\"s\"},20]]}",
      "0d 0004 0c 08 00000002 08 0001 00000001 00 0000000a"
      " 08 0001 00000002 0b 0002 00000001 's' 00 00000014  00",
      NULL },
    { "list-keys", &codegen_types_of_list_schema, "{\"keyed\":[[[1,2],3],[[],4]]}",
      "0d 0004 0f 08 00000002 08 00000002 00000001 00000002 00000003"
      " 08 00000000 00000004  00",
      NULL },
    { "bool-keys", &codegen_types_of_bool_schema, "{\"keyed\":{\"true\":1,\"false\":2}}",
      "0d 0004 02 08 00000002 01 00000001 00 00000002  00", NULL },
    { "double-keys", &codegen_types_of_double_schema, "{\"keyed\":{\"0.5\":1,\"Infinity\":2}}",
      "0d 0004 04 08 00000002 3fe0000000000000 00000001 7ff0000000000000 00000002  00", NULL },
    { "negative-ids", &codegen_types_no_ids_schema, "{\"first\":1,\"third\":[\"x\"]}",
      "08 ffff 00000001  0f fffe 0b 00000001 00000001 'x'  00", NULL },
};

/* What is refused, and what the error says. */
static const Case refused[] = {
    { "unknown-field", EVERY_TYPE, "{\"leaf\":{\"nmber\":1}}", NULL,
      "leaf.nmber: Leaf has no such field; did you mean number?" },
    { "unknown-field-of-other-name", LEAF, "{\"zzzzzzz\\n\":1}", NULL,
      "zzzzzzz\\n: Leaf has no such field" },
    { "field-twice", LEAF, "{\"number\":1,\"number\":2}", NULL, "number: is there twice" },
    { "field-twice-by-escape", LEAF, "{\"number\":1,\"n\\u0075mber\":1}", NULL,
      "number: is there twice" },
    { "null-and-value", LEAF, "{\"text\":null,\"text\":\"\",\"number\":1}", NULL,
      "text: is there twice" },
    { "required-missing", EVERY_TYPE, "{\"leaves\":[{\"number\":1},{}]}", NULL,
      "leaves[1].number: is required (i32), and missing" },
    { "required-null", LEAF, "{\"number\":null}", NULL, "number: is required (i32), and cannot" },
    { "null-in-list", EVERY_TYPE, "{\"longs\":[null]}", NULL, "longs[0]: a number expected" },
    { "i8-too-large", EVERY_TYPE, "{\"tiny\":128}", NULL, "tiny: 128 is out of the range of byte" },
    { "i16-too-small", EVERY_TYPE, "{\"small\":-32769}", NULL,
      "small: -32769 is out of the range" },
    { "i32-too-large", EVERY_TYPE, "{\"groups\":{\"2147483648\":[]}}", NULL,
      "groups[\"2147483648\"]: 2147483648 is out of the range of i32" },
    { "i64-too-large", EVERY_TYPE, "{\"longs\":[1,9223372036854775808]}", NULL,
      "longs[1]: 9223372036854775808 is out of the range of i64" },
    { "fraction", EVERY_TYPE, "{\"medium\":1.0}", NULL, "medium: \"1.0\" is not a whole number" },
    { "exponent", EVERY_TYPE, "{\"medium\":1e3}", NULL, "medium: \"1e3\" is not a whole number" },
    { "no-digits", EVERY_TYPE, "{\"medium\":\"one\"}", NULL, "medium: \"one\" is not a whole" },
    { "bool-in-quotes", EVERY_TYPE, "{\"flag\":\"true\"}", NULL,
      "flag: true or false expected for bool, not a string" },
    { "number-for-bool", EVERY_TYPE, "{\"flag\":1}", NULL, "flag: true or false expected" },
    { "bool-for-number", EVERY_TYPE, "{\"real\":true}", NULL,
      "real: a number expected for double" },
    { "double-too-large", EVERY_TYPE, "{\"real\":1e400}", NULL, "real: \"1e400\" is not a number" },
    { "word-for-double", EVERY_TYPE, "{\"real\":\"inf\"}", NULL, "real: \"inf\" is not a number" },
    { "number-for-string", EVERY_TYPE, "{\"text\":1}", NULL, "text: a string expected" },
    { "no-base64", EVERY_TYPE, "{\"blob\":\"abc\"}", NULL, "blob: \"abc\" is not base64" },
    { "unknown-member", EVERY_TYPE, "{\"color\":\"GREN\"}", NULL,
      "color: \"GREN\" is no name of the enum Color; did you mean GREEN?" },
    { "member-out-of-range", EVERY_TYPE, "{\"color\":2147483648}", NULL,
      "color: 2147483648 is out of the range" },
    { "unknown-member-key", EVERY_TYPE, "{\"names\":{\"red\":\"\"}}", NULL,
      "names[\"red\"]: \"red\" is no name of the enum Color" },
    { "object-for-list", EVERY_TYPE, "{\"longs\":{}}", NULL,
      "longs: an array expected for list<i64>, not an object" },
    { "array-for-map", EVERY_TYPE, "{\"counts\":[]}", NULL,
      "counts: an object expected for map<string, i32>, not an array" },
    { "array-for-struct", EVERY_TYPE, "{\"leaf\":[]}", NULL, "leaf: an object expected for Leaf" },
    { "object-for-struct-keys", &codegen_types_of_struct_schema, "{\"keyed\":{}}", NULL,
      "keyed: an array of [key, value] expected" },
    { "no-pair", &codegen_types_of_struct_schema, "{\"keyed\":[[{}]]}", NULL,
      "keyed[0]: an array of key and value expected" },
    { "set-element-twice", EVERY_TYPE, "{\"numbers\":[1,2,\"1\"]}", NULL,
      "numbers: a set has every element once, but 0 and 2 (from 0) are the same" },
    { "key-twice", EVERY_TYPE, "{\"counts\":{\"a\":1,\"b\":2,\"a\":3}}", NULL,
      "counts: a map has every key once, but entries 0 and 2 (from 0) are the same" },
    { "enum-key-twice", EVERY_TYPE, "{\"names\":{\"RED\":\"\",\"1\":\"\"}}", NULL,
      "names: a map has every key once" },
    { "union-of-none", EVERY_TYPE, "{\"choice\":{}}", NULL,
      "choice: the union Choice has exactly one field, not 0" },
    { "union-of-two", EVERY_TYPE, "{\"choice\":{\"number\":1,\"text\":\"\"}}", NULL,
      "choice: the union Choice has exactly one field, not 2" },
    { "no-object", LEAF, "[]", NULL, "an object expected for Leaf, not an array" },
    { "no-json", LEAF, "{\"number\":1", NULL, "line 1, column 12: it ends too early" },
};

typedef struct {
    ThriftProtocol *protocol;
    DunlinBuffer bytes;
    GString *text;
} Fixture;

static void
set_up (Fixture *self, DunlinEncoding encoding)
{
    self->protocol = dunlin_payload_new (encoding, NULL);
    self->bytes = (DunlinBuffer){ 0 };
    self->text = g_string_new (NULL);
}

static void
tear_down (Fixture *self)
{
    g_object_unref (self->protocol);
    dunlin_buffer_clear (&self->bytes);
    g_string_free (self->text, TRUE);
}

static void
read_out (Fixture *self, const DunlinSchemaStruct *type, const DunlinJsonOptions *options,
          GError **error)
{
    const DunlinSchemaType value = { .kind = DUNLIN_SCHEMA_STRUCT, .structure = type };
    /* A copy of its size: reads past it are seen. */
    g_autofree guint8 *exact = golden_prefix (&self->bytes, dunlin_buffer_length (&self->bytes));

    dunlin_payload_set_input (self->protocol, exact, dunlin_buffer_length (&self->bytes));
    dunlin_json_from_thrift (&value, self->protocol, self->text, options, error);
}

static void
test_case_in (const Case *test, DunlinEncoding encoding)
{
    Fixture f;
    GError *error = NULL;

    set_up (&f, encoding);
    dunlin_json_to_thrift (test->type, test->json, strlen (test->json), f.protocol, &f.bytes,
                           &error);
    g_assert_no_error (error);
    if (encoding == DUNLIN_ENCODING_BINARY && test->hex != NULL)
        golden_check (&f.bytes, test->hex);
    read_out (&f, test->type, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (f.text->str, ==, test->out != NULL ? test->out : test->json);
    g_assert_cmpuint (dunlin_payload_consumed (f.protocol), ==, dunlin_buffer_length (&f.bytes));
    tear_down (&f);
}

static void
test_case (gconstpointer data)
{
    test_case_in (data, DUNLIN_ENCODING_BINARY);
    test_case_in (data, DUNLIN_ENCODING_COMPACT);
}

static void
test_refused (gconstpointer data)
{
    const Case *test = data;
    g_autoptr (GError) error = NULL;
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_COMPACT);
    dunlin_buffer_u8 (&f.bytes, 7);
    g_assert_false (dunlin_json_to_thrift (test->type, test->json, strlen (test->json), f.protocol,
                                           &f.bytes, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    if (strstr (error->message, test->out) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, test->out);
    g_assert_cmpuint (dunlin_buffer_length (&f.bytes), ==, 1); /* as it was */
    tear_down (&f);
}

/* Values of every type in every place, written by schema: bytes > JSON > the same bytes. */
static void
round_trip (const DunlinSchemaStruct *type, DunlinEncoding encoding, int n,
            const DunlinJsonOptions *options)
{
    g_auto (DunlinBuffer) again = { 0 };
    GError *error = NULL;
    Fixture f;

    set_up (&f, encoding);
    dunlin_payload_set_output (f.protocol, &f.bytes);
    write_struct (f.protocol, type, n, 0);
    read_out (&f, type, options, &error);
    g_assert_no_error (error);
    dunlin_json_to_thrift (type, f.text->str, f.text->len, f.protocol, &again, &error);
    g_assert_no_error (error);
    golden_equal (dunlin_buffer_bytes (&again), dunlin_buffer_length (&again),
                  dunlin_buffer_bytes (&f.bytes), dunlin_buffer_length (&f.bytes));
    tear_down (&f);
}

static gboolean
is_container (const DunlinSchemaType *type)
{
    return type != NULL && type->element != NULL;
}

/* What schema_values.h writes, but JSON rightly refuses: unions of several fields; sets of lists,
 * and maps with such keys, that are the same twice. */
static gboolean
is_left_out (const DunlinSchemaType *type)
{
    if (type->structure != NULL)
        return type->structure->form == DUNLIN_SCHEMA_FORM_UNION;
    return (type->kind == DUNLIN_SCHEMA_SET && is_container (type->element)) ||
           is_container (type->key);
}

static void
round_trip_fields (const DunlinSchemaStruct *type, const DunlinJsonOptions *options)
{
    g_autofree DunlinSchemaField *fields = g_new (DunlinSchemaField, type->n_fields + 1);
    DunlinSchemaStruct left = *type;

    left.fields = fields;
    left.n_fields = 0;
    for (gsize i = 0; i < type->n_fields; i++)
        if (!is_left_out (type->fields[i].type))
            fields[left.n_fields++] = type->fields[i];
    for (int n = 0; n < 4; n++) {
        round_trip (&left, DUNLIN_ENCODING_BINARY, n, options);
        round_trip (&left, DUNLIN_ENCODING_COMPACT, n, options);
    }
}

static void
round_trip_all (const DunlinSchema *schema, const DunlinJsonOptions *options)
{
    for (gsize i = 0; i < schema->n_structs; i++)
        if (schema->structs[i]->form != DUNLIN_SCHEMA_FORM_UNION)
            round_trip_fields (schema->structs[i], options);
}

static void
test_every_type (void)
{
    static const DunlinJsonOptions pretty = { .pretty = TRUE, .i64_as_text = TRUE };

    round_trip_all (&codegen_types_idl_schema, NULL);
    round_trip_all (&codegen_types_idl_schema, &pretty);
    round_trip_all (&conformance_idl_schema, NULL);
}

static void
test_pretty (void)
{
    static const DunlinJsonOptions options = { .pretty = TRUE, .i64_as_text = TRUE };
    static const char json[] = "{\"large\":1,\"longs\":[1,2],\"words\":[],\"leaf\":{\"number\":1},"
                               "\"counts\":{},\"matrix\":[[1,2],[]],\"nested\":{\"a\":{\"b\":1}}}";
    GError *error = NULL;
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_BINARY);
    dunlin_json_to_thrift (EVERY_TYPE, json, strlen (json), f.protocol, &f.bytes, &error);
    g_assert_no_error (error);
    read_out (&f, EVERY_TYPE, &options, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (f.text->str, ==,
                     "{\n"
                     "  \"large\": \"1\",\n"
                     "  \"longs\": [\"1\", \"2\"],\n"
                     "  \"words\": [],\n"
                     "  \"leaf\": {\n"
                     "    \"number\": 1\n"
                     "  },\n"
                     "  \"counts\": {},\n"
                     "  \"matrix\": [\n"
                     "    [1, 2],\n"
                     "    []\n"
                     "  ],\n"
                     "  \"nested\": {\n"
                     "    \"a\": {\n"
                     "      \"b\": 1\n"
                     "    }\n"
                     "  }\n"
                     "}");
    tear_down (&f);
}

/* ---- Replies that are not as they should be ---- */

static void
check_reply (const DunlinSchemaStruct *type, const char *hex, const DunlinJsonOptions *options,
             const char *expected)
{
    GError *error = NULL;
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_BINARY);
    golden_append (&f.bytes, hex);
    read_out (&f, type, options, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (f.text->str, ==, expected);
    tear_down (&f);
}

static void
test_unknown (void)
{
    static const DunlinJsonOptions skip = { .skip_unknown = TRUE };
    static const char hex[] = "08 0001 00000007  02 0009 01  0b 000a 00000002 'hi'"
                              " 0b 000b 00000002 ff00  04 000c 7ff8000000000000"
                              " 0f 000d 0a 00000002 0000000000000001 0000000000000002"
                              " 0d 000e 0b 08 00000001 00000001 'k' 00000005"
                              " 0c 000f 06 0001 0003 00  0a 0002 0000000000000001  00";

    check_reply (LEAF, hex, NULL,
                 "{\"number\":7,\"#9\":true,\"#10\":\"hi\",\"#11\":\"/wA=\",\"#12\":\"NaN\","
                 "\"#13\":[1,2],\"#14\":[[\"k\",5]],\"#15\":{\"#1\":3},\"#2\":1}");
    check_reply (LEAF, hex, &skip, "{\"number\":7}");
}

static void
test_other_types (void)
{
    /* longs as strings, counts with numbers for keys, groups of numbers. */
    check_reply (EVERY_TYPE,
                 "0f 000b 0b 00000001 00000001 'x'"
                 " 0d 000d 08 08 00000001 00000001 00000002"
                 " 0d 000f 08 08 00000001 00000001 00000002  00",
                 NULL, "{\"longs\":[\"x\"],\"counts\":[[1,2]],\"groups\":{\"1\":2}}");
}

static void
refuse_reply (const DunlinSchemaStruct *type, const char *hex, const DunlinJsonOptions *options,
              DunlinError code, const char *says)
{
    g_autoptr (GError) error = NULL;
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_BINARY);
    g_string_append (f.text, "before");
    golden_append (&f.bytes, hex);
    read_out (&f, type, options, &error);
    g_assert_error (error, DUNLIN_ERROR, (int)code);
    if (strstr (error->message, says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, says);
    g_assert_cmpstr (f.text->str, ==, "before");
    tear_down (&f);
}

static void
test_bad_replies (void)
{
    static const DunlinJsonOptions replace = { .replace_invalid_utf8 = TRUE };
    static const DunlinJsonOptions small = { .max_text = 20 };

    refuse_reply (EVERY_TYPE, "0c 000a 0b 0002 00000002 c328 00 00", NULL, DUNLIN_ERROR_MALFORMED,
                  "leaf.text: the string is not UTF-8");
    check_reply (EVERY_TYPE, "0c 000a 0b 0002 00000002 c328 00 00", &replace,
                 "{\"leaf\":{\"text\":\"\xef\xbf\xbd(\"}}");
    refuse_reply (EVERY_TYPE,
                  "0d 000d 0b 08 00000002 00000001 'a' 00000001 00000001 'a' 00000002  00", NULL,
                  DUNLIN_ERROR_MALFORMED, "counts: the map has a key twice");
    refuse_reply (EVERY_TYPE, "0f 000b 0a 7fffffff 0000000000000001", NULL, DUNLIN_ERROR_MALFORMED,
                  "longs");
    refuse_reply (EVERY_TYPE, "0b 0007 00000018 'abcdefghijklmnopqrstuvwx' 00", &small,
                  DUNLIN_ERROR_TOO_LARGE, "over 20 bytes");
    refuse_reply (EVERY_TYPE, "05 0001 00", NULL, DUNLIN_ERROR_MALFORMED, "unknown type");
}

static void
test_cut_short (void)
{
    g_auto (DunlinBuffer) whole = { 0 };
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_BINARY);
    dunlin_payload_set_output (f.protocol, &whole);
    write_struct (f.protocol, EVERY_TYPE, 1, 0);
    for (gsize n = 0; n < dunlin_buffer_length (&whole); n++) {
        g_autoptr (GError) error = NULL;

        dunlin_buffer_truncate (&f.bytes, 0);
        dunlin_buffer_append (&f.bytes, dunlin_buffer_bytes (&whole), n);
        read_out (&f, EVERY_TYPE, NULL, &error);
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        g_assert_cmpuint (f.text->len, ==, 0);
    }
    tear_down (&f);
}

/* A tree of itself: as deep as a sender likes. */
static void
test_depth (void)
{
    g_autoptr (GString) json = g_string_new ("{}");
    g_autoptr (GString) hex = g_string_new ("00");
    g_autoptr (GError) error = NULL;
    Fixture f;

    for (int i = 0; i < 70; i++) {
        g_string_prepend (json, "{\"children\":[");
        g_string_append (json, "]}");
        g_string_prepend (hex, "0f 0002 0c 00000001");
        g_string_append (hex, "00");
    }
    refuse_reply (&codegen_types_tree_schema, hex->str, NULL, DUNLIN_ERROR_MALFORMED,
                  "children[0].children[0]");
    set_up (&f, DUNLIN_ENCODING_BINARY);
    g_assert_false (dunlin_json_to_thrift (&codegen_types_tree_schema, json->str, json->len,
                                           f.protocol, &f.bytes, &error));
    g_assert_nonnull (strstr (error->message, "children[0].children[0]"));
    tear_down (&f);
}

static void
test_too_large (void)
{
    static const DunlinPayloadLimits limits = { .max_elements = 10,
                                                .max_depth = 8,
                                                .max_output = 30 };
    static const char json[] = "{\"number\":1,\"text\":\"abcdefghijklmnopqrstuvwxyz\"}";
    g_auto (DunlinBuffer) out = { 0 };
    g_autoptr (GError) error = NULL;
    ThriftProtocol *protocol = dunlin_payload_new (DUNLIN_ENCODING_BINARY, &limits);

    g_assert_false (dunlin_json_to_thrift (LEAF, json, strlen (json), protocol, &out, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_nonnull (strstr (error->message, "text: "));
    g_object_unref (protocol);
}

static void
test_arguments (void)
{
    static const char json[] = "{\"prefix\":\"a\",\"limit\":3}";
    DunlinSchemaStruct arguments = dunlin_schema_arguments (&conformance_method_schemas[2]);
    GError *error = NULL;
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_BINARY);
    dunlin_json_to_thrift (&arguments, json, strlen (json), f.protocol, &f.bytes, &error);
    g_assert_no_error (error);
    golden_check (&f.bytes, "0b 0001 00000001 'a'  08 0002 00000003  00");
    tear_down (&f);
}

/* ---- Required fields with defaults, which no IDL of ours has ---- */

static const DunlinSchemaType type_i32 = { .kind = DUNLIN_SCHEMA_I32, .text = "i32" };
static const DunlinSchemaType type_bool = { .kind = DUNLIN_SCHEMA_BOOL, .text = "bool" };
static const DunlinSchemaType type_string = { .kind = DUNLIN_SCHEMA_STRING, .text = "string" };
static const DunlinSchemaType type_color = { .kind = DUNLIN_SCHEMA_ENUM,
                                             .text = "Color",
                                             .enumeration = &conformance_color_schema };

static void
check_default (const DunlinSchemaType *type, const char *value, const char *json)
{
    DunlinSchemaField field = {
        .id = 1, .name = "x", .type = type, .value = value, .requiredness = DUNLIN_SCHEMA_REQUIRED
    };
    DunlinSchemaStruct structure = { .name = "S", .fields = &field, .n_fields = 1 };
    g_autoptr (GError) error = NULL;
    Fixture f;

    set_up (&f, DUNLIN_ENCODING_COMPACT);
    if (dunlin_json_to_thrift (&structure, "{}", 2, f.protocol, &f.bytes, &error)) {
        read_out (&f, &structure, NULL, NULL);
        g_assert_cmpstr (f.text->str, ==, json);
    } else {
        g_assert_null (json);
        g_assert_nonnull (strstr (error->message, "x: is required"));
    }
    tear_down (&f);
}

static void
test_defaults (void)
{
    check_default (&type_i32, "42", "{\"x\":42}");
    check_default (&type_i32, "-1", "{\"x\":-1}");
    check_default (&type_i32, "0x10", "{\"x\":16}");
    check_default (&type_i32, "SEVEN", NULL);
    check_default (&type_bool, "true", "{\"x\":true}");
    check_default (&type_bool, "0", "{\"x\":false}");
    check_default (&type_string, "\"it's\"", "{\"x\":\"it's\"}");
    check_default (&type_string, "'a\\tb'", "{\"x\":\"a\\u0009b\"}");
    check_default (&type_color, "Color.GREEN", "{\"x\":\"GREEN\"}");
    check_default (&type_color, "BLUE", "{\"x\":\"BLUE\"}");
    check_default (&type_color, "2", "{\"x\":\"GREEN\"}");
}

static void
add_cases (const char *group, const Case *list, gsize n, GTestDataFunc test)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf ("/wire/json/%s/%s", group, list[i].name);

        g_test_add_data_func (path, &list[i], test);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add_cases ("takes", cases, G_N_ELEMENTS (cases), test_case);
    add_cases ("refuses", refused, G_N_ELEMENTS (refused), test_refused);
    g_test_add_func ("/wire/json/every-type-in-every-place-there-and-back", test_every_type);
    g_test_add_func ("/wire/json/pretty-and-i64-in-quotes", test_pretty);
    g_test_add_func ("/wire/json/unknown-fields-are-shown-or-skipped", test_unknown);
    g_test_add_func ("/wire/json/values-of-other-types-are-shown-as-they-come", test_other_types);
    g_test_add_func ("/wire/json/bad-replies-are-refused-with-their-place", test_bad_replies);
    g_test_add_func ("/wire/json/replies-cut-short-anywhere-are-refused", test_cut_short);
    g_test_add_func ("/wire/json/depth-is-bounded", test_depth);
    g_test_add_func ("/wire/json/output-is-bounded", test_too_large);
    g_test_add_func ("/wire/json/arguments-are-a-struct", test_arguments);
    g_test_add_func ("/wire/json/required-fields-fall-back-to-defaults", test_defaults);
    return g_test_run ();
}
