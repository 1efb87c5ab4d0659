/* For tests of clients: code on a fiber of a loop of its own, clients of servers on loopback, and
 * calls of the tiny service without generated code. */
#pragma once

#include "client/client.h"

G_BEGIN_DECLS

/* Runs @body on a fiber of a new loop, on this thread, until it returns; the loop is freed after.
 */
void client_on_fiber (void (*body) (gpointer data), gpointer data);

/* Returns: (transfer full): a client of 127.0.0.1:@port. @options: (nullable): the defaults */
DunlinClient *client_of_port (guint16 port, const DunlinClientOptions *options);
/* Likewise of several. */
DunlinClient *client_of_ports (const guint16 *ports, guint n, const DunlinClientOptions *options);

/* Calls @method of the tiny service, with nothing, with a text or with a number as its argument.
 * Returns: (transfer full) (nullable): the text that it answers; %NULL with @error. */
char *client_call (DunlinClient *client, const char *method, GError **error);
char *client_call_text (DunlinClient *client, const char *method, const char *text, GError **error);
char *client_call_number (DunlinClient *client, const char *method, gint32 number, GError **error);

/* The same with everything that a raw call has; its arguments are those of the last three. */
void client_write_text (DunlinBuffer *to, const char *text);
void client_write_number (DunlinBuffer *to, gint32 number);
char *client_result (const DunlinRawReply *reply);

/* The value of clnt/<label>/@name. */
gint64 client_stat (DunlinClient *client, const char *name);

/* Lets the loop turn until @condition; on a fiber. Aborts the test after 10 s. */
#define client_until(condition)                                                                    \
    G_STMT_START                                                                                   \
    {                                                                                              \
        gint64 client_deadline_ = dunlin_deadline_in (10 * G_USEC_PER_SEC);                        \
        while (!(condition)) {                                                                     \
            if (dunlin_clock_now () > client_deadline_)                                            \
                g_error ("waited 10 s for %s", #condition);                                        \
            dunlin_sleep (1000, NULL);                                                             \
        }                                                                                          \
    }                                                                                              \
    G_STMT_END

G_END_DECLS
