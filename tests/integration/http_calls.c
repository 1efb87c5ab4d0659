/* Calls to real HTTP servers, plain and with TLS, from fibers and from a thread. */
#include <string.h>

#include "fiber/fiber.h"
#include "http/http.h"
#include "support/http_server.h"
#include "support/tls_folder.h"

#define MANY     200
#define PATIENCE (60 * G_USEC_PER_SEC)

static TestHttpServer *plain;
static TestHttpServer *secure;      /* wants clients' certificates */
static TestHttpServer *open_secure; /* whoever; its certificate is for localhost only */
static TlsFolder *folder;
static DunlinLoop *loop;

/* Returns: (transfer full): of a page of the plain server. */
static char *
url_of (const char *page)
{
    return g_strdup_printf ("http://127.0.0.1:%u/%s", test_http_server_port (plain), page);
}

static DunlinHttpReply *
get (const char *page)
{
    g_autofree char *url = url_of (page);
    g_autoptr (GError) error = NULL;
    DunlinHttpReply *reply = dunlin_http_get (url, dunlin_deadline_in (PATIENCE), &error);

    g_assert_no_error (error);
    return reply;
}

static char *
text_of (const char *page)
{
    g_autoptr (DunlinHttpReply) reply = get (page);

    return g_strdup (dunlin_http_reply_get_body (reply, NULL));
}

static void
fails (const DunlinHttpRequest *request, int code, const char *what)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_http_call (request, &error));
    g_assert_error (error, DUNLIN_ERROR, code);
    if (strstr (error->message, what) == NULL)
        g_error ("'%s' does not say '%s'", error->message, what);
}

/* --- what comes back --- */

static void
status_headers_and_body_come_back (void)
{
    g_autoptr (DunlinHttpReply) reply = get ("hello");
    gsize length;

    g_assert_cmpuint (dunlin_http_reply_get_status (reply), ==, 200);
    g_assert_true (dunlin_http_reply_is_success (reply));
    g_assert_cmpstr (dunlin_http_reply_get_body (reply, &length), ==, "hello");
    g_assert_cmpuint (length, ==, 5);
    g_assert_cmpstr (dunlin_http_reply_get_header (reply, "content-LENGTH"), ==, "5");
    g_assert_cmpstr (dunlin_http_reply_get_header (reply, "X-Test"), ==, "second");
    g_assert_null (dunlin_http_reply_get_header (reply, "X-Tes"));
}

static void
a_status_of_failure_is_a_reply (void)
{
    g_autoptr (DunlinHttpReply) reply = get ("unavailable");

    g_assert_cmpuint (dunlin_http_reply_get_status (reply), ==, 503);
    g_assert_false (dunlin_http_reply_is_success (reply));
    g_assert_cmpstr (dunlin_http_reply_get_body (reply, NULL), ==, "try later");
}

static void
what_is_posted_arrives (void)
{
    g_autofree char *url = url_of ("echo");
    g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\": 1}", 8);
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinHttpReply) reply =
        dunlin_http_post (url, "application/json", body, dunlin_deadline_in (PATIENCE), &error);

    g_assert_no_error (error);
    g_assert_cmpstr (dunlin_http_reply_get_body (reply, NULL), ==, "{\"a\": 1}");
    g_assert_cmpstr (dunlin_http_reply_get_header (reply, "X-Type"), ==, "application/json");
    g_assert_cmpstr (dunlin_http_reply_get_header (reply, "X-Method"), ==, "POST");
}

static void
other_methods_and_headers_arrive (void)
{
    g_autofree char *url = url_of ("echo");
    const char *headers[] = { "X-Given: this", NULL };
    g_autoptr (GBytes) body = g_bytes_new_static ("", 0);
    DunlinHttpRequest put = { .method = "PUT", .url = url, .headers = headers, .body = body };
    DunlinHttpRequest head = { .method = "HEAD", .url = url };
    g_autoptr (DunlinHttpReply) reply = dunlin_http_call (&put, NULL);
    g_autoptr (DunlinHttpReply) short_reply = dunlin_http_call (&head, NULL);

    g_assert_cmpstr (dunlin_http_reply_get_header (reply, "X-Method"), ==, "PUT");
    g_assert_cmpstr (dunlin_http_reply_get_header (reply, "X-Given"), ==, "this");
    g_assert_cmpstr (dunlin_http_reply_get_header (short_reply, "X-Method"), ==, "HEAD");
}

static void
a_large_body_passes_both_ways (void)
{
    g_autofree char *url = url_of ("echo");
    gsize length = (gsize)3 * 1024 * 1024;
    g_autofree char *text = g_strnfill (length, 'q');
    g_autoptr (GBytes) body = g_bytes_new_static (text, length);
    DunlinHttpRequest request = { .url = url, .body = body, .max_body = length };
    g_autoptr (DunlinHttpReply) reply = dunlin_http_call (&request, NULL);
    gsize got;

    g_assert_cmpstr (dunlin_http_reply_get_body (reply, &got), ==, text);
    g_assert_cmpuint (got, ==, length);
}

static void
connections_are_used_again (void)
{
    g_autofree char *first = text_of ("who");
    g_autofree char *second = text_of ("who");

    g_assert_cmpstr (first, ==, second);
}

/* --- bounds --- */

static void
a_body_beyond_its_limit_is_refused (void)
{
    g_autofree char *exact = url_of ("bytes?1000");
    g_autofree char *longer = url_of ("bytes?1001");
    g_autofree char *chunked = url_of ("chunked?1000000");
    DunlinHttpRequest request = { .url = exact, .max_body = 1000 };
    g_autoptr (DunlinHttpReply) reply = dunlin_http_call (&request, NULL);

    g_assert_nonnull (reply);
    request.url = longer;
    fails (&request, DUNLIN_ERROR_TOO_LARGE, "larger than 1000 bytes");
    request.url = chunked;
    request.max_body = 0;
    fails (&request, DUNLIN_ERROR_TOO_LARGE, "larger than 1048576 bytes");
}

static void
headers_without_end_are_refused (void)
{
    g_autofree char *url = url_of ("headers?90");
    DunlinHttpRequest request = { .url = url };

    fails (&request, DUNLIN_ERROR_TOO_LARGE, "or its headers than 65536");
}

static void
bad_requests_are_refused (void)
{
    const char *injected[] = { "X-A: b\r\nX-C: d", NULL };
    const char *nameless[] = { ": b", NULL };
    DunlinHttpRequest request = { .url = "file:///etc/passwd" };

    fails (&request, DUNLIN_ERROR_MALFORMED, "no URL of http or https: 'file:///etc/passwd'");
    request.url = NULL;
    fails (&request, DUNLIN_ERROR_MALFORMED, "no URL");
    request.url = "http://127.0.0.1:99999/";
    fails (&request, DUNLIN_ERROR_MALFORMED, "HTTP http://127.0.0.1:99999/: ");
    request.url = "http://127.0.0.1/";
    request.headers = injected;
    fails (&request, DUNLIN_ERROR_MALFORMED, "no header");
    request.headers = nameless;
    fails (&request, DUNLIN_ERROR_MALFORMED, "no header");
    request.headers = NULL;
    request.method = "GET / HTTP/1.1\r\n";
    fails (&request, DUNLIN_ERROR_MALFORMED, "no method");
}

static void
redirects_are_followed_only_as_far_as_wanted (void)
{
    g_autofree char *target = url_of ("hello");
    g_autofree char *page = g_strconcat ("moved?", target, NULL);
    g_autofree char *url = url_of (page);
    g_autofree char *file = url_of ("moved?file:///etc/passwd");
    DunlinHttpRequest request = { .url = url };
    g_autoptr (DunlinHttpReply) stayed = dunlin_http_call (&request, NULL);
    g_autoptr (DunlinHttpReply) followed = NULL;

    g_assert_cmpuint (dunlin_http_reply_get_status (stayed), ==, 302);
    g_assert_cmpstr (dunlin_http_reply_get_header (stayed, "Location"), ==, target);
    request.max_redirects = 1;
    followed = dunlin_http_call (&request, NULL);
    g_assert_cmpuint (dunlin_http_reply_get_status (followed), ==, 200);
    g_assert_cmpstr (dunlin_http_reply_get_body (followed, NULL), ==, "hello");
    g_assert_null (dunlin_http_reply_get_header (followed, "Location"));
    request.url = file;
    fails (&request, DUNLIN_ERROR_MALFORMED, "file");
}

static void
the_environments_proxy_is_not_used (void)
{
    g_autofree char *text = NULL;

    g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
    text = text_of ("hello");
    g_assert_cmpstr (text, ==, "hello");
    g_unsetenv ("http_proxy");
}

/* --- what goes wrong --- */

static void
nobody_there_is_told (void)
{
    g_autoptr (TestHttpServer) dead = test_http_server_new (NULL, NULL, NULL);
    g_autofree char *url =
        g_strdup_printf ("http://user:secret@127.0.0.1:%u/a?token=1", test_http_server_port (dead));
    g_autofree char *said =
        g_strdup_printf ("HTTP http://127.0.0.1:%u/a: ", test_http_server_port (dead));
    DunlinHttpRequest request = { .url = url };

    test_http_server_kill (dead);
    fails (&request, DUNLIN_ERROR_UNAVAILABLE, said);
    request.url = "http://nowhere.invalid/";
    fails (&request, DUNLIN_ERROR_UNAVAILABLE, "resolve");
}

static void
a_reply_that_breaks_off_is_told (void)
{
    g_autofree char *url = url_of ("broken");
    DunlinHttpRequest request = { .url = url };

    fails (&request, DUNLIN_ERROR_CLOSED, "closed with");
}

static void
a_deadline_ends_the_call (void)
{
    g_autofree char *url = url_of ("slow");
    DunlinHttpRequest request = { .url = url,
                                  .deadline = dunlin_deadline_in (50 * G_TIME_SPAN_MILLISECOND) };
    gint64 begin = g_get_monotonic_time ();

    fails (&request, DUNLIN_ERROR_DEADLINE, "/slow: ");
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
}

/* --- TLS --- */

static DunlinHttpRequest
secure_request (TestHttpServer *server, const char *host)
{
    g_autofree char *url =
        g_strdup_printf ("https://%s:%u/hello", host, test_http_server_port (server));

    return (DunlinHttpRequest){ .url = g_string_chunk_insert (folder->texts, url),
                                .ca = tls_folder_path (folder, "ca", ".pem"),
                                .certificate = tls_folder_path (folder, "client", ".pem"),
                                .key = tls_folder_path (folder, "client", ".key") };
}

static void
both_certificates_are_checked (void)
{
    DunlinHttpRequest request = secure_request (secure, "localhost");
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinHttpReply) reply = dunlin_http_call (&request, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (dunlin_http_reply_get_body (reply, NULL), ==, "hello");
    request.certificate = request.key = NULL;
    g_assert_null (dunlin_http_call (&request, &error));
    g_assert_nonnull (error);
}

static void
a_server_of_another_name_is_refused (void)
{
    DunlinHttpRequest request = secure_request (open_secure, "127.0.0.1");

    fails (&request, DUNLIN_ERROR_DENIED, "certificate");
}

static void
a_server_of_another_ca_is_refused (void)
{
    DunlinHttpRequest request = secure_request (open_secure, "localhost");

    request.ca = NULL; /* the system's */
    fails (&request, DUNLIN_ERROR_DENIED, "certificate");
}

static void
a_key_without_its_certificate_is_refused (void)
{
    DunlinHttpRequest request = secure_request (open_secure, "localhost");

    request.certificate = NULL;
    fails (&request, DUNLIN_ERROR_MALFORMED, "belong together");
    request.certificate = request.key = "/nowhere.pem";
    fails (&request, DUNLIN_ERROR_DENIED, "/nowhere.pem");
}

/* --- many at once, and given up; on fibers only --- */

static guint n_ended;

static void
sleep_there (gpointer data)
{
    g_autofree char *text = text_of ("sleep?0.3");

    g_assert_cmpstr (text, ==, "slept");
    n_ended++;
}

static void
many_wait_at_once (void)
{
    gint64 begin = g_get_monotonic_time ();

    n_ended = 0;
    for (guint i = 0; i < MANY; i++)
        dunlin_fiber_spawn ("call", sleep_there, NULL, NULL);
    while (n_ended < MANY)
        g_assert_true (dunlin_fiber_yield (NULL));
    g_test_message ("%d calls of 300 ms in %.0f ms", MANY,
                    (double)(g_get_monotonic_time () - begin) / 1000);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, MANY * 300 * 1000 / 4);
}

static void
call_slow (gpointer data)
{
    g_autofree char *url = url_of ("slow");
    GError **error = data;

    g_assert_null (dunlin_http_get (url, DUNLIN_NEVER, error));
}

/* The server notices, too: the connection goes away. */
static void
cancelling_ends_the_call_at_both_ends (void)
{
    g_autofree char *before = text_of ("gone");
    g_autofree char *after = g_strdup (before);
    g_autoptr (GError) error = NULL;
    DunlinFiber *fiber = dunlin_fiber_spawn ("call", call_slow, &error, NULL);
    gint64 end = dunlin_deadline_in (PATIENCE);

    g_assert_true (dunlin_sleep (100 * G_TIME_SPAN_MILLISECOND, NULL));
    dunlin_fiber_cancel (fiber);
    while (strcmp (before, after) == 0) {
        g_assert_cmpint (dunlin_clock_now (), <, end);
        g_free (after);
        after = text_of ("gone");
    }
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
}

static void
call_at_once_cancelled (gpointer data)
{
    dunlin_fiber_cancel (dunlin_fiber_self ());
    call_slow (data);
}

static void
a_cancelled_fiber_does_not_call (void)
{
    g_autoptr (GError) error = NULL;

    dunlin_fiber_spawn ("call", call_at_once_cancelled, &error, NULL);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
}

static void
a_fibers_deadline_bounds_the_call (void)
{
    g_autoptr (GError) error = NULL;

    dunlin_fiber_set_deadline (dunlin_fiber_self (),
                               dunlin_deadline_in (50 * G_TIME_SPAN_MILLISECOND));
    call_slow (&error);
    dunlin_fiber_set_deadline (dunlin_fiber_self (), DUNLIN_NEVER);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
}

typedef struct {
    const char *name;
    void (*func) (void);
} Row;

static const Row anywhere[] = {
    { "status-headers-and-body-come-back", status_headers_and_body_come_back },
    { "a-status-of-failure-is-a-reply", a_status_of_failure_is_a_reply },
    { "what-is-posted-arrives", what_is_posted_arrives },
    { "other-methods-and-headers-arrive", other_methods_and_headers_arrive },
    { "a-large-body-passes-both-ways", a_large_body_passes_both_ways },
    { "a-body-beyond-its-limit-is-refused", a_body_beyond_its_limit_is_refused },
    { "headers-without-end-are-refused", headers_without_end_are_refused },
    { "bad-requests-are-refused", bad_requests_are_refused },
    { "redirects-are-followed-only-as-far-as-wanted",
      redirects_are_followed_only_as_far_as_wanted },
    { "the-environments-proxy-is-not-used", the_environments_proxy_is_not_used },
    { "nobody-there-is-told", nobody_there_is_told },
    { "a-reply-that-breaks-off-is-told", a_reply_that_breaks_off_is_told },
    { "a-deadline-ends-the-call", a_deadline_ends_the_call },
    { "both-certificates-are-checked", both_certificates_are_checked },
    { "a-server-of-another-name-is-refused", a_server_of_another_name_is_refused },
    { "a-server-of-another-ca-is-refused", a_server_of_another_ca_is_refused },
    { "a-key-without-its-certificate-is-refused", a_key_without_its_certificate_is_refused },
};

static const Row on_fibers[] = {
    { "connections-are-used-again", connections_are_used_again },
    { "many-wait-at-once", many_wait_at_once },
    { "cancelling-ends-the-call-at-both-ends", cancelling_ends_the_call_at_both_ends },
    { "a-cancelled-fiber-does-not-call", a_cancelled_fiber_does_not_call },
    { "a-fibers-deadline-bounds-the-call", a_fibers_deadline_bounds_the_call },
};

static void
run_fiber (gpointer data)
{
    ((const Row *)data)->func ();
    dunlin_loop_stop (loop);
}

static void
begin (gpointer data)
{
    dunlin_fiber_spawn ("test", run_fiber, data, NULL);
}

static void
on_a_fiber (gconstpointer data)
{
    g_autoptr (DunlinLoop) fresh = dunlin_loop_new ("test", NULL);

    loop = fresh;
    dunlin_loop_post (fresh, begin, (gpointer)data);
    dunlin_loop_run (fresh);
}

static void
on_a_thread (gconstpointer data)
{
    ((const Row *)data)->func ();
}

static void
add (const char *folder_name, const Row *row, GTestDataFunc func)
{
    g_autofree char *path = g_strconcat ("/http/calls/", folder_name, row->name, NULL);

    g_test_add_data_func (path, row, func);
}

int
main (int argc, char *argv[])
{
    const char *certificate, *key;
    int rc;

    g_test_init (&argc, &argv, NULL);
    folder = tls_folder_new ();
    certificate = tls_folder_path (folder, "server", ".pem");
    key = tls_folder_path (folder, "server", ".key");
    plain = test_http_server_new (NULL, NULL, NULL);
    secure = test_http_server_new (certificate, key, tls_folder_path (folder, "ca", ".pem"));
    tls_folder_issue (folder, "named", &(TestLeaf){ .san = "DNS:localhost" });
    open_secure = test_http_server_new (tls_folder_path (folder, "named", ".pem"),
                                        tls_folder_path (folder, "named", ".key"), NULL);
    for (guint i = 0; i < G_N_ELEMENTS (anywhere); i++) {
        add ("fiber/", &anywhere[i], on_a_fiber);
        add ("thread/", &anywhere[i], on_a_thread);
    }
    for (guint i = 0; i < G_N_ELEMENTS (on_fibers); i++)
        add ("fiber/", &on_fibers[i], on_a_fiber);
    rc = g_test_run ();
    test_http_server_free (plain);
    test_http_server_free (secure);
    test_http_server_free (open_secure);
    tls_folder_free (folder);
    return rc;
}
