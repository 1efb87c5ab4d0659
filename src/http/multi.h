/* libcurl on a loop: its sockets and its timer are the loop's, and whoever waits for a transfer is
 * a fiber of it. */
#pragma once

#include <curl/curl.h>

#include "fiber/fiber.h"

G_BEGIN_DECLS

/**
 * dunlin_http_multi_run:
 * @easy: (transfer full): what is to be done; never touched again by the caller
 * @owner: (transfer full): what @easy's callbacks use
 * @free_owner: for @owner, when nothing uses it any more
 * @done: called on success, before both are freed: takes what came from @owner
 *
 * Runs the transfer on the current loop while the current fiber waits.
 *
 * Returns: %FALSE with DUNLIN_ERROR_DEADLINE or _CANCELLED: given up before there was a result.
 */
gboolean dunlin_http_multi_run (CURL *easy, gpointer owner, GDestroyNotify free_owner,
                                void (*done) (CURLcode result, gpointer owner, gpointer data),
                                gpointer data, gint64 deadline, GError **error);

G_END_DECLS
