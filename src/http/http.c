/* A request and its reply by libcurl, with bounds on all that a server may send. */
#include "http/http.h"

#include "fiber/fiber.h"
#include "http/multi.h"

#include <signal.h>
#include <string.h>

#define CONNECT_TIMEOUT (5 * G_TIME_SPAN_SECOND)
/* Nobody waits for ever for a server that has accepted and is silent, unless told to. */
#define DEFAULT_TIMEOUT (30 * G_TIME_SPAN_SECOND)
/* Of a reply, all lines together, those of redirects before it counted as well. */
#define MAX_HEADERS ((gsize)64 * 1024)
/* A connection that was idle for longer is not used again: servers and what is between forget. */
#define MAX_IDLE_SECONDS 55L
/* A CA file that is replaced counts for new connections after so long. */
#define CA_CACHE_SECONDS 10L

struct DunlinHttpReply {
    guint status;
    GString *body;      /* owned */
    GPtrArray *headers; /* owned: of lines "Name: value" */
};

/* What libcurl's callbacks use while it runs. */
typedef struct {
    DunlinHttpReply *reply; /* owned, nullable: taken when all went well */
    GBytes *body;           /* owned, nullable: what is sent */
    struct curl_slist *headers;
    gsize max_body;
    gsize header_bytes;
    gboolean too_large;
    char reason[CURL_ERROR_SIZE];
} Exchange;

void
dunlin_http_reply_free (DunlinHttpReply *self)
{
    if (self == NULL)
        return;
    g_string_free (self->body, TRUE);
    g_ptr_array_unref (self->headers);
    g_free (self);
}

static void
exchange_free (gpointer data)
{
    Exchange *self = data;

    dunlin_http_reply_free (self->reply);
    g_clear_pointer (&self->body, g_bytes_unref);
    curl_slist_free_all (self->headers);
    g_free (self);
}

/* --- what the server sends --- */

static size_t
on_body (char *data, size_t size, size_t n, void *owner)
{
    Exchange *self = owner;

    if (self->reply->body->len + n > self->max_body) {
        self->too_large = TRUE;
        return 0;
    }
    g_string_append_len (self->reply->body, data, (gssize)n);
    return n;
}

static size_t
on_header (char *data, size_t size, size_t n, void *owner)
{
    Exchange *self = owner;
    g_autofree char *line = g_strchomp (g_strndup (data, n));

    self->header_bytes += n;
    if (self->header_bytes > MAX_HEADERS) {
        self->too_large = TRUE;
        return 0;
    }
    if (g_str_has_prefix (line, "HTTP/")) /* one more reply: the last one counts */
        g_ptr_array_set_size (self->reply->headers, 0);
    else if (line[0] != '\0')
        g_ptr_array_add (self->reply->headers, g_steal_pointer (&line));
    return n;
}

/* --- what we send --- */

static gboolean
fail_request (GError **error, const char *what, const char *value)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "HTTP request: %s: '%s'", what,
                 value != NULL ? value : "");
    return FALSE;
}

/* RFC 9110's token. */
static gboolean
is_method (const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isalnum (*at) && strchr ("!#$%&'*+-.^_`|~", *at) == NULL)
            return FALSE;
    }
    return text[0] != '\0';
}

/* A line feed in it would begin another header. */
static gboolean
is_header (const char *text)
{
    const char *colon = strchr (text, ':');

    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl (*at) && *at != '\t')
            return FALSE;
    }
    return colon != NULL && colon != text;
}

static gboolean
is_url (const char *text)
{
    return text != NULL && (g_ascii_strncasecmp (text, "http://", 7) == 0 ||
                            g_ascii_strncasecmp (text, "https://", 8) == 0);
}

static gboolean
check (const DunlinHttpRequest *request, GError **error)
{
    if (!is_url (request->url))
        return fail_request (error, "no URL of http or https", request->url);
    if (request->method != NULL && !is_method (request->method))
        return fail_request (error, "no method", request->method);
    for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
        if (!is_header (request->headers[i]))
            return fail_request (error, "no header of the form 'Name: value'", request->headers[i]);
    }
    if ((request->certificate != NULL) != (request->key != NULL))
        return fail_request (error, "a certificate and its key belong together", request->url);
    return TRUE;
}

static void
set_headers (CURL *easy, Exchange *exchange, const DunlinHttpRequest *request)
{
    /* A server that does not know 100-continue would keep us waiting for a second. */
    exchange->headers = curl_slist_append (NULL, "Expect:");
    for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        exchange->headers = curl_slist_append (exchange->headers, request->headers[i]);
    curl_easy_setopt (easy, CURLOPT_HTTPHEADER, exchange->headers);
}

static void
set_method (CURL *easy, Exchange *exchange, const DunlinHttpRequest *request)
{
    if (request->body != NULL) {
        gsize length;
        gconstpointer data = g_bytes_get_data (request->body, &length);

        exchange->body = g_bytes_ref (request->body);
        curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
        curl_easy_setopt (easy, CURLOPT_POSTFIELDS, length > 0 ? data : "");
    }
    if (g_strcmp0 (request->method, "HEAD") == 0)
        curl_easy_setopt (easy, CURLOPT_NOBODY, 1L);
    else if (request->method != NULL)
        curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void
set_tls (CURL *easy, const DunlinHttpRequest *request)
{
    curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt (easy, CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_SECONDS);
    if (request->ca != NULL) {
        curl_easy_setopt (easy, CURLOPT_CAINFO, request->ca);
        curl_easy_setopt (easy, CURLOPT_CAPATH, NULL);
    }
    if (request->certificate != NULL) {
        curl_easy_setopt (easy, CURLOPT_SSLCERT, request->certificate);
        curl_easy_setopt (easy, CURLOPT_SSLKEY, request->key);
        curl_easy_setopt (easy, CURLOPT_KEYPASSWD, ""); /* or it would ask at the terminal */
    }
}

/* Nothing that this process was not told by its settings: no proxy of the environment, no .netrc,
 * no other protocol. */
static void
set_rest (CURL *easy, const DunlinHttpRequest *request)
{
    gint64 connect = request->connect_timeout > 0 ? request->connect_timeout : CONNECT_TIMEOUT;

    curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt (easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, request->max_redirects > 0 ? 1L : 0L);
    curl_easy_setopt (easy, CURLOPT_MAXREDIRS, (long)request->max_redirects);
    curl_easy_setopt (easy, CURLOPT_PROXY, request->proxy != NULL ? request->proxy : "");
    curl_easy_setopt (easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long)MAX (connect / 1000, 1));
    curl_easy_setopt (easy, CURLOPT_MAXAGE_CONN, MAX_IDLE_SECONDS);
    curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
}

static CURL *
prepare (Exchange *exchange, const DunlinHttpRequest *request)
{
    CURL *easy = curl_easy_init ();

    curl_easy_setopt (easy, CURLOPT_URL, request->url);
    curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, exchange->reason);
    curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt (easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt (easy, CURLOPT_HEADERDATA, exchange);
    set_headers (easy, exchange, request);
    set_method (easy, exchange, request);
    set_tls (easy, request);
    set_rest (easy, request);
    return easy;
}

static Exchange *
exchange_new (const DunlinHttpRequest *request)
{
    Exchange *self = g_new0 (Exchange, 1);

    self->reply = g_new0 (DunlinHttpReply, 1);
    self->reply->body = g_string_new (NULL);
    self->reply->headers = g_ptr_array_new_with_free_func (g_free);
    self->max_body = request->max_body > 0 ? request->max_body : DUNLIN_HTTP_MAX_BODY;
    return self;
}

/* --- what came of it --- */

/* What is not here is CLOSED: it was lost on the way. */
static const struct {
    CURLcode result;
    DunlinError code;
} codes[] = {
    { CURLE_COULDNT_RESOLVE_HOST, DUNLIN_ERROR_UNAVAILABLE },
    { CURLE_COULDNT_RESOLVE_PROXY, DUNLIN_ERROR_UNAVAILABLE },
    { CURLE_COULDNT_CONNECT, DUNLIN_ERROR_UNAVAILABLE },
    { CURLE_OPERATION_TIMEDOUT, DUNLIN_ERROR_DEADLINE },
    { CURLE_PEER_FAILED_VERIFICATION, DUNLIN_ERROR_DENIED },
    { CURLE_SSL_CONNECT_ERROR, DUNLIN_ERROR_DENIED },
    { CURLE_SSL_CERTPROBLEM, DUNLIN_ERROR_DENIED },
    { CURLE_SSL_CACERT_BADFILE, DUNLIN_ERROR_DENIED },
    { CURLE_URL_MALFORMAT, DUNLIN_ERROR_MALFORMED },
    { CURLE_WEIRD_SERVER_REPLY, DUNLIN_ERROR_MALFORMED },
    { CURLE_UNSUPPORTED_PROTOCOL, DUNLIN_ERROR_MALFORMED },
    { CURLE_BAD_CONTENT_ENCODING, DUNLIN_ERROR_MALFORMED },
    { CURLE_TOO_MANY_REDIRECTS, DUNLIN_ERROR_MALFORMED },
    { CURLE_FAILED_INIT, DUNLIN_ERROR_INTERNAL },
    { CURLE_OUT_OF_MEMORY, DUNLIN_ERROR_OVERLOADED },
};

static DunlinError
code_of (CURLcode result)
{
    for (gsize i = 0; i < G_N_ELEMENTS (codes); i++) {
        if (codes[i].result == result)
            return codes[i].code;
    }
    return DUNLIN_ERROR_CLOSED;
}

/* Returns: (transfer full): @url without what may be secret: user, password and query. */
static char *
url_for_people (const char *url)
{
    const char *rest = strstr (url, "//") + 2;
    gsize authority = strcspn (rest, "/?#");
    const char *at = g_strrstr_len (rest, (gssize)authority, "@");
    const char *host = at != NULL ? at + 1 : rest;

    return g_strdup_printf ("%.*s%.*s", (int)(rest - url), url, (int)strcspn (host, "?#"), host);
}

static void
explain (const Exchange *exchange, CURLcode result, GError **error)
{
    const char *reason =
        exchange->reason[0] != '\0' ? exchange->reason : curl_easy_strerror (result);

    if (exchange->too_large)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                     "the reply is larger than %" G_GSIZE_FORMAT
                     " bytes, or its headers than %" G_GSIZE_FORMAT,
                     exchange->max_body, MAX_HEADERS);
    else
        g_set_error_literal (error, DUNLIN_ERROR, code_of (result), reason);
}

typedef struct {
    CURL *easy; /* borrowed */
    DunlinHttpReply *reply;
    GError **error;
} Outcome;

static void
conclude (CURLcode result, gpointer owner, gpointer data)
{
    Exchange *exchange = owner;
    Outcome *outcome = data;
    long status = 0;

    if (result != CURLE_OK) {
        explain (exchange, result, outcome->error);
        return;
    }
    curl_easy_getinfo (outcome->easy, CURLINFO_RESPONSE_CODE, &status);
    outcome->reply = g_steal_pointer (&exchange->reply);
    outcome->reply->status = (guint)status;
}

/* Off fibers: the thread blocks. */
static void
run_here (CURL *easy, Exchange *exchange, Outcome *outcome, gint64 deadline)
{
    gint64 left = deadline - dunlin_clock_now ();

    /* A loop's own stack cannot wait. */
    g_assert (dunlin_loop_current () == NULL);
    if (deadline != DUNLIN_NEVER)
        curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, (long)CLAMP (left / 1000, 1, G_MAXINT32));
    conclude (curl_easy_perform (easy), exchange, outcome);
    curl_easy_cleanup (easy);
    exchange_free (exchange);
}

/* Writing to a connection that is gone must not end the process, whoever has the last word on
 * signals; a program that has its own handler keeps it. */
static gpointer
init (gpointer data)
{
    struct sigaction present;

    curl_global_init (CURL_GLOBAL_DEFAULT);
    if (sigaction (SIGPIPE, NULL, &present) == 0 && present.sa_handler == SIG_DFL)
        signal (SIGPIPE, SIG_IGN);
    return NULL;
}

DunlinHttpReply *
dunlin_http_call (const DunlinHttpRequest *request, GError **error)
{
    static GOnce once = G_ONCE_INIT;
    gint64 deadline =
        request->deadline != 0 ? request->deadline : dunlin_deadline_in (DEFAULT_TIMEOUT);
    Exchange *exchange;
    g_autoptr (GError) reason = NULL;
    Outcome outcome = { .error = &reason };

    if (!check (request, error))
        return NULL;
    g_once (&once, init, NULL);
    exchange = exchange_new (request);
    outcome.easy = prepare (exchange, request);
    if (dunlin_fiber_self () == NULL)
        run_here (outcome.easy, exchange, &outcome, deadline);
    else
        dunlin_http_multi_run (outcome.easy, exchange, exchange_free, conclude, &outcome, deadline,
                               &reason);
    if (reason != NULL) {
        g_autofree char *url = url_for_people (request->url);

        g_propagate_prefixed_error (error, g_steal_pointer (&reason), "HTTP %s: ", url);
    }
    return outcome.reply;
}

DunlinHttpReply *
dunlin_http_get (const char *url, gint64 deadline, GError **error)
{
    DunlinHttpRequest request = { .url = url, .deadline = deadline };

    return dunlin_http_call (&request, error);
}

DunlinHttpReply *
dunlin_http_post (const char *url, const char *content_type, GBytes *body, gint64 deadline,
                  GError **error)
{
    g_autofree char *type = g_strconcat ("Content-Type: ", content_type, NULL);
    const char *headers[] = { type, NULL };
    DunlinHttpRequest request = {
        .method = "POST", .url = url, .headers = headers, .body = body, .deadline = deadline
    };

    return dunlin_http_call (&request, error);
}

guint
dunlin_http_reply_get_status (const DunlinHttpReply *self)
{
    return self->status;
}

gboolean
dunlin_http_reply_is_success (const DunlinHttpReply *self)
{
    return self->status >= 200 && self->status < 300;
}

const char *
dunlin_http_reply_get_header (const DunlinHttpReply *self, const char *name)
{
    gsize length = strlen (name);

    for (guint i = self->headers->len; i > 0; i--) {
        const char *line = self->headers->pdata[i - 1];

        if (g_ascii_strncasecmp (line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn (line + length + 1, " \t");
    }
    return NULL;
}

const char *
dunlin_http_reply_get_body (const DunlinHttpReply *self, gsize *length)
{
    if (length != NULL)
        *length = self->body->len;
    return self->body->str;
}
