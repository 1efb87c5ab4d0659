/* What codegen/repairs.h mends in generated code, seen from outside, and in c_glib's own classes.
 */
#include "wire/repairs.h"

#include "codegen_types_stub.h"
#include "conformance_stub.h"
#include "support/stub_call.h"

#include <thrift/c_glib/processor/thrift_processor.h>
#include <thrift/c_glib/thrift_application_exception.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>

static void
note_freed (gpointer data)
{
    *(gboolean *)data = TRUE;
}

/* What GObject keeps for an object is freed by the last finalize only. */
static void
assert_finalizes_wholly (GType type)
{
    GObject *object = g_object_new (type, NULL);
    gboolean freed = FALSE;

    g_object_set_qdata_full (object, g_quark_from_static_string ("test"), &freed, note_freed);
    g_object_unref (object);
    if (!freed)
        g_error ("objects of %s leak", g_type_name (type));
}

static void
assert_class_finalizes (GType type)
{
    /* Twice: the first time it is found out how the class does it. */
    assert_finalizes_wholly (type);
    assert_finalizes_wholly (type);
}

static void
test_structs_finalize (void)
{
    const DunlinSchema *const schemas[] = { &conformance_idl_schema, &codegen_types_idl_schema };

    for (gsize i = 0; i < G_N_ELEMENTS (schemas); i++)
        for (gsize j = 0; j < schemas[i]->n_structs; j++)
            assert_class_finalizes (schemas[i]->structs[j]->get_type ());
}

static void
test_calls_finalize (void)
{
    assert_class_finalizes (CONFORMANCE_TYPE_CONFORMANCE_EVERYTHING_ARGS);
    assert_class_finalizes (CONFORMANCE_TYPE_CONFORMANCE_EVERYTHING_RESULT);
    assert_class_finalizes (CONFORMANCE_TYPE_CONFORMANCE_CONTEXT_RESULT);
    assert_class_finalizes (CONFORMANCE_TYPE_CONFORMANCE_HANDLER);
    assert_class_finalizes (CONFORMANCE_TYPE_CONFORMANCE_CLIENT);
}

static void
test_library_finalizes (void)
{
    assert_class_finalizes (THRIFT_TYPE_MEMORY_BUFFER);
    assert_class_finalizes (THRIFT_TYPE_APPLICATION_EXCEPTION);
}

typedef struct {
    ConformanceLeaf parent;
} Subclass;

typedef struct {
    ConformanceLeafClass parent;
} SubclassClass;

GType test_subclass_get_type (void);
G_DEFINE_TYPE (Subclass, test_subclass, CONFORMANCE_TYPE_LEAF)

static void
test_subclass_class_init (SubclassClass *class)
{
}

static void
test_subclass_init (Subclass *self)
{
}

static void
test_subclass_finalizes (void)
{
    assert_class_finalizes (test_subclass_get_type ());
}

enum { N_THREADS = 8, N_PROCESSES = 20 };

static gint gate;

static gpointer
touch_types (gpointer data)
{
    GType *types = data;

    g_atomic_int_inc (&gate);
    while (g_atomic_int_get (&gate) < N_THREADS)
        ;
    for (gsize i = 0; i < codegen_types_idl_schema.n_structs; i++)
        types[i] = codegen_types_idl_schema.structs[i]->get_type ();
    return NULL;
}

/* In a process of its own, where no type was touched before. */
static void
race (void)
{
    gsize n = codegen_types_idl_schema.n_structs;
    g_autofree GType *types = g_new0 (GType, n * N_THREADS);
    GThread *threads[N_THREADS];

    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("touch", touch_types, types + i * n);
    for (gsize i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
    for (gsize i = 0; i < n * N_THREADS; i++) {
        g_assert_cmpuint (types[i], !=, 0);
        g_assert_cmpuint (types[i], ==, types[i % n]);
    }
}

static void
test_types_race (void)
{
    if (g_test_subprocess ()) {
        race ();
        return;
    }
    for (int i = 0; i < N_PROCESSES; i++) {
        g_test_trap_subprocess (NULL, 0, 0);
        g_test_trap_assert_passed ();
    }
}

static void
note (gpointer told, GObject *object)
{
    ++*(guint *)told;
}

static void
note_change (GObject *object, GParamSpec *property, gpointer told)
{
    ++*(guint *)told;
}

static void
note_closure (gpointer told, GClosure *closure)
{
    ++*(guint *)told;
}

/* GObject's own dispose is left out for speed: all that it does has to happen all the same. */
static void
test_last_words (void)
{
    GObject *object = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    gpointer watcher = object;
    GWeakRef weak;
    guint told = 0;
    guint changes = 0;

    g_object_weak_ref (object, note, &told);
    g_object_add_weak_pointer (object, &watcher);
    g_weak_ref_init (&weak, object);
    g_signal_connect_data (object, "notify", G_CALLBACK (note_change), &changes, note_closure, 0);
    g_object_set (object, "id", (gint64)1, NULL);
    g_assert_cmpuint (changes, ==, 1);
    g_object_unref (object);
    g_assert_cmpuint (told, ==, 1);
    g_assert_cmpuint (changes, ==, 2); /* the handler's data went with it */
    g_assert_null (watcher);
    g_assert_null (g_weak_ref_get (&weak));
    g_weak_ref_clear (&weak);
}

static void
register_twice (void)
{
    static const GTypeInfo infos[2] = {
        { .class_size = sizeof (GObjectClass), .instance_size = sizeof (GObject) },
        { .class_size = sizeof (GObjectClass), .instance_size = sizeof (GObject) },
    };

    dunlin_repairs_register_type (G_TYPE_OBJECT, "TestAddress", &infos[0], 0);
    dunlin_repairs_register_type (G_TYPE_OBJECT, "TestAddress", &infos[0], 0);
    g_printerr ("once more\n");
    dunlin_repairs_register_type (G_TYPE_OBJECT, "TestAddress", &infos[1], 0);
}

static void
test_same_name (void)
{
    if (g_test_subprocess ()) {
        register_twice ();
        return;
    }
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_failed ();
    g_test_trap_assert_stderr ("*once more*two IDLs define the type TestAddress*namespace*");
}

/* Calls the generated processor, which Dunlin does not use, but others may. */
static char *
process (const char *method)
{
    g_autoptr (GObject) handler = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_HANDLER, NULL);
    g_autoptr (GObject) processor =
        g_object_new (CONFORMANCE_TYPE_CONFORMANCE_PROCESSOR, "handler", handler, NULL);
    DunlinCall call;
    DunlinMessageHeader header;
    gsize used;
    char *reply;

    stub_call_init (&call, DUNLIN_ENCODING_BINARY);
    thrift_protocol_write_message_begin (stub_call_arguments (&call), method, T_CALL, 1, NULL);
    thrift_protocol_write_struct_begin (call.reader, "args", NULL);
    thrift_protocol_write_field_stop (call.reader, NULL);
    thrift_protocol_write_struct_end (call.reader, NULL);
    dunlin_payload_set_input (call.reader, dunlin_buffer_bytes (&call.in),
                              dunlin_buffer_length (&call.in));
    thrift_processor_process (THRIFT_PROCESSOR (processor), call.reader, call.writer, NULL);
    g_assert_true (dunlin_message_read (dunlin_buffer_bytes (&call.out),
                                        dunlin_buffer_length (&call.out), DUNLIN_ENCODING_BINARY,
                                        &header, &used, NULL));
    reply = g_strdup_printf ("%d %.*s", header.type, (int)header.name_length, header.name);
    stub_call_clear (&call);
    return reply;
}

static void
test_unknown_method (void)
{
    g_autofree char *reply = process ("nowhere");

    g_assert_cmpstr (reply, ==, "3 nowhere");
}

static void
test_hashes (void)
{
    const gint i = 5, j = 6;
    const gint64 k = 5, l = G_MININT64;
    const double x = 1.5, y = -1.5;
    g_autofree char *same = g_strdup ("Az");

    g_assert_cmpuint (g_str_hash ("Az"), ==, g_str_hash ("BY")); /* what a peer makes use of */
    g_assert_cmpuint (dunlin_repairs_str_hash ("Az"), !=, dunlin_repairs_str_hash ("BY"));
    g_assert_cmpuint (dunlin_repairs_str_hash ("Az"), ==, dunlin_repairs_str_hash (same));
    g_assert_cmpuint (dunlin_repairs_int_hash (&i), !=, dunlin_repairs_int_hash (&j));
    g_assert_cmpuint (dunlin_repairs_int64_hash (&k), !=, dunlin_repairs_int64_hash (&l));
    g_assert_cmpuint (dunlin_repairs_double_hash (&x), !=, dunlin_repairs_double_hash (&y));
    g_assert_cmpuint (dunlin_repairs_direct_hash (&i), !=, dunlin_repairs_direct_hash (&j));
}

/* Equal to g_double_equal(), so they must have one hash. */
static void
test_zeros (void)
{
    const double plus = 0.0, minus = -0.0;

    g_assert_true (g_double_equal (&plus, &minus));
    g_assert_cmpuint (dunlin_repairs_double_hash (&plus), ==, dunlin_repairs_double_hash (&minus));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/codegen/repairs/types-race", test_types_race);
    if (!g_test_subprocess ()) {
        conformance_idl_ensure_types ();
        codegen_types_idl_ensure_types ();
    }
    g_test_add_func ("/codegen/repairs/structs-finalize-wholly", test_structs_finalize);
    g_test_add_func ("/codegen/repairs/arguments-and-results-finalize-wholly", test_calls_finalize);
    g_test_add_func ("/codegen/repairs/library-classes-finalize-wholly", test_library_finalizes);
    g_test_add_func ("/codegen/repairs/a-subclass-finalizes-wholly", test_subclass_finalizes);
    g_test_add_func ("/codegen/repairs/who-watches-an-object-hears-of-its-end", test_last_words);
    g_test_add_func ("/codegen/repairs/one-name-for-two-types-ends-the-process", test_same_name);
    g_test_add_func ("/codegen/repairs/unknown-method-of-a-processor-is-answered",
                     test_unknown_method);
    g_test_add_func ("/codegen/repairs/hashes-do-not-collide-as-glibs-do", test_hashes);
    g_test_add_func ("/codegen/repairs/zeros-have-one-hash", test_zeros);
    return g_test_run ();
}
