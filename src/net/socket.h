/* The socket calls of both transports, with the outcomes of DunlinIo. */
#pragma once

#include "net/stream.h"

G_BEGIN_DECLS

/* DONE when connected, WANT_WRITE while connecting. */
DunlinIo dunlin_socket_finish_connect (int fd, GError **error);

/* One call each. A count below @n means that there is no more (no more room) now, which spares the
 * call that would say so: WANT_READ (WANT_WRITE) then, with @done. */
DunlinIo dunlin_socket_read (int fd, guint8 *data, gsize n, gsize *done, GError **error);
DunlinIo dunlin_socket_write (int fd, const guint8 *data, gsize n, gsize *done, GError **error);

G_END_DECLS
