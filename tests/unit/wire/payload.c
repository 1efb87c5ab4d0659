/* What both encodings of wire/payload have in common: limits, declared types, text, the drain after
 * a failure, output, messages and hooks. Every test runs once an encoding. */
#include "wire/payload.h"

#include "support/payload_case.h"

/* Nothing but a protocol and where it writes. */
typedef struct {
    ThriftProtocol *protocol;
    DunlinBuffer out;
} Fixture;

static void
set_up (Fixture *self, gconstpointer encoding)
{
    self->protocol = dunlin_payload_new (GPOINTER_TO_INT (encoding), NULL);
    self->out = (DunlinBuffer){ 0 };
    dunlin_payload_set_output (self->protocol, &self->out);
}

static void
tear_down (Fixture *self, gconstpointer encoding)
{
    g_object_unref (self->protocol);
    dunlin_buffer_clear (&self->out);
}

static void
use_limits (Fixture *self, gconstpointer encoding, const DunlinPayloadLimits *limits)
{
    g_object_unref (self->protocol);
    self->protocol = dunlin_payload_new (GPOINTER_TO_INT (encoding), limits);
    dunlin_payload_set_output (self->protocol, &self->out);
}

/* Reads back what was written. */
static void
turn_round (Fixture *self)
{
    dunlin_payload_set_input (self->protocol, dunlin_buffer_bytes (&self->out),
                              dunlin_buffer_length (&self->out));
}

static void
assert_refused (Fixture *self, DunlinError code, const char *says)
{
    const GError *failure = dunlin_payload_failure (self->protocol);

    g_assert_error (failure, DUNLIN_ERROR, (int)code);
    if (strstr (failure->message, says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", failure->message, says);
}

static char *
text_of_output (Fixture *self)
{
    return payload_case_text (self->protocol, &self->out, dunlin_buffer_length (&self->out));
}

static void
write_nested_structs (Fixture *self, int depth)
{
    ThriftProtocol *p = self->protocol;

    for (int i = 0; i < depth; i++) {
        if (i > 0)
            thrift_protocol_write_field_begin (p, "inner", T_STRUCT, 1, NULL);
        /* Deeper than may be written: by two writers. */
        if (i % DUNLIN_PAYLOAD_DEPTH_MAX == 0)
            dunlin_payload_set_output (p, &self->out);
        thrift_protocol_write_struct_begin (p, "Nested", NULL);
    }
    for (int i = 0; i < depth; i++)
        thrift_protocol_write_field_stop (p, NULL);
}

static void
test_struct_depth (Fixture *self, gconstpointer encoding)
{
    const int deep[] = { 65, 10000 };
    g_autofree char *fits = NULL;

    write_nested_structs (self, 64);
    fits = text_of_output (self);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
    for (gsize i = 0; i < G_N_ELEMENTS (deep); i++) {
        g_autofree char *text = NULL;

        dunlin_buffer_truncate (&self->out, 0);
        write_nested_structs (self, deep[i]);
        text = text_of_output (self);
        assert_refused (self, DUNLIN_ERROR_MALFORMED, "nested deeper than 64");
    }
}

/* Lists in lists in the one field of a struct. */
static void
write_nested_lists (Fixture *self, int depth)
{
    ThriftProtocol *p = self->protocol;

    thrift_protocol_write_struct_begin (p, "Nested", NULL);
    thrift_protocol_write_field_begin (p, "lists", T_LIST, 1, NULL);
    for (int i = 0; i < depth; i++) {
        dunlin_payload_set_output (p, &self->out);
        thrift_protocol_write_list_begin (p, i == depth - 1 ? T_BYTE : T_LIST, 1, NULL);
    }
    thrift_protocol_write_byte (p, 1, NULL);
    thrift_protocol_write_field_stop (p, NULL);
}

static void
test_list_depth (Fixture *self, gconstpointer encoding)
{
    const int deep[] = { 64, 10000 };
    g_autofree char *fits = NULL;

    write_nested_lists (self, 63);
    fits = text_of_output (self);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
    for (gsize i = 0; i < G_N_ELEMENTS (deep); i++) {
        g_autofree char *text = NULL;

        dunlin_buffer_truncate (&self->out, 0);
        write_nested_lists (self, deep[i]);
        text = text_of_output (self);
        assert_refused (self, DUNLIN_ERROR_MALFORMED, "nested deeper than 64");
    }
}

/* thrift_protocol_skip() recurses without a limit of its own. */
static void
test_skip_depth (Fixture *self, gconstpointer encoding)
{
    write_nested_structs (self, 100000);
    turn_round (self);
    g_assert_cmpint (thrift_protocol_skip (self->protocol, T_STRUCT, NULL), >=, 0);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "nested deeper than 64");
}

static void
test_smaller_depth (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;
    g_autofree char *fits = NULL;
    g_autofree char *text = NULL;

    write_nested_structs (self, 3);
    limits.max_depth = 3;
    use_limits (self, encoding, &limits);
    fits = text_of_output (self);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
    limits.max_depth = 2;
    use_limits (self, encoding, &limits);
    text = text_of_output (self);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "nested deeper than 2");
}

/* A struct with one list of @n elements of @type, each of which @hex_zero stands for. */
static void
write_list_of (Fixture *self, ThriftType type, guint32 n, guint8 zeros_each)
{
    ThriftProtocol *p = self->protocol;
    gsize length = (gsize)n * zeros_each;

    thrift_protocol_write_struct_begin (p, "Many", NULL);
    thrift_protocol_write_field_begin (p, "many", T_LIST, 1, NULL);
    thrift_protocol_write_list_begin (p, type, n, NULL);
    memset (dunlin_buffer_reserve (&self->out, length), 0, length);
    dunlin_buffer_commit (&self->out, length);
    thrift_protocol_write_field_stop (p, NULL);
}

static gboolean
passes (Fixture *self)
{
    turn_round (self);
    thrift_protocol_skip (self->protocol, T_STRUCT, NULL);
    return dunlin_payload_failure (self->protocol) == NULL;
}

static void
test_element_cap (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;

    /* The outer struct and the list count 10 each. */
    limits.max_elements = 120;
    use_limits (self, encoding, &limits);
    write_list_of (self, T_BYTE, 100, 1);
    g_assert_true (passes (self));
    dunlin_buffer_truncate (&self->out, 0);
    write_list_of (self, T_BYTE, 101, 1);
    g_assert_false (passes (self));
    assert_refused (self, DUNLIN_ERROR_TOO_LARGE, "more than the 120 elements");
    dunlin_buffer_truncate (&self->out, 0);
    write_list_of (self, T_STRUCT, 10, 1);
    g_assert_true (passes (self));
    dunlin_buffer_truncate (&self->out, 0);
    write_list_of (self, T_STRUCT, 11, 1);
    g_assert_false (passes (self));
    assert_refused (self, DUNLIN_ERROR_TOO_LARGE, "more than the 120 elements");
}

static void
test_default_cap (Fixture *self, gconstpointer encoding)
{
    write_list_of (self, T_STRUCT, 99998, 1);
    g_assert_true (passes (self));
    dunlin_buffer_truncate (&self->out, 0);
    write_list_of (self, T_STRUCT, 99999, 1);
    g_assert_false (passes (self));
    assert_refused (self, DUNLIN_ERROR_TOO_LARGE, "more than the 1000000 elements");
}

/* Many containers, each of them small. */
static void
test_cap_is_for_the_message (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;
    ThriftProtocol *p;

    limits.max_elements = 10 + 5 * (10 + 7);
    use_limits (self, encoding, &limits);
    p = self->protocol;
    thrift_protocol_write_struct_begin (p, "Lists", NULL);
    for (gint16 i = 1; i <= 6; i++) {
        thrift_protocol_write_field_begin (p, "list", T_LIST, i, NULL);
        thrift_protocol_write_list_begin (p, T_BYTE, 7, NULL);
        for (int n = 0; n < 7; n++)
            thrift_protocol_write_byte (p, 0, NULL);
        thrift_protocol_write_list_end (p, NULL);
        if (i == 5) {
            dunlin_buffer_u8 (&self->out, T_STOP);
            g_assert_true (passes (self));
            dunlin_buffer_truncate (&self->out, dunlin_buffer_length (&self->out) - 1);
        }
    }
    thrift_protocol_write_field_stop (p, NULL);
    g_assert_false (passes (self));
    /* And counts anew for the next. */
    dunlin_buffer_truncate (&self->out, 0);
    dunlin_payload_set_output (p, &self->out);
    write_list_of (self, T_BYTE, 70, 1);
    g_assert_true (passes (self));
}

/* Begins reading the one field of a struct. */
static void
enter_field (Fixture *self)
{
    gchar *name;
    ThriftType type;
    gint16 id;

    turn_round (self);
    thrift_protocol_read_struct_begin (self->protocol, &name, NULL);
    thrift_protocol_read_field_begin (self->protocol, &name, &type, &id, NULL);
}

static void
test_declared_list (Fixture *self, gconstpointer encoding)
{
    ThriftType type;
    guint32 size;
    gint64 number = 77;

    write_list_of (self, T_I32, 2, 4);
    enter_field (self);
    thrift_protocol_read_list_begin (self->protocol, &type, &size, NULL);
    g_assert_cmpint (type, ==, T_I32);
    g_assert_cmpuint (size, ==, 2);
    /* As code does that was generated for list<i64>. */
    g_assert_cmpint (thrift_protocol_read_i64 (self->protocol, &number, NULL), >=, 0);
    g_assert_cmpint (number, ==, 0);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "a i32 where a i64 is declared");
}

static void
write_map (Fixture *self)
{
    ThriftProtocol *p = self->protocol;

    thrift_protocol_write_struct_begin (p, "Map", NULL);
    thrift_protocol_write_field_begin (p, "map", T_MAP, 1, NULL);
    thrift_protocol_write_map_begin (p, T_I32, T_STRING, 1, NULL);
    thrift_protocol_write_i32 (p, 5, NULL);
    thrift_protocol_write_string (p, "five", NULL);
    thrift_protocol_write_field_stop (p, NULL);
}

static void
test_declared_key (Fixture *self, gconstpointer encoding)
{
    ThriftType key;
    ThriftType value;
    guint32 size;
    gint64 number;

    write_map (self);
    enter_field (self);
    thrift_protocol_read_map_begin (self->protocol, &key, &value, &size, NULL);
    thrift_protocol_read_i64 (self->protocol, &number, NULL);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "a i32 where a i64 is declared");
}

static void
test_declared_value (Fixture *self, gconstpointer encoding)
{
    ThriftType key;
    ThriftType value;
    guint32 size;
    gint32 number;

    write_map (self);
    enter_field (self);
    thrift_protocol_read_map_begin (self->protocol, &key, &value, &size, NULL);
    thrift_protocol_read_i32 (self->protocol, &number, NULL);
    g_assert_cmpint (number, ==, 5);
    thrift_protocol_read_i32 (self->protocol, &number, NULL);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "a string where a i32 is declared");
}

/* A list is a set on the wire but for its field's type. */
static void
test_declared_container (Fixture *self, gconstpointer encoding)
{
    ThriftType type;
    guint32 size;

    write_list_of (self, T_BYTE, 1, 1);
    enter_field (self);
    thrift_protocol_read_set_begin (self->protocol, &type, &size, NULL);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "a list where a set is declared");
    g_assert_cmpuint (size, ==, 0);
}

static void
test_value_without_field (Fixture *self, gconstpointer encoding)
{
    gint32 number;
    gchar *name;

    dunlin_buffer_append (&self->out, "\0\0\0\0\0\0", 6);
    turn_round (self);
    thrift_protocol_read_struct_begin (self->protocol, &name, NULL);
    thrift_protocol_read_i32 (self->protocol, &number, NULL);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "a i32 is read where no field has begun");
}

static char *
string_back (Fixture *self, const char *bytes, gsize n)
{
    gchar *string = NULL;

    dunlin_buffer_truncate (&self->out, 0);
    thrift_protocol_write_binary (self->protocol, (gpointer)bytes, (guint32)n, NULL);
    turn_round (self);
    g_assert_cmpint (thrift_protocol_read_string (self->protocol, &string, NULL), >=, 0);
    g_assert_nonnull (string);
    return string;
}

/* At every place of words of every length: the check goes eight bytes at a time. */
static void
test_bad_byte_anywhere (Fixture *self, gconstpointer encoding)
{
    for (gsize n = 1; n <= 40; n++) {
        for (gsize at = 0; at < n; at++) {
            g_autofree char *bytes = g_strnfill (n, 'x');
            g_autofree char *zero = NULL;
            g_autofree char *high = NULL;
            g_autofree char *good = NULL;

            bytes[at] = '\0';
            zero = string_back (self, bytes, n);
            assert_refused (self, DUNLIN_ERROR_MALFORMED, "has a zero byte");
            g_assert_cmpstr (zero, ==, "");
            bytes[at] = (char)0x80;
            high = string_back (self, bytes, n);
            assert_refused (self, DUNLIN_ERROR_MALFORMED, "not UTF-8");
            bytes[at] = '\x01';
            good = string_back (self, bytes, n);
            g_assert_no_error (dunlin_payload_failure (self->protocol));
            g_assert_cmpstr (good, ==, bytes);
        }
    }
}

static const char *const good_texts[] = {
    "",
    "a",
    "\x7f",
    "caf\xc3\xa9",
    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
    "\xf0\x9f\xa6\x86",
    "\xef\xbf\xbf",
    "\xf4\x8f\xbf\xbf",
};

static const char *const bad_texts[] = {
    "\xff",
    "\xc3",
    "\xc3(",
    "\xc0\xaf",
    "\xe0\x80\xaf",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xf8\x88\x80\x80\x80",
    "caf\xe9",
};

static void
test_text (Fixture *self, gconstpointer encoding)
{
    for (gsize i = 0; i < G_N_ELEMENTS (good_texts); i++) {
        g_autofree char *text = string_back (self, good_texts[i], strlen (good_texts[i]));

        g_assert_no_error (dunlin_payload_failure (self->protocol));
        g_assert_cmpstr (text, ==, good_texts[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (bad_texts); i++) {
        g_autofree char *text = string_back (self, bad_texts[i], strlen (bad_texts[i]));

        assert_refused (self, DUNLIN_ERROR_MALFORMED, "not UTF-8");
        g_assert_cmpstr (text, ==, "");
    }
}

static void
test_relaxed_text (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;
    g_autofree char *zero = NULL;

    limits.allow_invalid_utf8 = TRUE;
    use_limits (self, encoding, &limits);
    for (gsize i = 0; i < G_N_ELEMENTS (bad_texts); i++) {
        g_autofree char *text = string_back (self, bad_texts[i], strlen (bad_texts[i]));

        g_assert_no_error (dunlin_payload_failure (self->protocol));
        g_assert_cmpstr (text, ==, bad_texts[i]);
    }
    zero = string_back (self, "\xff\0", 2);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "has a zero byte");
}

static void
test_binary_is_not_text (Fixture *self, gconstpointer encoding)
{
    gpointer data = NULL;
    guint32 n = 77;

    thrift_protocol_write_binary (self->protocol, (gpointer) "\0\xff\xc3", 3, NULL);
    thrift_protocol_write_binary (self->protocol, NULL, 0, NULL);
    turn_round (self);
    g_assert_cmpint (thrift_protocol_read_binary (self->protocol, &data, &n, NULL), >, 0);
    golden_equal (data, n, "\0\xff\xc3", 3);
    g_free (data);
    g_assert_cmpint (thrift_protocol_read_binary (self->protocol, &data, &n, NULL), >, 0);
    g_assert_null (data);
    g_assert_cmpuint (n, ==, 0);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
}

/* After a failure every read succeeds with nothing. */
static void
test_drain (Fixture *self, gconstpointer encoding)
{
    ThriftProtocol *p = self->protocol;
    g_autoptr (GError) error = NULL;
    g_autofree gchar *string = NULL;
    gchar *name = NULL;
    gpointer data = &string;
    guint32 size = 77;
    gboolean b = TRUE;
    gint8 i8 = 77;
    gint16 i16 = 77;
    gint32 i32 = 77;
    gint64 i64 = 77;
    gdouble real = 77;
    ThriftType type = T_I64;
    ThriftType value = T_I64;

    dunlin_payload_set_input (p, NULL, 0);
    g_assert_cmpint (thrift_protocol_read_i32 (p, &i32, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_struct_begin (p, &name, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_field_begin (p, &name, &type, &i16, &error), >=, 0);
    g_assert_cmpint (type, ==, T_STOP);
    g_assert_cmpint (thrift_protocol_read_field_end (p, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_struct_end (p, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_list_begin (p, &type, &size, &error), >=, 0);
    g_assert_cmpuint (size, ==, 0);
    g_assert_cmpint (thrift_protocol_read_list_end (p, &error), >=, 0);
    size = 77;
    g_assert_cmpint (thrift_protocol_read_set_begin (p, &type, &size, &error), >=, 0);
    g_assert_cmpuint (size, ==, 0);
    g_assert_cmpint (thrift_protocol_read_set_end (p, &error), >=, 0);
    size = 77;
    g_assert_cmpint (thrift_protocol_read_map_begin (p, &type, &value, &size, &error), >=, 0);
    g_assert_cmpuint (size, ==, 0);
    g_assert_cmpint (thrift_protocol_read_map_end (p, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_bool (p, &b, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_byte (p, &i8, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_i16 (p, &i16, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_i64 (p, &i64, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_double (p, &real, &error), >=, 0);
    g_assert_cmpint (thrift_protocol_read_string (p, &string, &error), >=, 0);
    size = 77;
    g_assert_cmpint (thrift_protocol_read_binary (p, &data, &size, &error), >=, 0);
    g_assert_no_error (error);
    g_assert_cmpstr (string, ==, "");
    g_assert_null (data);
    g_assert_cmpuint (size, ==, 0);
    g_assert_true (!b && i8 == 0 && i16 == 0 && i32 == 0 && i64 == 0 && real == 0);
    g_assert_cmpint (thrift_protocol_read_message_end (p, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
}

/* What was left open by a failure does not weigh on the next message. */
static void
test_used_again (Fixture *self, gconstpointer encoding)
{
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    write_random (self->protocol, 7);
    first = text_of_output (self);
    for (gsize n = 0; n < dunlin_buffer_length (&self->out); n++) {
        g_autofree char *text = payload_case_text (self->protocol, &self->out, n);

        g_assert_false (dunlin_payload_check (self->protocol, NULL));
    }
    second = text_of_output (self);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
    g_assert_cmpstr (second, ==, first);
}

/* Whatever byte is changed: no crash, no error from a read, never more read than is there. */
static void
test_mutations (Fixture *self, gconstpointer encoding)
{
    g_autoptr (GRand) random = g_rand_new_with_seed (1);
    gsize length;

    write_random (self->protocol, 7);
    length = dunlin_buffer_length (&self->out);
    for (int i = 0; i < 4000; i++) {
        guint8 *byte = self->out.data + g_rand_int_range (random, 0, (gint32)length);
        guint8 before = *byte;
        g_autofree char *text = NULL;

        *byte = (guint8)g_rand_int_range (random, 0, 256);
        text = text_of_output (self);
        g_assert_cmpuint (dunlin_payload_consumed (self->protocol), <=, length);
        *byte = before;
    }
}

static void
test_output_cap (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;
    g_autoptr (GError) error = NULL;
    gsize whole;

    write_random (self->protocol, 7);
    whole = dunlin_buffer_length (&self->out);
    limits.max_output = whole;
    use_limits (self, encoding, &limits);
    /* Only its own bytes count, not those before. */
    write_random (self->protocol, 7);
    g_assert_cmpuint (dunlin_buffer_length (&self->out), ==, 2 * whole);
    g_assert_cmpint (thrift_protocol_write_byte (self->protocol, 1, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_clear_error (&error);

    limits.max_output = whole - 1;
    use_limits (self, encoding, &limits);
    write_random (self->protocol, 7);
    g_assert_cmpint (thrift_protocol_write_field_stop (self->protocol, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_cmpuint (dunlin_buffer_length (&self->out), <, 3 * whole);
}

/* A value that did not fit is not followed by one that does. */
static void
test_no_hole (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;

    limits.max_output = 10;
    use_limits (self, encoding, &limits);
    g_assert_cmpint (thrift_protocol_write_string (self->protocol, "longer than that", NULL), ==,
                     -1);
    g_assert_cmpint (thrift_protocol_write_byte (self->protocol, 1, NULL), ==, -1);
    dunlin_payload_set_output (self->protocol, &self->out);
    g_assert_cmpint (thrift_protocol_write_byte (self->protocol, 1, NULL), ==, 1);
}

static void
test_output_depth (Fixture *self, gconstpointer encoding)
{
    g_autoptr (GError) error = NULL;

    for (int i = 0; i < DUNLIN_PAYLOAD_DEPTH_MAX; i++)
        g_assert_cmpint (thrift_protocol_write_struct_begin (self->protocol, "S", &error), ==, 0);
    g_assert_cmpint (thrift_protocol_write_struct_begin (self->protocol, "S", &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
}

static void
test_without_output (Fixture *self, gconstpointer encoding)
{
    g_autoptr (GError) error = NULL;

    dunlin_payload_set_output (self->protocol, NULL);
    g_assert_cmpint (thrift_protocol_write_byte (self->protocol, 1, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
    g_clear_error (&error);
    g_assert_cmpint (thrift_protocol_write_message_begin (self->protocol, "m", T_CALL, 0, &error),
                     ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
}

static void
test_null_string (Fixture *self, gconstpointer encoding)
{
    g_autofree gchar *string = NULL;

    thrift_protocol_write_string (self->protocol, NULL, NULL);
    turn_round (self);
    thrift_protocol_read_string (self->protocol, &string, NULL);
    g_assert_cmpstr (string, ==, "");
}

static void
check_message (Fixture *self, ThriftMessageType sent, gint32 sent_seqid)
{
    g_autoptr (GError) error = NULL;
    g_autofree gchar *name = NULL;
    ThriftMessageType type;
    gint32 seqid;

    dunlin_buffer_truncate (&self->out, 0);
    thrift_protocol_write_message_begin (self->protocol, "search", sent, sent_seqid, &error);
    g_assert_no_error (error);
    turn_round (self);
    g_assert_cmpint (
        thrift_protocol_read_message_begin (self->protocol, &name, &type, &seqid, &error), ==,
        (int)dunlin_buffer_length (&self->out));
    g_assert_no_error (error);
    g_assert_cmpstr (name, ==, "search");
    g_assert_cmpint (type, ==, sent);
    g_assert_cmpint (seqid, ==, sent_seqid);
    g_assert_cmpint (thrift_protocol_read_message_end (self->protocol, &error), ==, 0);
}

static void
test_message (Fixture *self, gconstpointer encoding)
{
    check_message (self, T_CALL, 0);
    check_message (self, T_REPLY, G_MAXINT32);
    check_message (self, T_EXCEPTION, G_MININT32);
    check_message (self, T_ONEWAY, -1);
    dunlin_payload_set_strict (self->protocol, FALSE);
    check_message (self, T_CALL, 1);
}

static void
test_bad_message (Fixture *self, gconstpointer encoding)
{
    g_autoptr (GError) error = NULL;
    gchar *name = NULL;
    ThriftMessageType type;
    gint32 seqid;

    dunlin_payload_set_input (self->protocol, (const guint8 *)"\x80\x02", 2);
    g_assert_cmpint (
        thrift_protocol_read_message_begin (self->protocol, &name, &type, &seqid, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    g_assert_null (name);
    assert_refused (self, DUNLIN_ERROR_MALFORMED, "message header");
}

/* A peer that answers when asked: what is flushed comes back when a read begins. */
typedef struct {
    Fixture *fixture;
    DunlinBuffer sent;
    int read_ends;
} Echo;

static gboolean
on_flush (gpointer user, GError **error)
{
    Echo *self = user;
    DunlinBuffer *out = &self->fixture->out;

    dunlin_buffer_append (&self->sent, dunlin_buffer_bytes (out), dunlin_buffer_length (out));
    dunlin_buffer_consume (out, dunlin_buffer_length (out));
    return TRUE;
}

static gboolean
on_read_begin (gpointer user, GError **error)
{
    Echo *self = user;

    dunlin_payload_set_input (self->fixture->protocol, dunlin_buffer_bytes (&self->sent),
                              dunlin_buffer_length (&self->sent));
    return TRUE;
}

static gboolean
on_read_end (gpointer user, GError **error)
{
    Echo *self = user;

    self->read_ends++;
    return TRUE;
}

static gboolean
on_lost (gpointer user, GError **error)
{
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED, "the peer has gone");
    return FALSE;
}

static void
test_hooks (Fixture *self, gconstpointer encoding)
{
    Echo echo = { .fixture = self };
    DunlinPayloadHooks hooks = { .on_flush = on_flush,
                                 .on_read_begin = on_read_begin,
                                 .on_read_end = on_read_end,
                                 .user = &echo };
    g_autoptr (GError) error = NULL;
    g_autofree gchar *name = NULL;
    ThriftTransport *transport = self->protocol->transport;
    ThriftMessageType type;
    gint32 seqid;

    dunlin_payload_set_hooks (self->protocol, &hooks);
    thrift_protocol_write_message_begin (self->protocol, "ping", T_CALL, 3, NULL);
    g_assert_true (thrift_transport_flush (transport, &error));
    g_assert_true (thrift_transport_write_end (transport, &error));
    g_assert_cmpint (
        thrift_protocol_read_message_begin (self->protocol, &name, &type, &seqid, &error), >, 0);
    g_assert_cmpstr (name, ==, "ping");
    g_assert_true (thrift_transport_read_end (transport, &error));
    g_assert_cmpint (echo.read_ends, ==, 1);
    g_assert_no_error (error);
    dunlin_buffer_clear (&echo.sent);
}

static void
test_failing_hooks (Fixture *self, gconstpointer encoding)
{
    DunlinPayloadHooks hooks = { .on_flush = on_lost, .on_read_begin = on_lost };
    g_autoptr (GError) error = NULL;
    gchar *name = NULL;
    ThriftMessageType type;
    gint32 seqid;

    dunlin_payload_set_hooks (self->protocol, &hooks);
    g_assert_false (thrift_transport_flush (self->protocol->transport, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    g_clear_error (&error);
    g_assert_cmpint (
        thrift_protocol_read_message_begin (self->protocol, &name, &type, &seqid, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    g_assert_null (name);
    dunlin_payload_set_hooks (self->protocol, NULL);
    g_assert_true (thrift_transport_flush (self->protocol->transport, NULL));
}

static void
test_transport_carries_nothing (Fixture *self, gconstpointer encoding)
{
    ThriftTransport *transport = self->protocol->transport;
    g_autoptr (GError) error = NULL;
    guint8 byte = 0;

    g_assert_true (thrift_transport_is_open (transport));
    g_assert_true (thrift_transport_open (transport, &error));
    g_assert_true (thrift_transport_close (transport, &error));
    g_assert_no_error (error);
    g_assert_cmpint (thrift_transport_read_all (transport, &byte, 1, &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
    g_clear_error (&error);
    g_assert_false (thrift_transport_write (transport, &byte, 1, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
}

static const struct {
    const char *path;
    void (*run) (Fixture *self, gconstpointer encoding);
} tests[] = {
    { "structs-nest-64-deep-and-no-deeper", test_struct_depth },
    { "lists-nest-64-deep-and-no-deeper", test_list_depth },
    { "skipping-is-no-deeper", test_skip_depth },
    { "depth-can-be-less", test_smaller_depth },
    { "elements-are-capped-and-structs-are-heavy", test_element_cap },
    { "as-many-as-100000-structs-by-default", test_default_cap },
    { "elements-are-capped-per-message", test_cap_is_for_the_message },
    { "refuses-elements-of-another-type", test_declared_list },
    { "refuses-keys-of-another-type", test_declared_key },
    { "refuses-values-of-another-type", test_declared_value },
    { "refuses-a-list-for-a-set", test_declared_container },
    { "refuses-a-value-without-a-field", test_value_without_field },
    { "finds-a-bad-byte-anywhere-in-a-string", test_bad_byte_anywhere },
    { "strings-are-utf8", test_text },
    { "utf8-can-be-relaxed-but-not-zero-bytes", test_relaxed_text },
    { "binary-is-not-checked-as-text", test_binary_is_not_text },
    { "after-a-failure-everything-is-empty", test_drain },
    { "a-failure-does-not-outlive-its-message", test_used_again },
    { "any-changed-byte-is-survived", test_mutations },
    { "output-is-capped", test_output_cap },
    { "what-did-not-fit-leaves-no-hole", test_no_hole },
    { "output-is-no-deeper-than-input", test_output_depth },
    { "needs-an-output-to-write", test_without_output },
    { "null-is-written-as-an-empty-string", test_null_string },
    { "messages-come-back", test_message },
    { "refuses-a-bad-message", test_bad_message },
    { "hooks-carry-a-call", test_hooks },
    { "failing-hooks-fail-the-call", test_failing_hooks },
    { "the-transport-carries-no-bytes", test_transport_carries_nothing },
};

static void
add_all (DunlinEncoding encoding, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strdup_printf ("/wire/payload/%s/%s", name, tests[i].path);

        g_test_add (path, Fixture, GINT_TO_POINTER (encoding), set_up, tests[i].run, tear_down);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add_all (DUNLIN_ENCODING_BINARY, "binary");
    add_all (DUNLIN_ENCODING_COMPACT, "compact");
    return g_test_run ();
}
