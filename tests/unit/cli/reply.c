/* cli/reply: what replies are taken for. */
#include "cli/reply.h"

#include "base/error.h"
#include "conformance_schema.h"
#include "support/golden.h"

static const DunlinSchemaMethod *
method_named (const char *name)
{
    for (gsize i = 0; i < conformance_schema.n_methods; i++)
        if (strcmp (conformance_method_schemas[i].name, name) == 0)
            return &conformance_method_schemas[i];
    g_assert_not_reached ();
}

typedef struct {
    const char *name;
    const char *method;
    DunlinMessageType type;
    const char *hex;
    const char *exception; /* of a declared one, its type */
    const char *json;      /* NULL: it fails */
    const char *says;
} Case;

static const Case cases[] = {
    { "result", "cancelled", DUNLIN_MESSAGE_REPLY, "0a 0000 0000000000000007 00", NULL, "7", NULL },
    { "void", "nothing", DUNLIN_MESSAGE_REPLY, "00", NULL, "", NULL },
    { "oneway", "touch", DUNLIN_MESSAGE_REPLY, "", NULL, "", NULL },
    { "declared", "get", DUNLIN_MESSAGE_REPLY, "0c 0001 0b 0001 00000001 'x' 00 00", "NotFound",
      "{\"message\":\"x\"}", NULL },
    { "later-field-before-result", "cancelled", DUNLIN_MESSAGE_REPLY,
      "0b 0063 00000001 'x' 0a 0000 0000000000000007 00", NULL, "7", NULL },
    { "no-result", "cancelled", DUNLIN_MESSAGE_REPLY, "00", NULL, NULL,
      "neither a result (i64) nor an exception that cancelled declares" },
    { "undeclared-exception", "get", DUNLIN_MESSAGE_REPLY, "0c 0005 00 00", NULL, NULL,
      "neither a result (Address) nor" },
    { "result-of-other-type", "cancelled", DUNLIN_MESSAGE_REPLY, "0b 0000 00000001 'x' 00", NULL,
      NULL, "does not fit the IDL" },
    { "cut-short", "cancelled", DUNLIN_MESSAGE_REPLY, "0a 0000 00000000", NULL, NULL,
      "does not fit the IDL" },
    { "nothing-at-all", "nothing", DUNLIN_MESSAGE_REPLY, "", NULL, NULL, "does not fit the IDL" },
    { "application-exception", "get", DUNLIN_MESSAGE_EXCEPTION,
      "0b 0001 00000004 'a' 1b 'b' 0a 08 0002 00000006 00", NULL, NULL,
      "a\\x1bb\\n (TApplicationException 6, internal error)" },
    { "no-application-exception", "get", DUNLIN_MESSAGE_EXCEPTION, "ff", NULL, NULL,
      "cannot be read" },
};

static void
test_reply (gconstpointer data)
{
    const Case *test = data;
    g_auto (CliReply) reply = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinRawReply raw = { .type = test->type, .address = (char *)"a:1" };
    gboolean done;

    raw.body = golden (test->hex);
    done = cli_reply_read (&reply, method_named (test->method), &raw, DUNLIN_ENCODING_BINARY, NULL,
                           &error);
    if (test->json == NULL) {
        g_assert_false (done);
        if (strstr (error->message, test->says) == NULL)
            g_error ("\"%s\" does not say \"%s\"", error->message, test->says);
    } else {
        g_assert_no_error (error);
        g_assert_cmpstr (reply.json == NULL ? "" : reply.json->str, ==, test->json);
        g_assert_cmpstr (reply.exception == NULL ? NULL : reply.exception->type->text, ==,
                         test->exception);
        g_assert_cmpint (
            cli_reply_is_declared (method_named (test->method), &raw, DUNLIN_ENCODING_BINARY), ==,
            test->exception != NULL);
    }
    dunlin_buffer_clear (&raw.body);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strdup_printf ("/cli/reply/%s", cases[i].name);

        g_test_add_data_func (path, &cases[i], test_reply);
    }
    return g_test_run ();
}
