/* A client as a program has it: named in the settings, called from main(). */
#include "client/client.h"
#include "dunlin.h"
#include "dunlin_autoptr.h"
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

typedef struct {
    GObject *handler;
    TestServer *server;
    char *dest; /* of the server, as a flag */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->handler = tiny_handler_new ();
    self->server = test_server_new (&tiny_service, self->handler, NULL);
    self->dest = g_strdup_printf ("--client.tiny.dest=fixedinet!127.0.0.1:%u",
                                  test_server_port (self->server));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    test_server_free (self->server);
    g_object_unref (self->handler);
    g_free (self->dest);
}

/* An app with @flags, NULL-terminated. */
static DunlinApp *
configured (const char *const *flags)
{
    g_autoptr (DunlinApp) app = dunlin_app_new ("caller", "1.0");
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
    char **argv;
    int argc;

    g_ptr_array_add (arguments, (gpointer) "caller");
    for (; *flags != NULL; flags++)
        g_ptr_array_add (arguments, (gpointer)*flags);
    argc = (int)arguments->len;
    g_ptr_array_add (arguments, NULL);
    argv = (char **)arguments->pdata;
    dunlin_app_configure (app, &argc, &argv, &error);
    g_assert_no_error (error);
    return g_steal_pointer (&app);
}

/* Through a generated client, before there is any loop of the app's. */
static void
test_before_the_start (Fixture *self, gconstpointer data)
{
    const char *const flags[] = { "--tls.mode=off", self->dest, NULL };
    g_autoptr (DunlinApp) app = configured (flags);
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = NULL;
    DunlinClient *client = dunlin_app_add_client (app, "tiny", &error);
    g_autoptr (DunlinBaseIf) stub = NULL;

    g_assert_no_error (error);
    stub = dunlin_client_stub (client, DUNLIN_TYPE_BASE_CLIENT);
    g_assert_true (dunlin_base_client_ping (stub, &answer, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (answer, ==, "pong");
    g_assert_cmpint (client_stat (client, "requests"), ==, 1);
}

static void
assert_refused (const char *const *flags, const char *name, const char *text)
{
    g_autoptr (DunlinApp) app = configured (flags);
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_app_add_client (app, name, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, text));
}

static void
test_mistakes (void)
{
    const char *const none[] = { "--tls.mode=off", NULL };
    const char *const bad[] = { "--tls.mode=off", "--client.x.dest=nowhere!1", NULL };
    const char *const no_ca[] = { "--tls.mode=off", "--client.x.dest=localhost:1",
                                  "--client.x.tls.mode=required", NULL };

    assert_refused (none, "tiny", "client.tiny.dest is not set");
    assert_refused (none, "a b", "'a b' is no name for a client");
    assert_refused (bad, "x", "client.x.dest: ");
    assert_refused (no_ca, "x", "neither client.x.tls.certificate nor tls.certificate is set");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add ("/client/app/calls-before-the-start", Fixture, NULL, set_up, test_before_the_start,
                tear_down);
    g_test_add_func ("/client/app/mistakes-name-the-setting", test_mistakes);
    return g_test_run ();
}
