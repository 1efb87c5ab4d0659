/* Calls to HTTP services, as plain code: on a fiber they hold no thread while they wait.
 * Connections are kept and used again, once a loop. */
#pragma once

#include <glib.h>

#include "base/clock.h"
#include "base/error.h"

G_BEGIN_DECLS

/* What a reply's body may have when a request does not say. */
#define DUNLIN_HTTP_MAX_BODY ((gsize)1024 * 1024)

/**
 * DunlinHttpRequest:
 * @method: (nullable): "GET" when %NULL, or "POST" with a body
 * @url: http:// or https://
 * @headers: (nullable) (array zero-terminated=1): each "Name: value"
 * @body: (nullable): what is sent; a reference is taken
 * @deadline: absolute; 0: 30 s from now. On a fiber the present call's counts as well
 * @connect_timeout: microseconds for look-up, TCP and TLS; 0: 5 s
 * @max_body: of the reply, bytes; 0: %DUNLIN_HTTP_MAX_BODY
 * @max_redirects: that are followed; 0: none, the reply is the redirect
 * @ca: (nullable): PEM file of the CAs that a server's certificate must come from; %NULL: those of
 *   the system
 * @certificate: (nullable): PEM file: our certificate, then its chain, for servers that want one
 * @key: (nullable): PEM file: its private key
 * @proxy: (nullable): such as "http://proxy:3128"; the environment's is not looked at
 *
 * Zeroed but for @url it is a good request. Of https:// servers chain, validity and name are always
 * checked, and TLS 1.2 is the least.
 */
typedef struct {
    const char *method;
    const char *url;
    const char *const *headers;
    GBytes *body;
    gint64 deadline;
    gint64 connect_timeout;
    gsize max_body;
    guint max_redirects;
    const char *ca;
    const char *certificate;
    const char *key;
    const char *proxy;
} DunlinHttpRequest;

typedef struct DunlinHttpReply DunlinHttpReply;

/**
 * dunlin_http_call:
 *
 * Sends @request and waits for the whole reply. A fiber parks, a thread blocks.
 *
 * Returns: (transfer full) (nullable): the reply, whatever its status is; or %NULL with
 * DUNLIN_ERROR_UNAVAILABLE (no such host, nobody there), DUNLIN_ERROR_DENIED (TLS: the certificate
 * is not what it must be), DUNLIN_ERROR_CLOSED (lost on the way), DUNLIN_ERROR_TOO_LARGE,
 * DUNLIN_ERROR_MALFORMED (of the request, or the reply), DUNLIN_ERROR_DEADLINE or
 * DUNLIN_ERROR_CANCELLED.
 */
DunlinHttpReply *dunlin_http_call (const DunlinHttpRequest *request, GError **error);

/* The two that are needed most. @deadline: absolute; 0: 30 s from now. */
DunlinHttpReply *dunlin_http_get (const char *url, gint64 deadline, GError **error);
DunlinHttpReply *dunlin_http_post (const char *url, const char *content_type, GBytes *body,
                                   gint64 deadline, GError **error);

void dunlin_http_reply_free (DunlinHttpReply *self);

/* Such as 200. */
guint dunlin_http_reply_get_status (const DunlinHttpReply *self);

/* Whether the status is one of 200 to 299. */
gboolean dunlin_http_reply_is_success (const DunlinHttpReply *self);

/* Returns: (transfer none) (nullable): the value of the header @name, in whatever case; the last
 * when there are several. */
const char *dunlin_http_reply_get_header (const DunlinHttpReply *self, const char *name);

/* Returns: (transfer none): the body, with a NUL behind it that @length does not count.
 * @length: (out) (nullable): */
const char *dunlin_http_reply_get_body (const DunlinHttpReply *self, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinHttpReply, dunlin_http_reply_free)

G_END_DECLS
