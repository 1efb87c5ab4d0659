/* The greeter among real services: all there, one missing, one silent, all gone. The test calls it
 * as another service would. */
#include "dunlin.h"

#include <signal.h>
#include <string.h>

#include "address_book_stub.h"
#include "greeter_stub.h"
#include "support/http_server.h"
#include "support/service_process.h"

#define PATIENCE_MS 400
#define SAYING      "hello" /* of the HTTP server's page */

/* One address book and one caller for all cases; the other services are each case's own. */
static TestService *book;
static gint64 ada;

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

/* @page: of the HTTP server; NULL: none is set */
static void
set_up (Fixture *self, gconstpointer page)
{
    const char *const plain[] = { "--tls.mode=off", NULL };
    g_autofree char *book_dest = NULL, *clock_dest = NULL, *url = NULL, *patience = NULL;

    self->clock = test_service_start ("conformance_server", plain);
    self->http = test_http_server_new (NULL, NULL, NULL);
    book_dest = g_strdup_printf ("--client.address-book.dest=fixedinet!127.0.0.1:%u",
                                 test_service_port (book));
    clock_dest = g_strdup_printf ("--client.clock.dest=fixedinet!127.0.0.1:%u",
                                  test_service_port (self->clock));
    url = g_strdup_printf ("--greeter.saying-url=http://127.0.0.1:%u/%s",
                           test_http_server_port (self->http), (const char *)page);
    patience = g_strdup_printf ("--greeter.patience=%dms", PATIENCE_MS);
    self->greeter = test_service_start (
        "greeter", (const char *const[]){ "--tls.mode=off", book_dest, clock_dest, patience,
                                          page != NULL ? url : NULL, NULL });
    self->caller = caller_of (test_service_port (self->greeter), &self->client);
}

static void
tear_down (Fixture *self, gconstpointer page)
{
    dunlin_app_free (self->caller);
    test_service_free (self->greeter);
    test_service_free (self->clock);
    test_http_server_free (self->http);
}

/* Returns: (transfer full): the answer; never an error, and never late. */
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
    /* Generous: the machine may be busy. */
    g_assert_cmpint (g_get_monotonic_time () - begin, <, PATIENCE_MS * 1000 + 5 * G_USEC_PER_SEC);
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
all_there (Fixture *self, gconstpointer page)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_true (g_str_has_prefix (greeting->text, "Good "));
    g_assert_true (g_str_has_suffix (greeting->text, ", Countess! " SAYING));
    g_assert_cmpstr (greeting->name, ==, "Countess");
    g_assert_cmpstr (greeting->saying, ==, SAYING);
    g_assert_cmpuint (greeting->missing->len, ==, 0);
}

static void
nobody_there_is_an_answer (Fixture *self, gconstpointer page)
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
no_saying_is_wanted (Fixture *self, gconstpointer page)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_true (g_str_has_suffix (greeting->text, ", Countess!"));
    g_assert_false (greeting->__isset_saying);
    g_assert_cmpuint (greeting->missing->len, ==, 0);
}

static void
the_http_service_is_out_of_order (Fixture *self, gconstpointer page)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    ASSERT_MISSING (greeting, "saying");
}

static void
the_http_service_is_slow (Fixture *self, gconstpointer page)
{
    g_autoptr (GreeterGreeting) greeting = greet (self);

    g_assert_cmpstr (greeting->name, ==, "Countess");
    ASSERT_MISSING (greeting, "saying");
}

static void
the_clock_is_gone (Fixture *self, gconstpointer page)
{
    g_autoptr (GreeterGreeting) greeting = NULL;

    test_service_kill (self->clock);
    greeting = greet (self);
    g_assert_cmpstr (greeting->text, ==, "Hello, Countess! " SAYING);
    ASSERT_MISSING (greeting, "clock");
}

/* It accepts and says nothing; and it is asked again when it is well. */
static void
the_clock_is_silent (Fixture *self, gconstpointer page)
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
everybody_is_gone (Fixture *self, gconstpointer page)
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
it_drains_like_any_service (Fixture *self, gconstpointer page)
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

static void
add (const char *name, const char *page, void (*test) (Fixture *, gconstpointer))
{
    g_autofree char *path = g_strconcat ("/e2e/greeter/", name, NULL);

    g_test_add (path, Fixture, page, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
    const char *const plain[] = { "--tls.mode=off", NULL };
    int rc;

    g_test_init (&argc, &argv, NULL);
    book = test_service_start ("address_book", plain);
    ada = add_contact ();
    add ("all-there", "hello", all_there);
    add ("nobody-there-is-an-answer", "hello", nobody_there_is_an_answer);
    add ("no-saying-is-wanted", NULL, no_saying_is_wanted);
    add ("the-http-service-is-out-of-order", "unavailable", the_http_service_is_out_of_order);
    add ("the-http-service-is-slow", "sleep?30", the_http_service_is_slow);
    add ("the-clock-is-gone", "hello", the_clock_is_gone);
    add ("the-clock-is-silent", "hello", the_clock_is_silent);
    add ("everybody-is-gone", "hello", everybody_is_gone);
    add ("it-drains-like-any-service", "hello", it_drains_like_any_service);
    g_test_add_func ("/e2e/greeter/unknown-others-are-refused", unknown_others_are_refused);
    rc = g_test_run ();
    test_service_free (book);
    return rc;
}
