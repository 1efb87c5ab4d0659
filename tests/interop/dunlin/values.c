/* Made by hand, since what is on the edges is what matters. */
#include "interop/dunlin/values.h"

#include <math.h>
#include <string.h>

#include "conformance_stub.h"
#include "support/schema_text.h"
#include "wire/payload.h"

#define UNICODE    "Gr\u00fc\u00dfe, \u4e16\u754c, \u05e9\u05dc\u05d5\u05dd, e\u0301, \U0001F30D, \x01"
#define LARGE_LIST 20000
#define LARGE_MAP  5000
#define LARGE_TEXT 200000

static void
set_text (char **field, gboolean *is_set, const char *text)
{
    g_free (*field);
    *field = g_strdup (text);
    *is_set = TRUE;
}

static GByteArray *
bytes (const char *data, guint n)
{
    return g_byte_array_append (g_byte_array_new (), (const guint8 *)data, n);
}

static ConformanceLeaf *
leaf (gint32 number, const char *text)
{
    ConformanceLeaf *self = g_object_new (CONFORMANCE_TYPE_LEAF, NULL);

    self->number = number;
    set_text (&self->text, &self->__isset_text, text);
    return self;
}

static void
set_leaf (ConformanceEveryType *self, ConformanceLeaf *value)
{
    g_clear_object (&self->leaf);
    self->leaf = value;
}

static void
add_group (ConformanceEveryType *self, gint32 key, ConformanceLeaf *only)
{
    GPtrArray *leaves = g_ptr_array_new_with_free_func (g_object_unref);

    if (only != NULL)
        g_ptr_array_add (leaves, only);
    g_hash_table_insert (self->groups, g_memdup2 (&key, sizeof key), leaves);
}

static void
add_row (ConformanceEveryType *self, const double *values, guint n)
{
    GArray *row = g_array_new (FALSE, TRUE, sizeof (double));

    g_array_append_vals (row, values, n);
    g_ptr_array_add (self->matrix, row);
}

static void
add_count (ConformanceEveryType *self, const char *key, gint32 count)
{
    g_hash_table_insert (self->counts, g_strdup (key), g_memdup2 (&count, sizeof count));
}

static void
add_number (ConformanceEveryType *self, gint32 number)
{
    g_hash_table_add (self->numbers, g_memdup2 (&number, sizeof number));
}

static void
add_nested (ConformanceEveryType *self, const char *outer, const char *inner, double value)
{
    GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

    if (inner != NULL)
        g_hash_table_insert (map, g_strdup (inner), g_memdup2 (&value, sizeof value));
    g_hash_table_insert (self->nested, g_strdup (outer), map);
}

static void
set_choice_number (ConformanceEveryType *self, gint64 number)
{
    self->choice->number = number;
    self->choice->__isset_number = TRUE;
    self->__isset_choice = TRUE;
}

static ConformanceEveryType *
only_defaults (void)
{
    ConformanceEveryType *self = g_object_new (CONFORMANCE_TYPE_EVERY_TYPE, NULL);

    set_leaf (self, leaf (0, "leaf"));
    self->color = CONFORMANCE_COLOR_RED;
    set_text (&self->text, &self->__isset_text, "");
    set_text (&self->far_away, &self->__isset_far_away, "");
    self->blob = g_byte_array_new ();
    return self;
}

static ConformanceEveryType *
full (void)
{
    static const gint64 longs[] = { 0, 1, -1, G_MAXINT64, G_MININT64 };
    static const gboolean flags[] = { TRUE, FALSE, FALSE, TRUE };
    static const double row[] = { 1.5, -2.5 };
    ConformanceEveryType *self = only_defaults ();

    self->flag = TRUE;
    self->tiny = 12;
    self->small = -1234;
    self->medium = 123456789;
    self->large = -1234567890123456789;
    self->real = 3.141592653589793;
    set_text (&self->text, &self->__isset_text, "text");
    g_byte_array_append (self->blob, (const guint8 *)"\1\2\3", 3);
    self->color = CONFORMANCE_COLOR_BLUE;
    set_leaf (self, leaf (7, "seven"));
    g_array_append_vals (self->longs, longs, G_N_ELEMENTS (longs));
    g_hash_table_add (self->words, g_strdup ("one"));
    g_hash_table_add (self->words, g_strdup ("two"));
    add_count (self, "a", 1);
    add_count (self, "c", G_MININT32);
    g_ptr_array_add (self->leaves, leaf (1, "one"));
    g_ptr_array_add (self->leaves, leaf (-1, ""));
    add_group (self, 1, leaf (2, "y"));
    add_group (self, -1, NULL);
    add_row (self, row, G_N_ELEMENTS (row));
    add_row (self, NULL, 0);
    set_choice_number (self, G_MININT64);
    self->maybe_flag = self->__isset_maybe_flag = TRUE;
    self->maybe_large = G_GINT64_CONSTANT (1) << 40;
    self->__isset_maybe_large = TRUE;
    set_text (&self->maybe_text, &self->__isset_maybe_text, "maybe");
    g_ptr_array_add (self->blobs, bytes ("\x09\x08", 2));
    g_ptr_array_add (self->blobs, bytes ("", 0));
    g_hash_table_insert (self->names, GINT_TO_POINTER (CONFORMANCE_COLOR_RED), g_strdup ("red"));
    g_hash_table_insert (self->names, GINT_TO_POINTER (CONFORMANCE_COLOR_NEGATIVE),
                         g_strdup ("negative"));
    add_number (self, 0);
    add_number (self, -1);
    self->with_default = 43;
    g_array_append_vals (self->flags, flags, G_N_ELEMENTS (flags));
    add_nested (self, "x", "y", 0.5);
    add_nested (self, "z", NULL, 0);
    set_text (&self->far_away, &self->__isset_far_away, "far away");
    return self;
}

static ConformanceEveryType *
integers (gint8 tiny, gint16 small, gint32 medium, gint64 large)
{
    ConformanceEveryType *self = full ();

    self->tiny = tiny;
    self->small = small;
    self->medium = medium;
    self->large = large;
    self->maybe_large = large;
    self->with_default = medium;
    g_array_append_val (self->longs, large);
    add_number (self, medium);
    add_count (self, "n", medium);
    set_leaf (self, leaf (medium, "n"));
    set_choice_number (self, large);
    add_group (self, medium, leaf (medium, "n"));
    return self;
}

static ConformanceEveryType *
smallest (void)
{
    return integers (G_MININT8, G_MININT16, G_MININT32, G_MININT64);
}

static ConformanceEveryType *
largest (void)
{
    return integers (G_MAXINT8, G_MAXINT16, G_MAXINT32, G_MAXINT64);
}

static ConformanceEveryType *
minus_one (void)
{
    return integers (-1, -1, -1, -1);
}

static ConformanceEveryType *
odd_doubles (void)
{
    static const double values[] = { 0.0,        -0.0,      NAN,
                                     INFINITY,   -INFINITY, 4.9406564584124654e-324,
                                     G_MAXDOUBLE };
    ConformanceEveryType *self = full ();

    self->real = NAN;
    add_row (self, values, G_N_ELEMENTS (values));
    add_nested (self, "infinity", "minus", -INFINITY);
    return self;
}

static ConformanceEveryType *
negative_zero (void)
{
    ConformanceEveryType *self = full ();

    self->real = -0.0;
    return self;
}

static ConformanceEveryType *
zeros_in_binary (void)
{
    ConformanceEveryType *self = full ();

    g_byte_array_append (self->blob, (const guint8 *)"\0\0\1\0\xff\0", 6);
    g_ptr_array_add (self->blobs, bytes ("\0", 1));
    g_ptr_array_add (self->blobs, bytes ("\0\0", 2));
    return self;
}

static ConformanceEveryType *
unicode (void)
{
    ConformanceEveryType *self = full ();

    set_text (&self->text, &self->__isset_text, UNICODE);
    set_text (&self->far_away, &self->__isset_far_away, UNICODE);
    set_text (&self->maybe_text, &self->__isset_maybe_text, UNICODE);
    g_hash_table_add (self->words, g_strdup (UNICODE));
    add_count (self, UNICODE, 1);
    g_hash_table_insert (self->names, GINT_TO_POINTER (CONFORMANCE_COLOR_GREEN),
                         g_strdup (UNICODE));
    set_leaf (self, leaf (1, UNICODE));
    add_nested (self, UNICODE, UNICODE, 1.0);
    return self;
}

static ConformanceEveryType *
large (void)
{
    ConformanceEveryType *self = full ();
    g_autofree char *text = g_strnfill (LARGE_TEXT, 'x');

    for (gint64 i = 0; i < LARGE_LIST; i++) {
        gint64 cube = i * i * i;
        gboolean third = i % 3 == 0;

        g_array_append_val (self->longs, cube);
        g_array_append_val (self->flags, third);
    }
    for (gint32 i = 0; i < LARGE_MAP; i++) {
        g_autofree char *key = g_strdup_printf ("key %d", i);

        add_count (self, key, i);
        g_ptr_array_add (self->leaves, leaf (i, key));
    }
    set_text (&self->text, &self->__isset_text, text);
    return self;
}

static ConformanceEveryType *
optionals_unset (void)
{
    ConformanceEveryType *self = full ();

    self->__isset_choice = FALSE;
    self->__isset_maybe_flag = FALSE;
    self->__isset_maybe_large = FALSE;
    self->__isset_maybe_text = FALSE;
    return self;
}

static ConformanceEveryType *
optionals_zero (void)
{
    ConformanceEveryType *self = full ();

    self->maybe_flag = FALSE;
    self->maybe_large = 0;
    set_text (&self->maybe_text, &self->__isset_maybe_text, "");
    return self;
}

static ConformanceEveryType *
union_of_text (void)
{
    ConformanceEveryType *self = only_defaults ();

    set_text (&self->choice->text, &self->choice->__isset_text, "t");
    self->__isset_choice = TRUE;
    return self;
}

static ConformanceEveryType *
union_of_leaf (void)
{
    ConformanceEveryType *self = only_defaults ();

    g_clear_object (&self->choice->leaf);
    self->choice->leaf = leaf (3, "three");
    self->choice->__isset_leaf = self->__isset_choice = TRUE;
    return self;
}

static ConformanceEveryType *
union_of_numbers (void)
{
    static const gint32 numbers[] = { 1, 2, -3 };
    ConformanceEveryType *self = only_defaults ();

    g_array_append_vals (self->choice->numbers, numbers, G_N_ELEMENTS (numbers));
    self->choice->__isset_numbers = self->__isset_choice = TRUE;
    return self;
}

static ConformanceEveryType *
negative_enum (void)
{
    ConformanceEveryType *self = full ();

    self->color = CONFORMANCE_COLOR_NEGATIVE;
    return self;
}

const CallerValue caller_values[] = {
    { "only defaults", only_defaults },
    { "every field set", full },
    { "smallest integers", smallest },
    { "largest integers", largest },
    { "minus one everywhere", minus_one },
    { "nan and infinities", odd_doubles },
    { "negative zero", negative_zero },
    { "zeros in binary", zeros_in_binary },
    { "unicode", unicode },
    { "large containers", large },
    { "optionals unset", optionals_unset },
    { "optionals set to zero values", optionals_zero },
    { "union holding text", union_of_text },
    { "union holding a struct", union_of_leaf },
    { "union holding a list", union_of_numbers },
    { "a negative enum value", negative_enum },
};
const gsize caller_n_values = G_N_ELEMENTS (caller_values);

static const DunlinSchemaStruct *
schema_of (gpointer object)
{
    const DunlinSchema *schema = conformance_service.schema->home;

    for (gsize i = 0; i < schema->n_structs; i++)
        if (schema->structs[i]->get_type () == G_OBJECT_TYPE (object))
            return schema->structs[i];
    g_assert_not_reached ();
}

char *
caller_text (gpointer object)
{
    ThriftProtocol *protocol = dunlin_payload_new (DUNLIN_ENCODING_BINARY, NULL);
    g_auto (DunlinBuffer) written = { 0 };
    char *text;

    dunlin_payload_set_output (protocol, &written);
    g_assert_cmpint (thrift_struct_write (THRIFT_STRUCT (object), protocol, NULL), >=, 0);
    dunlin_payload_set_input (protocol, dunlin_buffer_bytes (&written),
                              dunlin_buffer_length (&written));
    text = read_struct (protocol, schema_of (object));
    g_object_unref (protocol);
    return text;
}
