/* Every type that the generator accepts, through the code that c_glib makes of it: values are
 * written by schema, read into the generated class, written from there, and are the same. */
#include "codegen_types_stub.h"
#include "support/stub_call.h"
#include "support/payload_case.h"
#include "support/schema_values.h"

/* Where values are written to, one protocol for all. */
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

/* What was written, as text. */
static char *
text_of_output (Fixture *self, const DunlinSchemaStruct *type)
{
    char *text;

    dunlin_payload_set_input (self->protocol, dunlin_buffer_bytes (&self->out),
                              dunlin_buffer_length (&self->out));
    text = read_struct (self->protocol, type);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
    g_assert_cmpuint (dunlin_payload_consumed (self->protocol), ==,
                      dunlin_buffer_length (&self->out));
    return text;
}

/* Reads the struct into the generated class, and writes it from there in place of what it was. */
static void
pass_through_class (Fixture *self, const DunlinSchemaStruct *type)
{
    g_autoptr (GObject) object = g_object_new (type->get_type (), NULL);
    GError *error = NULL;

    dunlin_payload_set_input (self->protocol, dunlin_buffer_bytes (&self->out),
                              dunlin_buffer_length (&self->out));
    thrift_struct_read ((ThriftStruct *)object, self->protocol, &error);
    g_assert_no_error (error);
    g_assert_no_error (dunlin_payload_failure (self->protocol));
    dunlin_buffer_truncate (&self->out, 0);
    thrift_struct_write ((ThriftStruct *)object, self->protocol, &error);
    g_assert_no_error (error);
}

static void
test_struct (Fixture *self, const DunlinSchemaStruct *type, int n)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    dunlin_buffer_truncate (&self->out, 0);
    write_struct (self->protocol, type, n, 0);
    before = text_of_output (self, type);
    pass_through_class (self, type);
    after = text_of_output (self, type);
    g_assert_cmpstr (after, ==, before);
}

static void
test_same_values (Fixture *self, gconstpointer encoding)
{
    for (gsize i = 0; i < codegen_types_idl_schema.n_structs; i++) {
        const DunlinSchemaStruct *type = codegen_types_idl_schema.structs[i];

        if (type->form == DUNLIN_SCHEMA_FORM_UNION)
            continue; /* whose fields are never all there */
        for (int n = 0; n < 4; n++)
            test_struct (self, type, n);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    codegen_types_idl_ensure_types ();
    g_test_add ("/codegen/types/binary-values-stay-the-same", Fixture,
                GINT_TO_POINTER (DUNLIN_ENCODING_BINARY), set_up, test_same_values, tear_down);
    g_test_add ("/codegen/types/compact-values-stay-the-same", Fixture,
                GINT_TO_POINTER (DUNLIN_ENCODING_COMPACT), set_up, test_same_values, tear_down);
    return g_test_run ();
}
