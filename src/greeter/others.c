/* Three questions to three services, each on a fiber of its own. A question is plain code that
 * waits for its answer; that it takes time, may fail, or is given up, is the caller's concern. */
#include "greeter/others.h"

#include "address_book_stub.h"
#include "greeter/greeting.h"

/* Of a saying; the service may be anybody's. */
#define MAX_BODY ((gsize)4096)

typedef struct {
    const Others *others;
    gint64 contact;
    gint64 deadline;
    Answers *answers;
} Question;

/* The nickname, or else the given name. */
static char *
name_of (AddressBookContact *contact)
{
    AddressBookName *name = contact->name;

    if (name == NULL)
        return NULL;
    return g_strdup (name->__isset_nickname ? name->nickname : name->given);
}

static gboolean
ask_book (gpointer data, GError **error)
{
    Question *self = data;
    g_autoptr (AddressBookAddressBookIf) book =
        dunlin_client_stub (self->others->book, ADDRESS_BOOK_TYPE_ADDRESS_BOOK_CLIENT);
    g_autoptr (AddressBookContact) contact = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);
    g_autoptr (AddressBookNotFound) not_found = NULL;

    if (address_book_address_book_client_get (book, &contact, self->contact, &not_found, error)) {
        self->answers->name = name_of (contact);
        return TRUE;
    }
    self->answers->nobody = not_found != NULL;
    return FALSE;
}

static gboolean
ask_clock (gpointer data, GError **error)
{
    Question *self = data;
    g_autoptr (DunlinBaseIf) clock =
        dunlin_client_stub (self->others->clock, DUNLIN_TYPE_BASE_CLIENT);
    g_autoptr (DunlinTime) now = g_object_new (DUNLIN_TYPE_TIME, NULL);

    if (!dunlin_base_client_now (clock, &now, error))
        return FALSE;
    self->answers->hour = greeting_hour (now->iso8601);
    return TRUE;
}

static gboolean
fail_saying (const char *what, GError **error)
{
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, what);
    return FALSE;
}

static gboolean
ask_saying (gpointer data, GError **error)
{
    Question *self = data;
    DunlinHttpRequest request = { .url = self->others->saying_url,
                                  .deadline = self->deadline,
                                  .max_body = MAX_BODY };
    g_autoptr (DunlinHttpReply) reply = NULL;

    if (request.url == NULL)
        return TRUE; /* none is wanted */
    reply = dunlin_http_call (&request, error);
    if (reply == NULL)
        return FALSE;
    if (!dunlin_http_reply_is_success (reply))
        return fail_saying ("the server has none now", error);
    self->answers->saying = greeting_saying (dunlin_http_reply_get_body (reply, NULL));
    return self->answers->saying != NULL || fail_saying ("what came is no saying", error);
}

static const struct {
    const char *what;
    gboolean (*ask) (gpointer data, GError **error);
} questions[] = {
    { "name", ask_book },
    { "clock", ask_clock },
    { "saying", ask_saying },
};

void
others_ask (const Others *self, gint64 contact, Answers *answers)
{
    Question question = { self, contact, dunlin_deadline_in (self->patience), answers };
    DunlinTask tasks[G_N_ELEMENTS (questions)];

    *answers = (Answers){ .hour = -1, .missing = g_ptr_array_new () };
    for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++)
        tasks[i] = (DunlinTask){ .func = questions[i].ask, .data = &question };
    dunlin_parallel_until (tasks, G_N_ELEMENTS (tasks), question.deadline, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++) {
        if (tasks[i].error == NULL)
            continue;
        g_ptr_array_add (answers->missing, (gpointer)questions[i].what);
        if (!answers->nobody)
            dunlin_log_warning ("greeting without %s: %s", questions[i].what,
                                tasks[i].error->message);
    }
    dunlin_tasks_clear (tasks, G_N_ELEMENTS (tasks));
}

void
answers_clear (Answers *self)
{
    g_free (self->name);
    g_free (self->saying);
    g_clear_pointer (&self->missing, g_ptr_array_unref);
}
