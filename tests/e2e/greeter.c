/* The greeter among real services: all there, one missing, one silent, all gone. The test calls it
 * as another service would. */
#include "dunlin.h"

#include <signal.h>
#include <string.h>

#include "address_book_stub.h"
#include "greeter_stub.h"
#include "support/http_server.h"
#include "support/service_process.h"

#define SAYING "hello" /* of the HTTP server's page */

/* How long a greeting waits: for those who are there, on a busy machine; and for those who are not,
 * so that the test need not wait longer. */
#define LONG  "20s"
#define SHORT "2s"

/* One address book and one caller for all cases; the other services are each case's own. */
static TestService *book;
static gint64 ada;

/* @page: of the HTTP server; NULL: none is set */
typedef struct {
    const char *name;
    const char *page;
    const char *patience;
} Setup;

typedef struct {
    TestService *clock;
    TestHttpServer *http;
    TestService *greeter;
    DunlinApp *caller;
    DunlinClient *client;
} Fixture;

/* A program that calls the service on @port. */
static DunlinApp *
caller_of (guint16 port, DunlinClient **client)
{
    g_autofree char *dest = g_strdup_printf ("--client.it.dest=fixedinet!127.0.0.1:%u", port);
    char *arguments[] = { (char *)"caller", (char *)"--tls.mode=off", (char *)"--log.level=warning",
                          dest, NULL };
    char **argv = arguments;
    int argc = G_N_ELEMENTS (arguments) - 1;
    DunlinApp *app = dunlin_app_new ("caller", "1.0");
    g_autoptr (GError) error = NULL;

    dunlin_app_configure (app, &argc, &argv, &error);
    g_assert_no_error (error);
    *client = dunlin_app_add_client (app, "it", &error);
    g_assert_no_error (error);
    return app;
}

/* Puts Ada, who is called Countess by her friends, into the book. */
static gint64
add_contact (void)
{
    DunlinClient *client;
    g_autoptr (DunlinApp) caller = caller_of (test_service_port (book), &client);
    g_autoptr (AddressBookAddressBookIf) stub =
        dunlin_client_stub (client, ADDRESS_BOOK_TYPE_ADDRESS_BOOK_CLIENT);
    g_autoptr (AddressBookName) name = g_object_new (
        ADDRESS_BOOK_TYPE_NAME, "given", "Ada", "family", "Lovelace", "nickname", "Countess", NULL);
    g_autoptr (AddressBookContact) contact =
        g_object_new (ADDRESS_BOOK_TYPE_CONTACT, "name", name, NULL);
    g_autoptr (AddressBookContact) stored = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);
    g_autoptr (AddressBookAlreadyExists) exists = NULL;
    g_autoptr (AddressBookInvalidArgument) invalid = NULL;
    g_autoptr (GError) error = NULL;

    address_book_address_book_client_create (stub, &stored, contact, &exists, &invalid, &error);
    g_assert_no_error (error);
    return stored->id;
}

static void
set_up (Fixture *self, gconstpointer data)
{
    const Setup *setup = data;
    const char *const plain[] = { "--tls.mode=off", NULL };
    g_autofree char *book_dest = NULL, *clock_dest = NULL, *url = NULL, *patience = NULL;

    self->clock = test_service_start ("conformance_server", plain);
    self->http = test_http_server_new (NULL, NULL, NULL);
    book_dest = g_strdup_printf ("--client.address-book.dest=fixedinet!127.0.0.1:%u",
                                 test_service_port (book));
    clock_dest = g_strdup_printf ("--client.clock.dest=fixedinet!127.0.0.1:%u",
                                  test_service_port (self->clock));
    url = g_strdup_printf ("--greeter.saying-url=http://127.0.0.1:%u/%s",
                           test_http_server_port (self->http), setup->page);
    patience = g_strconcat ("--greeter.patience=", setup->patience, NULL);
    self->greeter = test_service_start (
        "greeter", (const char *const[]){ "--tls.mode=off", book_dest, clock_dest, patience,
                                          setup->page != NULL ? url : NULL, NULL });
    self->caller = caller_of (test_service_port (self->greeter), &self->client);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    dunlin_app_free (self->caller);
    test_service_free (self->greeter);
    test_service_free (self->clock);
    test_http_server_free (self->http);
}

/* Returns: (transfer full): the answer; never an error, and never as late as who is silent. */
static GreeterGreeting *
greet (Fixture *self)
{
    g_autoptr (GreeterGreeterIf) stub =
        dunlin_client_stub (self->client, GREETER_TYPE_GREETER_CLIENT);
    GreeterGreeting *greeting = g_object_new (GREETER_TYPE_GREETING, NULL);
    g_autoptr (GreeterNobodyThere) nobody = NULL;
    g_autoptr (GError) error = NULL;
    gint64 begin = g_get_monotonic_time ();

    greeter_greeter_client_greet (stub, &greeting, ada, &nobody, &error);
    g_assert_no_error (error);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 25 * G_USEC_PER_SEC);
    return greeting;
}

/* @what: NULL-terminated */
static void
assert_missing (const GreeterGreeting *greeting, const char *const *what)
{
    guint n = 0;

    for (; what[n] != NULL; n++) {
        g_assert_cmpuint (n, <, greeting->missing->len);
        g_assert_cmpstr (greeting->missing->pdata[n], ==, what[n]);
    }
    g_assert_cmpuint (greeting->missing->len, ==, n);
}

#define ASSERT_MISSING(greeting, ...)                                                              \
    assert_missing (greeting, (const char *const[]){ __VA_ARGS__, NULL })

static void
all_there (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_true (g_str_has_prefix (greeting->text, "Good "));
    g_assert_true (g_str_has_suffix (greeting->text, ", Countess! " SAYING));
    g_assert_cmpstr (greeting->name, ==, "Countess");
    g_assert_cmpstr (greeting->saying, ==, SAYING);
    g_assert_cmpuint (greeting->missing->len, ==, 0);
}

static void
nobody_there_is_an_answer (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeterIf) stub =
        dunlin_client_stub (self->client, GREETER_TYPE_GREETER_CLIENT);
    g_autoptr (GreeterGreeting) greeting = g_object_new (GREETER_TYPE_GREETING, NULL);
    g_autoptr (GreeterNobodyThere) nobody = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_false (greeter_greeter_client_greet (stub, &greeting, ada + 1, &nobody, &error));
    g_assert_nonnull (nobody);
    g_assert_cmpint (nobody->id, ==, ada + 1);
}

static void
no_saying_is_wanted (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_true (g_str_has_suffix (greeting->text, ", Countess!"));
    g_assert_false (greeting->__isset_saying);
    g_assert_cmpuint (greeting->missing->len, ==, 0);
}

static void
the_http_service_is_out_of_order (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    ASSERT_MISSING (greeting, "saying");
}

static void
the_http_service_is_slow (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_cmpstr (greeting->name, ==, "Countess");
    ASSERT_MISSING (greeting, "saying");
}

static void
the_clock_is_gone (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = NULL;

    test_service_kill (self->clock);
    greeting = greet (self);
    g_assert_cmpstr (greeting->text, ==, "Hello, Countess! " SAYING);
    ASSERT_MISSING (greeting, "clock");
}

/* It accepts and says nothing; and it is asked again when it is well. */
static void
the_clock_is_silent (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) silent = NULL;
    gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
    gboolean well = FALSE;

    test_service_signal (self->clock, SIGSTOP);
    silent = greet (self);
    ASSERT_MISSING (silent, "clock");
    test_service_signal (self->clock, SIGCONT);
    while (!well) {
        g_autoptr (GreeterGreeting) greeting = greet (self);

        well = greeting->missing->len == 0;
        g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
}

static void
everybody_is_gone (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = NULL;

    test_service_kill (self->clock);
    test_http_server_kill (self->http);
    test_service_signal (book, SIGSTOP);
    greeting = greet (self);
    test_service_signal (book, SIGCONT);
    g_assert_cmpstr (greeting->text, ==, "Hello!");
    g_assert_false (greeting->__isset_name);
    ASSERT_MISSING (greeting, "name", "clock", "saying");
}

/* It has clients of its own, and still ends as every service does. */
static void
it_drains_like_any_service (Fixture *self, gconstpointer data)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_nonnull (greeting);
    g_clear_pointer (&self->caller, dunlin_app_free);
    test_service_terminate (self->greeter);
    g_assert_cmpint (test_service_wait (self->greeter), ==, 0);
}

static void
unknown_others_are_refused (void)
{
    const char *const flags[] = { "--tls.mode=off", NULL };
    g_autofree char *errors = NULL;

    g_assert_cmpint (test_service_run ("greeter", flags, NULL, &errors), ==, 2);
    g_assert_nonnull (strstr (errors, "client.address-book.dest is not set"));
}

static const struct {
    Setup setup;
    void (*test) (Fixture *self, gconstpointer data);
} cases[] = {
    { { "all-there", "hello", LONG }, all_there },
    { { "nobody-there-is-an-answer", "hello", LONG }, nobody_there_is_an_answer },
    { { "no-saying-is-wanted", NULL, LONG }, no_saying_is_wanted },
    { { "the-http-service-is-out-of-order", "unavailable", LONG },
      the_http_service_is_out_of_order },
    { { "the-http-service-is-slow", "sleep?60", SHORT }, the_http_service_is_slow },
    { { "the-clock-is-gone", "hello", LONG }, the_clock_is_gone },
    { { "the-clock-is-silent", "hello", SHORT }, the_clock_is_silent },
    { { "everybody-is-gone", "hello", SHORT }, everybody_is_gone },
    { { "it-drains-like-any-service", "hello", LONG }, it_drains_like_any_service },
};

int
main (int argc, char *argv[])
{
    const char *const plain[] = { "--tls.mode=off", NULL };
    int rc;

    g_test_init (&argc, &argv, NULL);
    book = test_service_start ("address_book", plain);
    ada = add_contact ();
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/e2e/greeter/", cases[i].setup.name, NULL);

        g_test_add (path, Fixture, &cases[i].setup, set_up, cases[i].test, tear_down);
    }
    g_test_add_func ("/e2e/greeter/unknown-others-are-refused", unknown_others_are_refused);
    rc = g_test_run ();
    test_service_free (book);
    return rc;
}
