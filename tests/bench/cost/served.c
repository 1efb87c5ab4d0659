/* The server of src/app.c, on one loop that also accepts. */
#include "served.h"

#include <glib/gstdio.h>

#include "conformance_handler.h"
#include "rpc/filters.h"
#include "support/test_server.h"

#define LABEL "thrift"
#define LONG  (600 * G_USEC_PER_SEC)

/* As in every service: it has fibers look at the clock. */
static void
on_stall (const char *name, gint64 microseconds)
{
}

static DunlinChain *
new_chain (CostServed *self)
{
    DunlinChain *chain = dunlin_dispatch_chain_new ();

    dunlin_filter_access_log (chain, self->log);
    dunlin_filter_stats (chain, LABEL, self->router);
    dunlin_filter_exceptions (chain);
    dunlin_filter_deadline (chain, LABEL, TRUE);
    dunlin_filter_limit (chain, 30000, 1);
    return chain;
}

static void
open_log (CostServed *self)
{
    g_autoptr (GError) error = NULL;

    self->folder = g_dir_make_tmp ("dunlin-cost-XXXXXX", &error);
    g_assert_no_error (error);
    self->log_path = g_build_filename (self->folder, "access.log", NULL);
    self->log = dunlin_access_log_new (self->log_path, DUNLIN_ACCESS_TEXT, &error);
    g_assert_no_error (error);
}

static void
open_server (CostServed *self)
{
    g_autoptr (GError) error = NULL;
    DunlinServerConfig config = { .host = "127.0.0.1",
                                  .credentials = self->credentials,
                                  .dispatcher = self->dispatcher,
                                  .label = LABEL,
                                  .control = self->loop,
                                  .loops = &self->loop,
                                  .n_loops = 1,
                                  .max_frame = 16 * 1024 * 1024,
                                  .max_handshakes = 64,
                                  .handshake_timeout = LONG,
                                  .read_timeout = LONG,
                                  .write_timeout = LONG };

    self->server = dunlin_server_new (&config, &error);
    g_assert_no_error (error);
    dunlin_server_start (self->server);
    dunlin_fiber_set_stall_hook (G_USEC_PER_SEC / 10, on_stall);
}

CostServed *
cost_served_new (gboolean tls)
{
    CostServed *self = g_new0 (CostServed, 1);
    DunlinDispatchConfig dispatch = { .limits = dunlin_payload_default_limits,
                                      .skew_tolerance = 2 * G_USEC_PER_SEC };
    g_autoptr (GError) error = NULL;

    open_log (self);
    self->handler = G_OBJECT (conformance_handler_new ());
    self->router = dunlin_router_new ();
    dunlin_router_add (self->router, &conformance_service, self->handler, &error);
    g_assert_no_error (error);
    dispatch.router = self->router;
    dispatch.chain = new_chain (self);
    self->dispatcher = dunlin_dispatcher_new (&dispatch);
    self->loop = dunlin_loop_new ("data-1", &error);
    g_assert_no_error (error);
    self->tls = tls ? tls_folder_new () : NULL;
    self->credentials = tls ? tls_folder_credentials (self->tls, "server") : NULL;
    open_server (self);
    return self;
}

void
cost_served_free (CostServed *self)
{
    dunlin_server_free (self->server);
    dunlin_loop_free (self->loop);
    dunlin_dispatcher_free (self->dispatcher);
    dunlin_router_free (self->router);
    dunlin_access_log_free (self->log);
    g_object_unref (self->handler);
    g_clear_pointer (&self->credentials, dunlin_credentials_unref);
    g_clear_pointer (&self->tls, tls_folder_free);
    g_unlink (self->log_path);
    g_rmdir (self->folder);
    g_free (self->log_path);
    g_free (self->folder);
    g_free (self);
}
