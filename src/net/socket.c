/* Non-blocking socket calls. */
#include "net/socket.h"

#include <errno.h>
#include <sys/socket.h>

static DunlinIo
lost (int code, GError **error)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED, "the connection was lost: %s",
                 g_strerror (code));
    return DUNLIN_IO_FAILED;
}

DunlinIo
dunlin_socket_finish_connect (int fd, GError **error)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int code = 0;
    socklen_t code_length = sizeof code;

    if (getpeername (fd, (struct sockaddr *)&address, &length) == 0)
        return DUNLIN_IO_DONE;
    if (errno != ENOTCONN)
        code = errno;
    else
        getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &code_length);
    if (code == 0)
        return DUNLIN_IO_WANT_WRITE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "cannot connect: %s",
                 g_strerror (code));
    return DUNLIN_IO_FAILED;
}

DunlinIo
dunlin_socket_read (int fd, guint8 *data, gsize n, gsize *done, GError **error)
{
    gssize got;

    do {
        got = recv (fd, data, n, 0);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        *done = (gsize)got;
        return *done < n ? DUNLIN_IO_WANT_READ : DUNLIN_IO_DONE;
    }
    *done = 0;
    if (got == 0)
        return DUNLIN_IO_CLOSED;
    return errno == EAGAIN ? DUNLIN_IO_WANT_READ : lost (errno, error);
}

DunlinIo
dunlin_socket_write (int fd, const guint8 *data, gsize n, gsize *done, GError **error)
{
    gssize sent;

    do {
        sent = send (fd, data, n, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) {
        *done = (gsize)sent;
        return *done < n ? DUNLIN_IO_WANT_WRITE : DUNLIN_IO_DONE;
    }
    *done = 0;
    return errno == EAGAIN ? DUNLIN_IO_WANT_WRITE : lost (errno, error);
}
