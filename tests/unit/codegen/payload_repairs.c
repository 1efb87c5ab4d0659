/* What wire/payload_repairs mends, seen from outside; the leaks show under LeakSanitizer. Every
 * test runs once an encoding. */
#include "wire/payload.h"

#include "base/error.h"
#include "codegen_types_stub.h"
#include "conformance_stub.h"
#include "fiber/fiber.h"

#include <string.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>
#include <time.h>

enum { N_ENTRIES = 100000 };

typedef struct {
    ThriftProtocol *protocol;
    DunlinBuffer bytes;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
    f->protocol = dunlin_payload_new ((DunlinEncoding)GPOINTER_TO_INT (data), NULL);
    dunlin_payload_set_output (f->protocol, &f->bytes);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
    g_object_unref (f->protocol);
    dunlin_buffer_clear (&f->bytes);
}

/* Writing by hand what generated code would never write. */

static void
begin_field (Fixture *f, ThriftType type, gint16 id)
{
    thrift_protocol_write_field_begin (f->protocol, "", type, id, NULL);
}

static void
begin_map (Fixture *f, gint16 id, ThriftType key, ThriftType value, guint32 n)
{
    begin_field (f, T_MAP, id);
    thrift_protocol_write_map_begin (f->protocol, key, value, n, NULL);
}

static void
end_map (Fixture *f)
{
    thrift_protocol_write_map_end (f->protocol, NULL);
}

static void
begin_struct (Fixture *f)
{
    thrift_protocol_write_struct_begin (f->protocol, "", NULL);
}

static void
end_struct (Fixture *f)
{
    thrift_protocol_write_field_stop (f->protocol, NULL);
    thrift_protocol_write_struct_end (f->protocol, NULL);
}

static void
write_number (Fixture *f, gint32 number)
{
    thrift_protocol_write_i32 (f->protocol, number, NULL);
}

static void
write_text (Fixture *f, const char *text)
{
    thrift_protocol_write_string (f->protocol, text, NULL);
}

/* A Leaf, whose number is required. */
static void
write_leaf (Fixture *f, gboolean whole)
{
    begin_struct (f);
    if (whole) {
        begin_field (f, T_I32, 1);
        write_number (f, 7);
    }
    begin_field (f, T_STRING, 2);
    write_text (f, "text");
    end_struct (f);
}

/* Reads the first @n of the bytes. Returns: (transfer full): the struct, whatever became of it. */
static gpointer
read_prefix (Fixture *f, GType type, gsize n)
{
    gpointer object = g_object_new (type, NULL);

    dunlin_payload_set_input (f->protocol, dunlin_buffer_bytes (&f->bytes), n);
    g_assert_cmpint (thrift_struct_read (object, f->protocol, NULL), >=, 0);
    return object;
}

static gpointer
read_struct (Fixture *f, GType type)
{
    gpointer object = read_prefix (f, type, dunlin_buffer_length (&f->bytes));

    g_assert_no_error (dunlin_payload_failure (f->protocol));
    return object;
}

static void
assert_refused (Fixture *f, GType type, const char *says)
{
    g_autoptr (GObject) object = read_prefix (f, type, dunlin_buffer_length (&f->bytes));
    g_autoptr (GError) error = NULL;

    g_assert_false (dunlin_payload_check (f->protocol, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    if (strstr (error->message, says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

/* Wherever the bytes end, nothing leaks, and it is said. */
static void
assert_cut_short (Fixture *f, GType type)
{
    for (gsize n = 0; n < dunlin_buffer_length (&f->bytes); n++) {
        g_autoptr (GObject) object = read_prefix (f, type, n);

        g_assert_false (dunlin_payload_check (f->protocol, NULL));
    }
}

/* Missing required fields */

static void
write_groups (Fixture *f, gboolean whole)
{
    begin_struct (f);
    begin_map (f, 15, T_I32, T_LIST, 2);
    for (int i = 0; i < 2; i++) {
        write_number (f, i);
        thrift_protocol_write_list_begin (f->protocol, T_STRUCT, 3, NULL);
        for (int j = 0; j < 3; j++)
            write_leaf (f, whole || i == 0 || j == 0);
        thrift_protocol_write_list_end (f->protocol, NULL);
    }
    end_map (f);
    end_struct (f);
}

static void
test_missing_in_a_map (Fixture *f, gconstpointer data)
{
    write_groups (f, FALSE);
    assert_refused (f, CONFORMANCE_TYPE_EVERY_TYPE, "ConformanceLeafType: missing field");
}

static void
test_missing_in_a_list (Fixture *f, gconstpointer data)
{
    begin_struct (f);
    begin_field (f, T_LIST, 14);
    thrift_protocol_write_list_begin (f->protocol, T_STRUCT, 2, NULL);
    write_leaf (f, FALSE);
    write_leaf (f, TRUE);
    thrift_protocol_write_list_end (f->protocol, NULL);
    end_struct (f);
    assert_refused (f, CONFORMANCE_TYPE_EVERY_TYPE, "ConformanceLeafType: missing field");
}

static void
test_missing_in_a_struct (Fixture *f, gconstpointer data)
{
    begin_struct (f);
    begin_field (f, T_STRUCT, 10);
    write_leaf (f, FALSE);
    end_struct (f);
    assert_refused (f, CONFORMANCE_TYPE_EVERY_TYPE, "ConformanceLeafType: missing field");
}

static void
test_nothing_missing (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = NULL;

    write_groups (f, TRUE);
    object = read_struct (f, CONFORMANCE_TYPE_EVERY_TYPE);
    g_assert_cmpuint (g_hash_table_size (CONFORMANCE_EVERY_TYPE (object)->groups), ==, 2);
}

static void
test_groups_cut_short (Fixture *f, gconstpointer data)
{
    write_groups (f, TRUE);
    assert_cut_short (f, CONFORMANCE_TYPE_EVERY_TYPE);
}

/* Enums of 0 */

static void
write_names (Fixture *f, gint32 last)
{
    begin_struct (f);
    begin_map (f, 22, T_I32, T_STRING, 3);
    write_number (f, 1);
    write_text (f, "red");
    write_number (f, -5);
    write_text (f, "negative");
    write_number (f, last);
    write_text (f, "last");
    end_map (f);
    end_struct (f);
}

static void
test_no_key_is_0 (Fixture *f, gconstpointer data)
{
    write_names (f, 0);
    assert_refused (f, CONFORMANCE_TYPE_EVERY_TYPE, "an enum's 0 as the key of a map");
}

static void
test_other_keys (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = NULL;

    write_names (f, 10);
    object = read_struct (f, CONFORMANCE_TYPE_EVERY_TYPE);
    g_assert_cmpuint (g_hash_table_size (CONFORMANCE_EVERY_TYPE (object)->names), ==, 3);
}

/* After its end every number reads as 0, keys too. */
static void
test_names_cut_short (Fixture *f, gconstpointer data)
{
    write_names (f, 10);
    assert_cut_short (f, CONFORMANCE_TYPE_EVERY_TYPE);
}

static void
test_no_element_is_0 (Fixture *f, gconstpointer data)
{
    begin_struct (f);
    begin_field (f, T_SET, 3);
    thrift_protocol_write_set_begin (f->protocol, T_I32, 2, NULL);
    write_number (f, 1);
    write_number (f, 0);
    thrift_protocol_write_set_end (f->protocol, NULL);
    end_struct (f);
    assert_refused (f, CODEGEN_TYPES_TYPE_OF_ENUM, "or the element of a set");
}

/* As values enums may be 0: plain, in a list, in a map, and there in a map of maps. */
static void
test_values_are_0 (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = NULL;

    begin_struct (f);
    begin_field (f, T_I32, 1);
    write_number (f, 0);
    begin_field (f, T_LIST, 2);
    thrift_protocol_write_list_begin (f->protocol, T_I32, 2, NULL);
    write_number (f, 0);
    write_number (f, 0);
    thrift_protocol_write_list_end (f->protocol, NULL);
    begin_map (f, 5, T_I32, T_I32, 2); /* the keys are numbers, not enums */
    write_number (f, 0);
    write_number (f, 0);
    write_number (f, 1);
    write_number (f, 0);
    end_map (f);
    begin_map (f, 7, T_STRING, T_MAP, 1);
    write_text (f, "a");
    thrift_protocol_write_map_begin (f->protocol, T_STRING, T_I32, 1, NULL);
    write_text (f, "b");
    write_number (f, 0);
    end_map (f);
    end_map (f);
    end_struct (f);
    object = read_struct (f, CODEGEN_TYPES_TYPE_OF_ENUM);
    g_assert_cmpuint (g_hash_table_size (CODEGEN_TYPES_OF_ENUM (object)->mapped), ==, 2);
}

/* Sets */

static void
test_an_element_comes_twice (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = NULL;
    gpointer element = NULL;
    gpointer value = NULL;

    begin_struct (f);
    begin_field (f, T_SET, 12);
    thrift_protocol_write_set_begin (f->protocol, T_STRING, 3, NULL);
    for (int i = 0; i < 3; i++)
        write_text (f, "a");
    thrift_protocol_write_set_end (f->protocol, NULL);
    end_struct (f);
    object = read_struct (f, CONFORMANCE_TYPE_EVERY_TYPE);
    g_assert_cmpuint (g_hash_table_size (CONFORMANCE_EVERY_TYPE (object)->words), ==, 1);
    g_assert_true (g_hash_table_lookup_extended (CONFORMANCE_EVERY_TYPE (object)->words, "a",
                                                 &element, &value));
    g_assert_true (element == value);
    g_assert_cmpstr (value, ==, "a"); /* and is not freed */
}

static void
test_a_key_comes_twice (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = NULL;
    GHashTable *labels = NULL;

    begin_struct (f);
    begin_map (f, 13, T_STRING, T_I32, 2);
    write_text (f, "a");
    write_number (f, 1);
    write_text (f, "a");
    write_number (f, 2);
    end_map (f);
    end_struct (f);
    object = read_struct (f, CONFORMANCE_TYPE_EVERY_TYPE);
    labels = CONFORMANCE_EVERY_TYPE (object)->counts;
    g_assert_cmpuint (g_hash_table_size (labels), ==, 1);
    g_assert_cmpint (*(gint32 *)g_hash_table_lookup (labels, "a"), ==, 2);
}

/* Large maps on small stacks */

static ThriftProtocol *to;
static GObject *large;
static DunlinLoop *loop;

static void
write_large (gpointer data)
{
    g_autoptr (GError) error = NULL;
    gint32 n = thrift_struct_write (THRIFT_STRUCT (large), to, &error);

    g_assert_no_error (error);
    g_assert_cmpint (n, >=, 0);
}

static void
spawn (gpointer data)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_fiber_spawn ("writer", write_large, NULL, &error));
    g_assert_no_error (error);
    dunlin_loop_stop (loop);
}

/* Writes @object to @protocol from a fiber's 64 KiB. */
static void
write_on_fiber (ThriftProtocol *protocol, gpointer object)
{
    g_autoptr (DunlinLoop) fresh = dunlin_loop_new ("test", NULL);

    loop = fresh;
    to = protocol;
    large = object;
    dunlin_loop_post (loop, spawn, NULL);
    dunlin_loop_run (loop);
}

static gint32 *
number_new (gint32 number)
{
    return g_memdup2 (&number, sizeof number);
}

static void
fill_counts (GHashTable *counts)
{
    for (int i = 0; i < N_ENTRIES; i++)
        g_hash_table_insert (counts, g_strdup_printf ("%d", i), number_new (i));
}

static void
fill_numbers (GHashTable *numbers)
{
    for (int i = 0; i < N_ENTRIES; i++) {
        gint32 *number = number_new (i);

        g_hash_table_insert (numbers, number, number);
    }
}

/* Many small ones: their keys' room would only be given back at the end of them all. */
static void
fill_nested (GHashTable *nested)
{
    for (int i = 0; i < 3000; i++) {
        GHashTable *inner = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

        for (int j = 0; j < 10; j++)
            g_hash_table_insert (inner, g_strdup_printf ("%d", j), g_new0 (double, 1));
        g_hash_table_insert (nested, g_strdup_printf ("%d", i), inner);
    }
}

static GObject *
large_new (void)
{
    GObject *object = g_object_new (CONFORMANCE_TYPE_EVERY_TYPE, NULL);

    fill_counts (CONFORMANCE_EVERY_TYPE (object)->counts);
    fill_numbers (CONFORMANCE_EVERY_TYPE (object)->numbers);
    fill_nested (CONFORMANCE_EVERY_TYPE (object)->nested);
    return object;
}

static void
assert_large (GObject *object)
{
    ConformanceEveryType *self = CONFORMANCE_EVERY_TYPE (object);
    const gint32 last = N_ENTRIES - 1;

    g_assert_cmpuint (g_hash_table_size (self->counts), ==, N_ENTRIES);
    g_assert_cmpint (*(gint32 *)g_hash_table_lookup (self->counts, "99999"), ==, last);
    g_assert_cmpuint (g_hash_table_size (self->numbers), ==, N_ENTRIES);
    g_assert_true (g_hash_table_contains (self->numbers, &last));
    g_assert_cmpuint (g_hash_table_size (self->nested), ==, 3000);
    g_assert_cmpuint (g_hash_table_size (g_hash_table_lookup (self->nested, "2999")), ==, 10);
}

static void
test_large_maps (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = large_new ();
    g_autoptr (GObject) copy = NULL;

    write_on_fiber (f->protocol, object);
    copy = read_struct (f, CONFORMANCE_TYPE_EVERY_TYPE);
    assert_large (copy);
}

/* Processor time, so that a busy machine does not matter: 100,000 keys take milliseconds, and took
 * seconds. */
static void
test_large_maps_take_no_time (Fixture *f, gconstpointer data)
{
    g_autoptr (GObject) object = large_new ();
    clock_t before = clock ();

    g_assert_cmpint (thrift_struct_write (THRIFT_STRUCT (object), f->protocol, NULL), >=, 0);
    g_assert_cmpint ((clock () - before) / CLOCKS_PER_SEC, <, 2);
}

/* A message that does not fit ends amid its maps; the next one is whole. */
static void
test_after_a_failure (Fixture *f, gconstpointer data)
{
    const DunlinPayloadLimits limits = { .max_elements = 10, .max_depth = 10, .max_output = 5000 };
    g_autoptr (GObject) narrow =
        G_OBJECT (dunlin_payload_new ((DunlinEncoding)GPOINTER_TO_INT (data), &limits));
    g_autoptr (GObject) object = large_new ();
    g_autoptr (GObject) small = g_object_new (CONFORMANCE_TYPE_EVERY_TYPE, NULL);
    g_autoptr (GError) error = NULL;
    g_auto (DunlinBuffer) out = { 0 };

    dunlin_payload_set_output (THRIFT_PROTOCOL (narrow), &out);
    g_assert_cmpint (thrift_struct_write (THRIFT_STRUCT (object), THRIFT_PROTOCOL (narrow), &error),
                     ==, -1);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    dunlin_payload_set_output (THRIFT_PROTOCOL (narrow), &out);
    g_assert_cmpint (thrift_struct_write (THRIFT_STRUCT (small), THRIFT_PROTOCOL (narrow), NULL),
                     >=, 0);
}

/* Protocols that are not ours */

static ThriftProtocol *
foreign_new (guint32 bytes)
{
    g_autoptr (GObject) buffer = g_object_new (THRIFT_TYPE_MEMORY_BUFFER, "buf_size", bytes, NULL);

    return g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", buffer, NULL);
}

static guint
foreign_scratches (gpointer protocol)
{
    GPtrArray *all = g_object_get_data (protocol, "dunlin-payload-scratch");

    return all == NULL ? 0 : all->len;
}

static void
test_foreign_protocol (void)
{
    g_autoptr (GObject) protocol = G_OBJECT (foreign_new (1 << 28));
    g_autoptr (GObject) object = large_new ();

    write_on_fiber (THRIFT_PROTOCOL (protocol), object);
    g_assert_cmpuint (foreign_scratches (protocol), ==, 0);
}

static void
test_foreign_failure (void)
{
    g_autoptr (GObject) protocol = G_OBJECT (foreign_new (5000));
    g_autoptr (GObject) object = large_new ();

    g_assert_cmpint (thrift_struct_write (THRIFT_STRUCT (object), THRIFT_PROTOCOL (protocol), NULL),
                     ==, -1);
}

static const struct {
    const char *path;
    void (*run) (Fixture *f, gconstpointer data);
} tests[] = {
    { "required-is-missing-in-a-map", test_missing_in_a_map },
    { "required-is-missing-in-a-list", test_missing_in_a_list },
    { "required-is-missing-in-a-struct", test_missing_in_a_struct },
    { "nothing-is-missing", test_nothing_missing },
    { "a-map-of-lists-ends-anywhere", test_groups_cut_short },
    { "no-key-is-an-enums-0", test_no_key_is_0 },
    { "no-element-is-an-enums-0", test_no_element_is_0 },
    { "other-keys-are-taken", test_other_keys },
    { "a-map-by-enum-ends-anywhere", test_names_cut_short },
    { "values-may-be-an-enums-0", test_values_are_0 },
    { "an-element-comes-twice", test_an_element_comes_twice },
    { "a-key-comes-twice", test_a_key_comes_twice },
    { "large-maps-on-a-small-stack", test_large_maps },
    { "large-maps-take-no-time", test_large_maps_take_no_time },
    { "a-message-after-one-that-did-not-fit", test_after_a_failure },
};

static void
add (DunlinEncoding encoding, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path =
            g_strdup_printf ("/codegen/payload_repairs/%s/%s", name, tests[i].path);

        g_test_add (path, Fixture, GINT_TO_POINTER ((int)encoding), set_up, tests[i].run,
                    tear_down);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    dunlin_fiber_set_stack_size (64 * 1024);
    conformance_idl_ensure_types ();
    codegen_types_idl_ensure_types ();
    add (DUNLIN_ENCODING_BINARY, "binary");
    add (DUNLIN_ENCODING_COMPACT, "compact");
    g_test_add_func ("/codegen/payload_repairs/foreign/large-maps-on-a-small-stack",
                     test_foreign_protocol);
    g_test_add_func ("/codegen/payload_repairs/foreign/a-message-that-does-not-fit",
                     test_foreign_failure);
    return g_test_run ();
}
