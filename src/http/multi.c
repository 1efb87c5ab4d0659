/* One curl multi handle a loop: it keeps the connections. Libcurl does all of its work on the
 * loop's own stack (it may be deep: TLS, names), in events and at the end of a wake-up; fibers only
 * hang transfers in, and wait. */
#include "http/multi.h"

#include <event2/event.h>

/* Connections without a transfer that a loop keeps. */
#define MAX_IDLE 64L

typedef struct Multi Multi;

/* One transfer; on the heap, for it may outlive the fiber that gave it up. */
typedef struct {
    Multi *multi; /* borrowed: outlives it */
    CURL *easy;   /* owned */
    gpointer owner;
    GDestroyNotify free_owner;
    DunlinFiber *fiber; /* borrowed, nullable: who waits; NULL: nobody any more */
    gboolean added;
    gboolean finished;
    CURLcode result;
} Transfer;

struct Multi {
    DunlinLoop *loop; /* borrowed: it owns us */
    CURLM *handle;    /* owned */
    DunlinTimer *timer;
    GPtrArray *coming; /* of Transfer, to be hung in */
    GPtrArray *going;  /* owned: of Transfer, to be freed */
    DunlinDeferred work;
};

static guint multi_slot;

static void
transfer_free (gpointer data)
{
    Transfer *self = data;

    if (self->added)
        curl_multi_remove_handle (self->multi->handle, self->easy);
    curl_easy_cleanup (self->easy);
    self->free_owner (self->owner);
    g_free (self);
}

static void
finish (Transfer *self, CURLcode result)
{
    self->finished = TRUE;
    self->result = result;
    if (self->fiber != NULL)
        dunlin_fiber_wake (self->fiber);
}

/* Tells those whose transfer has ended. */
static void
look_for_ends (Multi *self)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read (self->handle, &left)) != NULL) {
        Transfer *transfer = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        finish (transfer, message->data.result);
    }
}

static void
on_socket (evutil_socket_t fd, short what, void *data)
{
    Multi *self = data;
    int happened = 0;
    int running;

    if (what & EV_READ)
        happened |= CURL_CSELECT_IN;
    if (what & EV_WRITE)
        happened |= CURL_CSELECT_OUT;
    curl_multi_socket_action (self->handle, fd, happened, &running);
    look_for_ends (self);
}

static void
on_timer (gpointer data)
{
    Multi *self = data;
    int running;

    curl_multi_socket_action (self->handle, CURL_SOCKET_TIMEOUT, 0, &running);
    look_for_ends (self);
}

/* Libcurl says what it waits for on a socket. @assigned: the event that it has had so far. */
static int
watch_socket (CURL *easy, curl_socket_t fd, int what, void *data, void *assigned)
{
    Multi *self = data;
    struct event *event = assigned;
    short wanted = EV_PERSIST;

    if (event != NULL)
        event_free (event);
    event = NULL;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        wanted |= EV_READ;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        wanted |= EV_WRITE;
    if (wanted != EV_PERSIST) {
        event = event_new (dunlin_loop_event_base (self->loop), fd, wanted, on_socket, self);
        event_add (event, NULL);
    }
    curl_multi_assign (self->handle, fd, event);
    return 0;
}

static int
set_timer (CURLM *handle, long milliseconds, void *data)
{
    Multi *self = data;

    if (milliseconds < 0)
        dunlin_timer_disarm (self->timer);
    else
        dunlin_timer_arm (self->timer, dunlin_deadline_in (milliseconds * G_TIME_SPAN_MILLISECOND));
    return 0;
}

/* The end of a wake-up: hangs in what has come and frees what has gone. */
static void
on_work (gpointer data)
{
    Multi *self = data;

    for (guint i = 0; i < self->coming->len; i++) {
        Transfer *transfer = self->coming->pdata[i];

        transfer->added = curl_multi_add_handle (self->handle, transfer->easy) == CURLM_OK;
        if (!transfer->added)
            finish (transfer, CURLE_FAILED_INIT);
    }
    g_ptr_array_set_size (self->coming, 0);
    g_ptr_array_set_size (self->going, 0);
}

static void
multi_free (gpointer data)
{
    Multi *self = data;

    dunlin_loop_undefer (self->loop, &self->work);
    g_ptr_array_unref (self->coming);
    g_ptr_array_unref (self->going);
    curl_multi_cleanup (self->handle); /* closes what it keeps, and so frees their events */
    dunlin_timer_free (self->timer);
    g_free (self);
}

/* Before any thread: a slot's number must not change under a loop. */
__attribute__ ((constructor)) static void
alloc_slot (void)
{
    multi_slot = dunlin_loop_alloc_slot (multi_free);
}

static Multi *
multi_of (DunlinLoop *loop)
{
    Multi *self = dunlin_loop_get_slot (loop, multi_slot);

    if (self != NULL)
        return self;
    self = g_new0 (Multi, 1);
    self->loop = loop;
    self->handle = curl_multi_init ();
    self->timer = dunlin_timer_new (loop, on_timer, self);
    self->coming = g_ptr_array_new ();
    self->going = g_ptr_array_new_with_free_func (transfer_free);
    self->work = (DunlinDeferred){ .func = on_work, .data = self };
    curl_multi_setopt (self->handle, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt (self->handle, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt (self->handle, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt (self->handle, CURLMOPT_TIMERDATA, self);
    curl_multi_setopt (self->handle, CURLMOPT_MAXCONNECTS, MAX_IDLE);
    dunlin_loop_set_slot (loop, multi_slot, self);
    return self;
}

/* Given up before it was hung in: it never will be. */
static void
let_go (Multi *self, Transfer *transfer)
{
    transfer->fiber = NULL;
    g_ptr_array_remove (self->coming, transfer);
    g_ptr_array_add (self->going, transfer);
    dunlin_loop_defer (self->loop, &self->work);
}

gboolean
dunlin_http_multi_run (CURL *easy, gpointer owner, GDestroyNotify free_owner,
                       void (*done) (CURLcode result, gpointer owner, gpointer data), gpointer data,
                       gint64 deadline, GError **error)
{
    Multi *self = multi_of (dunlin_loop_current ());
    Transfer *transfer = g_new0 (Transfer, 1);

    *transfer = (Transfer){ .multi = self,
                            .easy = easy,
                            .owner = owner,
                            .free_owner = free_owner,
                            .fiber = dunlin_fiber_self () };
    curl_easy_setopt (easy, CURLOPT_PRIVATE, transfer);
    g_ptr_array_add (self->coming, transfer);
    dunlin_loop_defer (self->loop, &self->work);
    while (!transfer->finished) {
        if (!dunlin_fiber_park (deadline, error)) {
            let_go (self, transfer);
            return FALSE;
        }
    }
    done (transfer->result, transfer->owner, data);
    let_go (self, transfer);
    return TRUE;
}
