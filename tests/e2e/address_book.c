/* The address book's binary, called by c_glib's own client: framed, binary, without TLS. */
#include "address_book_stub.h"
#include "support/service_process.h"

#include <glib/gstdio.h>
#include <string.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>

#define BINARY  "address_book"
#define WRITERS 4
#define CHANGES 25 /* of each writer */

/* ---- A caller ---- */

typedef struct {
    ThriftSocket *socket;
    ThriftTransport *transport;
    ThriftProtocol *protocol;
    AddressBookAddressBookIf *book; /* the client */
} Caller;

static Caller *
caller_new (const TestService *service)
{
    Caller *self = g_new0 (Caller, 1);
    g_autoptr (GError) error = NULL;

    self->socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port",
                                 (guint)test_service_port (service), NULL);
    self->transport = g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", self->socket, NULL);
    self->protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", self->transport, NULL);
    self->book = g_object_new (ADDRESS_BOOK_TYPE_ADDRESS_BOOK_CLIENT, "input_protocol",
                               self->protocol, "output_protocol", self->protocol, NULL);
    thrift_transport_open (self->transport, &error);
    g_assert_no_error (error);
    return self;
}

static void
caller_free (Caller *self)
{
    thrift_transport_close (self->transport, NULL);
    g_object_unref (self->book);
    g_object_unref (self->protocol);
    g_object_unref (self->transport);
    g_object_unref (self->socket);
    g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Caller, caller_free)

/* What may come instead of a result. */
typedef struct {
    AddressBookNotFound *not_found;
    AddressBookAlreadyExists *exists;
    AddressBookRevisionConflict *conflict;
    AddressBookInvalidArgument *invalid;
    GError *error;
} Trouble;

static void
trouble_clear (Trouble *self)
{
    g_clear_object (&self->not_found);
    g_clear_object (&self->exists);
    g_clear_object (&self->conflict);
    g_clear_object (&self->invalid);
    g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trouble, trouble_clear)

static AddressBookContact *
contact_with (const char *given, const char *email)
{
    AddressBookContact *contact = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    contact->__isset_name = contact->__isset_emails = TRUE;
    contact->name->given = g_strdup (given);
    contact->name->family = g_strdup ("");
    contact->name->__isset_given = contact->name->__isset_family = TRUE;
    if (email != NULL)
        g_ptr_array_add (contact->emails, g_strdup (email));
    return contact;
}

/* The generated client creates its result only when there is one; on trouble it is freed here. */
static AddressBookContact *
result_or_null (gboolean done, AddressBookContact *result)
{
    if (!done)
        g_clear_object (&result);
    return result;
}

static AddressBookContact *
create (Caller *caller, const AddressBookContact *contact, Trouble *trouble)
{
    AddressBookContact *result = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    return result_or_null (
        address_book_address_book_client_create (caller->book, &result, contact, &trouble->exists,
                                                 &trouble->invalid, &trouble->error),
        result);
}

static AddressBookContact *
get (Caller *caller, gint64 id, Trouble *trouble)
{
    AddressBookContact *result = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    return result_or_null (address_book_address_book_client_get (
                               caller->book, &result, id, &trouble->not_found, &trouble->error),
                           result);
}

static AddressBookContact *
update (Caller *caller, const AddressBookContact *contact, Trouble *trouble)
{
    AddressBookContact *result = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    return result_or_null (address_book_address_book_client_update (
                               caller->book, &result, contact, &trouble->not_found,
                               &trouble->exists, &trouble->conflict, &trouble->invalid,
                               &trouble->error),
                           result);
}

static gint64
count (Caller *caller)
{
    gint64 number = -1;
    g_autoptr (GError) error = NULL;

    address_book_address_book_client_count (caller->book, &number, "", &error);
    g_assert_no_error (error);
    return number;
}

/* Creates a contact that must be created; returns its id. */
static gint64
add (Caller *caller, const char *given, const char *email)
{
    g_autoptr (AddressBookContact) contact = contact_with (given, email);
    g_autoptr (AddressBookContact) created = NULL;
    g_auto (Trouble) trouble = { 0 };

    created = create (caller, contact, &trouble);
    g_assert_no_error (trouble.error);
    return created->id;
}

/* ---- The service, with a file in a folder of its own ---- */

typedef struct {
    char *folder;
    char *file_flag;
    TestService *service;
} Fixture;

static TestService *
start (Fixture *self, const char *further_flag)
{
    const char *const flags[] = { "--tls.mode=off",      "--server.drain-grace=0",
                                  "--log.level=warning", self->file_flag,
                                  further_flag,          NULL };

    return test_service_start (BINARY, flags);
}

static void
set_up (Fixture *self, gconstpointer data)
{
    self->folder = g_dir_make_tmp ("dunlin-book-XXXXXX", NULL);
    self->file_flag = g_strdup_printf ("--address-book.file=%s/book.db", self->folder);
    self->service = start (self, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    static const char *const names[] = { "book.db", "book.db-wal", "book.db-shm" };

    test_service_free (self->service);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

        g_remove (path);
    }
    g_assert_cmpint (g_rmdir (self->folder), ==, 0);
    g_free (self->folder);
    g_free (self->file_flag);
}

static void
every_method_answers (Fixture *self, gconstpointer data)
{
    g_autoptr (Caller) caller = caller_new (self->service);
    g_autoptr (AddressBookPage) page = g_object_new (ADDRESS_BOOK_TYPE_PAGE, NULL);
    g_autoptr (AddressBookBatch) batch = g_object_new (ADDRESS_BOOK_TYPE_BATCH, NULL);
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (AddressBookContact) found = NULL;
    g_autoptr (AddressBookContact) updated = NULL;
    g_autofree char *pong = NULL;
    g_auto (Trouble) trouble = { 0 };
    gint64 id = add (caller, "Zoë", "zoe@example.org");

    g_assert_true (dunlin_base_client_ping (DUNLIN_BASE_IF (caller->book), &pong, &trouble.error));
    g_assert_cmpstr (pong, ==, "pong");
    g_assert_true (address_book_address_book_client_mark_used (caller->book, id, &trouble.error));
    found = get (caller, id, &trouble);
    g_assert_cmpstr (found->name->given, ==, "Zoë");
    g_assert_true (found->__isset_last_used_ms); /* calls of one connection run in their order */
    updated = update (caller, found, &trouble);
    g_assert_cmpint (updated->revision, ==, 2);
    g_assert_cmpint (count (caller), ==, 1);
    g_assert_true (address_book_address_book_client_search (caller->book, &page, "ZO", "", 0,
                                                            &trouble.invalid, &trouble.error));
    g_assert_cmpuint (page->contacts->len, ==, 1);
    g_array_append_val (ids, id);
    g_assert_true (address_book_address_book_client_get_many (caller->book, &batch, ids,
                                                              &trouble.invalid, &trouble.error));
    g_assert_cmpuint (batch->contacts->len, ==, 1);
    g_assert_true (address_book_address_book_client_remove (caller->book, id, 2, &trouble.not_found,
                                                            &trouble.conflict, &trouble.error));
    g_assert_cmpint (count (caller), ==, 0);
}

static void
every_exception_arrives (Fixture *self, gconstpointer data)
{
    g_autoptr (Caller) caller = caller_new (self->service);
    g_autoptr (AddressBookContact) bad = contact_with ("a", "nonsense");
    g_autoptr (AddressBookContact) taken = contact_with ("b", "A@example.org");
    g_autoptr (AddressBookContact) stale = NULL;
    g_autoptr (AddressBookContact) updated = NULL;
    g_auto (Trouble) trouble = { 0 };
    gint64 id = add (caller, "a", "a@example.org");

    g_assert_null (get (caller, 4711, &trouble));
    g_assert_cmpint (trouble.not_found->id, ==, 4711);
    trouble_clear (&trouble);
    g_assert_null (create (caller, bad, &trouble));
    g_assert_cmpstr (trouble.invalid->field, ==, "contact.emails[0]");
    trouble_clear (&trouble);
    g_assert_null (create (caller, taken, &trouble));
    g_assert_cmpint (trouble.exists->id, ==, id);
    trouble_clear (&trouble);
    stale = get (caller, id, &trouble);
    updated = update (caller, stale, &trouble);
    g_assert_nonnull (updated);
    g_assert_null (update (caller, stale, &trouble));
    g_assert_cmpint (trouble.conflict->current_revision, ==, 2);
}

static void
contacts_outlive_kill_9 (Fixture *self, gconstpointer data)
{
    gint64 ids[20];

    {
        g_autoptr (Caller) caller = caller_new (self->service);

        for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
            ids[i] = add (caller, "Zoë", NULL);
    }
    test_service_kill (self->service);
    test_service_free (self->service);
    self->service = start (self, NULL);
    {
        g_autoptr (Caller) caller = caller_new (self->service);

        for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
            g_auto (Trouble) trouble = { 0 };
            g_autoptr (AddressBookContact) found = get (caller, ids[i], &trouble);

            g_assert_cmpstr (found->name->given, ==, "Zoë");
        }
    }
}

/* ---- Several writers ---- */

typedef struct {
    TestService *service;
    gint64 id;
} Writer;

static gpointer
change_often (gpointer data)
{
    const Writer *self = data;
    g_autoptr (Caller) caller = caller_new (self->service);

    for (int done = 0; done < CHANGES;) {
        g_auto (Trouble) trouble = { 0 };
        g_autoptr (AddressBookContact) contact = get (caller, self->id, &trouble);
        g_autoptr (AddressBookContact) updated = update (caller, contact, &trouble);

        if (updated != NULL)
            done++;
        else
            g_assert_nonnull (trouble.conflict);
    }
    return NULL;
}

/* On two replicas with one file, so that the writers meet in SQLite, too. */
static void
no_change_is_lost_between_writers (Fixture *self, gconstpointer data)
{
    g_autoptr (TestService) other = start (self, NULL);
    g_autoptr (Caller) caller = caller_new (self->service);
    g_autoptr (AddressBookContact) found = NULL;
    g_auto (Trouble) trouble = { 0 };
    gint64 id = add (caller, "a", NULL);
    Writer writers[] = { { self->service, id }, { other, id } };
    GThread *threads[WRITERS];

    for (int i = 0; i < WRITERS; i++)
        threads[i] = g_thread_new ("writer", change_often, &writers[i % 2]);
    for (int i = 0; i < WRITERS; i++)
        g_thread_join (threads[i]);
    found = get (caller, id, &trouble);
    g_assert_cmpint (found->revision, ==, 1 + WRITERS * CHANGES);
}

/* ---- The end ---- */

typedef struct {
    TestService *service;
    int answered; /* atomic */
} Load;

/* Creates contacts until the service hangs up. */
static gpointer
create_until_the_end (gpointer data)
{
    Load *self = data;
    g_autoptr (Caller) caller = caller_new (self->service);
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);

    for (;;) {
        g_auto (Trouble) trouble = { 0 };
        g_autoptr (AddressBookContact) created = create (caller, contact, &trouble);

        if (created == NULL)
            return NULL;
        g_atomic_int_inc (&self->answered);
    }
}

/* What is stored but was not answered would be a call that was cut off. */
static void
sigterm_finishes_what_is_running (Fixture *self, gconstpointer data)
{
    Load load = { .service = self->service };
    GThread *threads[WRITERS];

    for (int i = 0; i < WRITERS; i++)
        threads[i] = g_thread_new ("load", create_until_the_end, &load);
    while (g_atomic_int_get (&load.answered) < 50)
        g_thread_yield ();
    test_service_terminate (self->service);
    for (int i = 0; i < WRITERS; i++)
        g_thread_join (threads[i]);
    g_assert_cmpint (test_service_wait (self->service), ==, 0);

    test_service_free (self->service);
    self->service = start (self, NULL);
    {
        g_autoptr (Caller) caller = caller_new (self->service);

        g_assert_cmpint (count (caller), ==, load.answered);
    }
}

static void
sigterm_ends_an_idle_service (Fixture *self, gconstpointer data)
{
    g_autoptr (Caller) caller = caller_new (self->service);

    g_assert_cmpint (count (caller), ==, 0);
    test_service_terminate (self->service);
    g_assert_cmpint (test_service_wait (self->service), ==, 0);
}

/* ---- Settings ---- */

static void
assert_refused (const char *flag, const char *const *words)
{
    const char *const flags[] = { "--tls.mode=off", flag, NULL };
    g_autofree char *errors = NULL;

    g_assert_cmpint (test_service_run (BINARY, flags, NULL, &errors), ==, 2);
    for (gsize i = 0; words[i] != NULL; i++)
        if (strstr (errors, words[i]) == NULL)
            g_error ("\"%s\" is not in \"%s\"", words[i], errors);
}

static void
a_bad_setting_exits_2 (Fixture *self, gconstpointer data)
{
    g_autofree char *nowhere = g_build_filename (self->folder, "missing", "book.db", NULL);
    g_autofree char *flag = g_strconcat ("--address-book.file=", nowhere, NULL);

    assert_refused (flag, (const char *[]){ "address-book.file", nowhere, "unable to open", NULL });
    assert_refused ("--address-book.read-only=perhaps",
                    (const char *[]){ "address-book.read-only", "perhaps", NULL });
    assert_refused ("--no-such=1", (const char *[]){ "no-such", NULL });
}

static void
help_names_the_services_own_settings (Fixture *self, gconstpointer data)
{
    const char *const flags[] = { "--help", NULL };
    g_autofree char *output = NULL;

    g_assert_cmpint (test_service_run (BINARY, flags, &output, NULL), ==, 0);
    g_assert_nonnull (strstr (output, "address-book.file"));
}

static void
a_read_only_book_refuses_changes (Fixture *self, gconstpointer data)
{
    g_autoptr (TestService) mirror = start (self, "--address-book.read-only=true");
    g_autoptr (Caller) writer = caller_new (self->service);
    g_autoptr (Caller) caller = caller_new (mirror);
    g_autoptr (AddressBookContact) contact = contact_with ("b", NULL);
    g_auto (Trouble) trouble = { 0 };

    add (writer, "a", NULL);
    g_assert_null (create (caller, contact, &trouble));
    g_assert_nonnull (trouble.error);
    g_assert_null (trouble.invalid);
    g_assert_cmpint (count (caller), ==, 1);
}

#define ADD(name, func)                                                                            \
    g_test_add ("/address-book/e2e/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    address_book_idl_ensure_types ();
    ADD ("every-method-answers", every_method_answers);
    ADD ("every-exception-arrives", every_exception_arrives);
    ADD ("contacts-outlive-kill-9", contacts_outlive_kill_9);
    ADD ("no-change-is-lost-between-writers", no_change_is_lost_between_writers);
    ADD ("sigterm-finishes-what-is-running", sigterm_finishes_what_is_running);
    ADD ("sigterm-ends-an-idle-service", sigterm_ends_an_idle_service);
    ADD ("a-bad-setting-exits-2", a_bad_setting_exits_2);
    ADD ("help-names-the-services-own-settings", help_names_the_services_own_settings);
    ADD ("a-read-only-book-refuses-changes", a_read_only_book_refuses_changes);
    return g_test_run ();
}
