/* The typed stubs of the conformance service over buffers: what a handler finds, and what becomes
 * of all that it can leave. Every test runs once an encoding. */
#include "base/error.h"
#include "codegen_types_stub.h"
#include "conformance_stub.h"
#include "support/payload_case.h"
#include "support/schema_values.h"
#include "support/stub_call.h"

/* What the handler does, whichever method is called. */
typedef enum {
    ANSWER,
    FAIL,            /* with a GError, and with a result */
    FAIL_SILENTLY,   /* FALSE without a GError */
    NO_RESULT,       /* TRUE, but the result is NULL */
    DECLARE,         /* the declared exception, FALSE */
    DECLARE_TRUE,    /* the declared exception, a result, and TRUE */
    DECLARE_AND_FAIL /* the declared exception, and a GError */
} Mode;

typedef struct {
    ConformanceConformanceHandler parent;
    Mode mode;
    int calls;
    gboolean has_found_null;
    char *seen; /* a text that the last call came with */
} Handler;

typedef struct {
    ConformanceConformanceHandlerClass parent;
} HandlerClass;

GType test_handler_get_type (void);
G_DEFINE_TYPE (Handler, test_handler, CONFORMANCE_TYPE_CONFORMANCE_HANDLER)

static Handler *
called (gpointer iface, const char *text)
{
    Handler *self = iface;

    self->calls++;
    g_free (self->seen);
    self->seen = g_strdup (text);
    return self;
}

/* What all methods have in common at their end. */
static gboolean
done (const Handler *self, GError **error)
{
    if (self->mode == FAIL || self->mode == DECLARE_AND_FAIL)
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "as asked");
    return self->mode == ANSWER || self->mode == NO_RESULT || self->mode == DECLARE_TRUE;
}

static gboolean
has_result (const Handler *self)
{
    return self->mode != NO_RESULT;
}

static gboolean
declares (const Handler *self)
{
    return self->mode >= DECLARE;
}

static gboolean
put (ConformanceConformanceIf *iface, ConformanceAddress **_return,
     const ConformanceAddress *address, GError **error)
{
    Handler *self = called (iface, address == NULL ? NULL : address->full_name);

    self->has_found_null |= address == NULL;
    if (has_result (self))
        *_return = g_object_ref ((ConformanceAddress *)address);
    return done (self, error);
}

static ConformanceAddress *
make_address (const char *name)
{
    return g_object_new (CONFORMANCE_TYPE_ADDRESS, "full_name", name, NULL);
}

static gboolean
get (ConformanceConformanceIf *iface, ConformanceAddress **_return, const gint64 id,
     ConformanceNotFound **not_found, GError **error)
{
    Handler *self = called (iface, NULL);

    if (has_result (self))
        *_return = make_address ("Ada");
    if (declares (self))
        *not_found = g_object_new (CONFORMANCE_TYPE_NOT_FOUND, "message", "gone", NULL);
    return done (self, error);
}

static gboolean
search (ConformanceConformanceIf *iface, GPtrArray **_return, const gchar *prefix,
        const gint32 limit, GError **error)
{
    Handler *self = called (iface, prefix);

    self->has_found_null |= prefix == NULL || *_return == NULL;
    for (int i = 0; i < limit; i++)
        g_ptr_array_add (*_return, make_address (prefix));
    if (!has_result (self))
        g_clear_pointer (_return, g_ptr_array_unref);
    return done (self, error);
}

static gboolean
touch (ConformanceConformanceIf *iface, const gint64 id, GError **error)
{
    return done (called (iface, NULL), error);
}

static gboolean
echo (ConformanceConformanceIf *iface, GByteArray **_return, const GByteArray *payload,
      GError **error)
{
    Handler *self = called (iface, NULL);

    self->has_found_null |= payload == NULL;
    if (has_result (self))
        *_return = g_byte_array_ref ((GByteArray *)payload);
    return done (self, error);
}

static gboolean
answer_text (ConformanceConformanceIf *iface, gchar **_return, const gint32 ms, GError **error)
{
    Handler *self = called (iface, NULL);

    if (has_result (self))
        *_return = g_strdup_printf ("%d ms", ms);
    return done (self, error);
}

static gboolean
cancelled (ConformanceConformanceIf *iface, gint64 *_return, GError **error)
{
    *_return = G_MININT64;
    return done (called (iface, NULL), error);
}

static gboolean
everything (ConformanceConformanceIf *iface, ConformanceEveryType **_return,
            const ConformanceEveryType *value, GError **error)
{
    Handler *self = called (iface, value->text);

    if (has_result (self))
        *_return = g_object_ref ((ConformanceEveryType *)value);
    return done (self, error);
}

/* Puts a container of its own in the place of the one that it finds. */
static gboolean
context (ConformanceConformanceIf *iface, GHashTable **_return, GError **error)
{
    Handler *self = called (iface, NULL);

    self->has_found_null |= *_return == NULL;
    g_clear_pointer (_return, g_hash_table_unref);
    if (has_result (self)) {
        *_return = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert (*_return, g_strdup ("method"), g_strdup ("context"));
    }
    return done (self, error);
}

static gboolean
fail (ConformanceConformanceIf *iface, gchar **_return, const gchar *kind,
      ConformanceRefused **refused, GError **error)
{
    Handler *self = called (iface, kind);

    self->has_found_null |= kind == NULL;
    if (has_result (self))
        *_return = g_strdup (kind);
    if (declares (self))
        *refused = g_object_new (CONFORMANCE_TYPE_REFUSED, "code", 7, "reason", "so", NULL);
    return done (self, error);
}

static gboolean
nothing (ConformanceConformanceIf *iface, GError **error)
{
    return done (called (iface, NULL), error);
}

static gboolean
ping (ConformanceBaseIf *iface, gchar **_return, GError **error)
{
    Handler *self = called (iface, NULL);

    if (has_result (self))
        *_return = g_strdup ("pong");
    return done (self, error);
}

static gboolean
now_ms (ConformanceBaseIf *iface, gint64 *_return, GError **error)
{
    *_return = 1;
    return done (called (iface, NULL), error);
}

static void
test_handler_finalize (GObject *object)
{
    g_free (((Handler *)object)->seen);
    G_OBJECT_CLASS (test_handler_parent_class)->finalize (object);
}

static void
test_handler_init (Handler *self)
{
}

static void
test_handler_class_init (HandlerClass *class)
{
    ConformanceConformanceHandlerClass *ours = &class->parent;

    G_OBJECT_CLASS (class)->finalize = test_handler_finalize;
    ours->parent.ping = ping;
    ours->parent.now_ms = now_ms;
    ours->put = put;
    ours->get = get;
    ours->search = search;
    ours->touch = touch;
    ours->echo = echo;
    ours->sleep = ours->spin = ours->block = answer_text;
    ours->cancelled = cancelled;
    ours->everything = everything;
    ours->context = context;
    ours->fail = fail;
    ours->nothing = nothing;
}

typedef struct {
    DunlinCall call;
    Handler *handler;
    GError *error;
} Fixture;

static void
set_up (Fixture *self, gconstpointer encoding)
{
    stub_call_init (&self->call, GPOINTER_TO_INT (encoding));
    self->handler = g_object_new (test_handler_get_type (), NULL);
}

static void
tear_down (Fixture *self, gconstpointer encoding)
{
    stub_call_clear (&self->call);
    g_object_unref (self->handler);
    g_clear_error (&self->error);
}

static const DunlinMethodInfo *
method_of (const char *name)
{
    const DunlinMethodInfo *info =
        dunlin_service_info_find (&conformance_service, name, strlen (name));

    g_assert_nonnull (info);
    return info;
}

/* All arguments, with the values that schema_values.h has for @n. */
static void
write_arguments (Fixture *self, const DunlinMethodInfo *info, int n)
{
    const DunlinSchemaMethod *method = info->schema;
    DunlinSchemaStruct arguments = { .name = "args",
                                     .fields = method->arguments,
                                     .n_fields = method->n_arguments };

    write_struct (stub_call_arguments (&self->call), &arguments, n, 0);
}

static DunlinStubOutcome
run (Fixture *self, const DunlinMethodInfo *info, Mode mode)
{
    self->handler->mode = mode;
    self->handler->calls = 0;
    g_clear_error (&self->error);
    return stub_call_run (&self->call, info->stub, G_OBJECT (self->handler), &self->error);
}

/* The reply as thrift_text.h writes it. */
static char *
reply_text (Fixture *self)
{
    return payload_case_text (self->call.reader, &self->call.out,
                              dunlin_buffer_length (&self->call.out));
}

/* The reply as the schema has it, its containers sorted; */
static char *
reply_value (Fixture *self, const DunlinSchemaType *type)
{
    const DunlinSchemaField field = { .id = 0, .name = "success", .type = type };
    const DunlinSchemaStruct result = { .name = "result", .fields = &field, .n_fields = 1 };

    dunlin_payload_set_input (self->call.reader, dunlin_buffer_bytes (&self->call.out),
                              dunlin_buffer_length (&self->call.out));
    return read_struct (self->call.reader, &result);
}

/* Runs @check for every method of the service and of its parent. */
static void
each_method (Fixture *self, void (*check) (Fixture *, const DunlinMethodInfo *))
{
    for (const DunlinServiceInfo *service = &conformance_service; service != NULL;
         service = service->extends)
        for (gsize i = 0; i < service->n_methods; i++)
            check (self, &service->methods[i]);
}

static void
check_answer (Fixture *self, const DunlinMethodInfo *info)
{
    write_arguments (self, info, 3);
    g_assert_cmpint (run (self, info, ANSWER), ==, DUNLIN_STUB_OK);
    g_assert_no_error (self->error);
    g_assert_cmpint (self->handler->calls, ==, 1);
    g_assert_false (self->handler->has_found_null);
    g_assert_cmpint (self->call.replies, ==, info->oneway ? 0 : 1);
    g_assert_null (self->call.declared);
}

static void
test_answers (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_answer);
}

static void
test_results (Fixture *self, gconstpointer encoding)
{
    /* The arguments are those of check_answer(). */
    static const char *const cases[][2] = {
        { "ping", "{0:\"706f6e67\" }" },
        { "now_ms", "{0:l1 }" },
        { "get", "{0:{2:\"416461\" } }" },
        { "search", "{0:list1({2:\"3320c3a9f09f90a6\" } ) }" },
        { "echo", "{0:\"00ff0003\" }" },
        { "sleep", "{0:\"31206d73\" }" },
        { "cancelled", "{0:l-9223372036854775808 }" },
        { "context", "{0:map1(\"6d6574686f64\"=>\"636f6e74657874\" ) }" },
        { "fail", "{0:\"3320c3a9f09f90a6\" }" },
        { "nothing", "{}" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = NULL;

        check_answer (self, method_of (cases[i][0]));
        text = reply_text (self);
        g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

/* What goes in as an argument comes out as the result. */
static void
check_mirror (Fixture *self, const char *name, int n)
{
    const DunlinMethodInfo *info = method_of (name);
    const DunlinSchemaField *value = &info->schema->arguments[0];
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    write_arguments (self, info, n);
    dunlin_payload_set_input (self->call.reader, dunlin_buffer_bytes (&self->call.in),
                              dunlin_buffer_length (&self->call.in));
    before =
        read_struct (self->call.reader, &(DunlinSchemaStruct){ .fields = value, .n_fields = 1 });
    g_assert_cmpint (run (self, info, ANSWER), ==, DUNLIN_STUB_OK);
    after = reply_value (self, info->schema->result);
    /* Only the ids differ: 1 among the arguments, 0 in the result. */
    g_assert_cmpstr (strchr (after, ':'), ==, strchr (before, ':'));
}

static void
test_mirrors (Fixture *self, gconstpointer encoding)
{
    for (int n = 0; n < 4; n++) {
        check_mirror (self, "put", n);
        check_mirror (self, "echo", n);
        check_mirror (self, "everything", n);
    }
}

static void
check_failure (Fixture *self, const DunlinMethodInfo *info)
{
    write_arguments (self, info, 3);
    g_assert_cmpint (run (self, info, FAIL), ==, DUNLIN_STUB_FAILED);
    g_assert_error (self->error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
    g_assert_cmpstr (self->error->message, ==, "as asked");
    g_assert_cmpint (self->call.replies, ==, 0);
}

static void
test_failures (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_failure);
}

static void
check_silent_failure (Fixture *self, const DunlinMethodInfo *info)
{
    write_arguments (self, info, 3);
    g_assert_cmpint (run (self, info, FAIL_SILENTLY), ==, DUNLIN_STUB_FAILED);
    g_assert_no_error (self->error);
    g_assert_cmpint (self->call.replies, ==, 0);
}

static void
test_silent_failures (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_silent_failure);
}

static void
check_no_result (Fixture *self, const DunlinMethodInfo *info)
{
    DunlinSchemaKind kind = info->schema->result->kind;
    gboolean can_be_null = kind > DUNLIN_SCHEMA_DOUBLE && kind != DUNLIN_SCHEMA_ENUM;

    write_arguments (self, info, 3);
    g_assert_cmpint (run (self, info, NO_RESULT), ==,
                     can_be_null ? DUNLIN_STUB_NO_RESULT : DUNLIN_STUB_OK);
    g_assert_no_error (self->error);
    g_assert_cmpint (self->call.replies, ==, can_be_null || info->oneway ? 0 : 1);
}

static void
test_no_result (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_no_result);
}

static void
check_declared (Fixture *self, const char *method, Mode mode, const char *name, const char *text)
{
    g_autofree char *reply = NULL;

    write_arguments (self, method_of (method), 3);
    g_assert_cmpint (run (self, method_of (method), mode), ==, DUNLIN_STUB_DECLARED);
    g_assert_no_error (self->error);
    g_assert_cmpstr (self->call.declared, ==, name);
    g_assert_cmpint (self->call.replies, ==, 1);
    reply = reply_text (self);
    g_assert_cmpstr (reply, ==, text);
}

static void
test_declared (Fixture *self, gconstpointer encoding)
{
    for (Mode mode = DECLARE; mode <= DECLARE_AND_FAIL; mode++) {
        check_declared (self, "get", mode, "NotFound", "{1:{1:\"676f6e65\" } }");
        check_declared (self, "fail", mode, "Refused", "{1:{1:i7 2:\"736f\" } }");
    }
}

static void
check_no_arguments (Fixture *self, const DunlinMethodInfo *info)
{
    ThriftProtocol *to = stub_call_arguments (&self->call);

    thrift_protocol_write_struct_begin (to, "args", NULL);
    thrift_protocol_write_field_stop (to, NULL);
    thrift_protocol_write_struct_end (to, NULL);
    g_assert_cmpint (run (self, info, FAIL), ==, DUNLIN_STUB_FAILED);
    g_assert_cmpint (self->handler->calls, ==, 1);
    g_assert_false (self->handler->has_found_null);
}

static void
test_no_arguments (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_no_arguments);
}

/* Fields that nobody knows, and known ids with other types. */
static void
write_foreign_arguments (Fixture *self)
{
    ThriftProtocol *to = stub_call_arguments (&self->call);

    thrift_protocol_write_struct_begin (to, "args", NULL);
    thrift_protocol_write_field_begin (to, "x", T_DOUBLE, 1, NULL);
    thrift_protocol_write_double (to, 1.5, NULL);
    thrift_protocol_write_field_end (to, NULL);
    thrift_protocol_write_field_begin (to, "y", T_LIST, 900, NULL);
    thrift_protocol_write_list_begin (to, T_I32, 1, NULL);
    thrift_protocol_write_i32 (to, 5, NULL);
    thrift_protocol_write_list_end (to, NULL);
    thrift_protocol_write_field_end (to, NULL);
    thrift_protocol_write_field_stop (to, NULL);
    thrift_protocol_write_struct_end (to, NULL);
}

static void
check_foreign_arguments (Fixture *self, const DunlinMethodInfo *info)
{
    write_foreign_arguments (self);
    g_assert_cmpint (run (self, info, FAIL), ==, DUNLIN_STUB_FAILED);
    g_assert_cmpint (self->handler->calls, ==, 1);
    g_assert_false (self->handler->has_found_null);
}

static void
test_foreign_arguments (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_foreign_arguments);
}

/* With empty containers, since c_glib leaks a key and a part of a container when a struct inside
 * lacks a required field (some 100 bytes a message, after which the connection is closed). */
static void
check_cut_short (Fixture *self, const DunlinMethodInfo *info)
{
    gsize n;

    write_arguments (self, info, 2);
    for (n = dunlin_buffer_length (&self->call.in); n > 0; n--) {
        dunlin_buffer_truncate (&self->call.in, n - 1);
        g_assert_cmpint (run (self, info, ANSWER), ==, DUNLIN_STUB_BAD_ARGUMENTS);
        g_assert_nonnull (self->error);
        g_assert_cmpint (self->handler->calls, ==, 0);
        g_assert_cmpint (self->call.replies, ==, 0);
    }
}

static void
test_cut_short (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_cut_short);
}

static void
test_limit (Fixture *self, gconstpointer encoding)
{
    const DunlinPayloadLimits limits = { .max_elements = 1000, .max_depth = 64, .max_output = 10 };
    const DunlinMethodInfo *info = method_of ("search");

    g_object_unref (self->call.writer);
    self->call.writer = dunlin_payload_new (GPOINTER_TO_INT (encoding), &limits);
    write_arguments (self, info, 3);
    g_assert_cmpint (run (self, info, ANSWER), ==, DUNLIN_STUB_BAD_RESULT);
    g_assert_error (self->error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
}

static void
check_unimplemented (Fixture *self, const DunlinMethodInfo *info)
{
    g_autoptr (GObject) handler = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_HANDLER, NULL);

    write_arguments (self, info, 3);
    g_clear_error (&self->error);
    g_assert_cmpint (stub_call_run (&self->call, info->stub, handler, &self->error), ==,
                     DUNLIN_STUB_FAILED);
    g_assert_error (self->error, DUNLIN_ERROR, DUNLIN_ERROR_UNKNOWN_METHOD);
    g_assert_nonnull (strstr (self->error->message, info->name));
}

static void
test_unimplemented (Fixture *self, gconstpointer encoding)
{
    each_method (self, check_unimplemented);
}

/* The handler class of codegen_types is left without functions: no call gets there. */
static void
test_required (Fixture *self, gconstpointer encoding)
{
    g_autoptr (GObject) handler = g_object_new (CODEGEN_TYPES_TYPE_GIVES_HANDLER, NULL);
    const DunlinMethodInfo *info =
        dunlin_service_info_find (&codegen_types_gives_service, "getURL", 6);

    write_foreign_arguments (self);
    g_assert_cmpint (stub_call_run (&self->call, info->stub, handler, &self->error), ==,
                     DUNLIN_STUB_BAD_ARGUMENTS);
    g_assert_cmpstr (self->error->message, ==, "the required argument failure is missing");
    g_clear_error (&self->error);
    write_arguments (self, info, 3);
    g_assert_cmpint (stub_call_run (&self->call, info->stub, handler, &self->error), ==,
                     DUNLIN_STUB_FAILED);
    g_assert_error (self->error, DUNLIN_ERROR, DUNLIN_ERROR_UNKNOWN_METHOD);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
    g_autofree char *binary = g_strdup_printf ("/codegen/stubs/binary/%s", name);
    g_autofree char *compact = g_strdup_printf ("/codegen/stubs/compact/%s", name);

    g_test_add (binary, Fixture, GINT_TO_POINTER (DUNLIN_ENCODING_BINARY), set_up, test, tear_down);
    g_test_add (compact, Fixture, GINT_TO_POINTER (DUNLIN_ENCODING_COMPACT), set_up, test,
                tear_down);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    conformance_idl_ensure_types ();
    codegen_types_idl_ensure_types ();
    add ("every-method-answers", test_answers);
    add ("results-byte-by-byte", test_results);
    add ("arguments-arrive-whole", test_mirrors);
    add ("a-failure-writes-nothing", test_failures);
    add ("a-failure-without-error-is-a-failure", test_silent_failures);
    add ("null-is-no-result", test_no_result);
    add ("a-declared-exception-comes-first", test_declared);
    add ("a-handler-never-finds-null", test_no_arguments);
    add ("foreign-arguments-are-skipped", test_foreign_arguments);
    add ("arguments-cut-short-call-nobody", test_cut_short);
    add ("a-result-over-the-limit-is-bad", test_limit);
    add ("an-unset-class-function-is-an-unknown-method", test_unimplemented);
    add ("a-required-argument-must-come", test_required);
    return g_test_run ();
}
