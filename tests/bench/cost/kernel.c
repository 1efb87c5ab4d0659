/* Counts the system calls of the server: these functions stand in front of the C library's, for
 * every library of the process. (Callgrind counts the callers' as well.) */
#include <dlfcn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "meter.h"

/* What fortified callers call. */
ssize_t __recv_chk (int fd, void *data, size_t n, size_t room, int flags);
ssize_t __read_chk (int fd, void *data, size_t n, size_t room);

#define COUNTED(type, name, parameters, arguments)                                                 \
    type name parameters                                                                           \
    {                                                                                              \
        static type (*real) parameters;                                                            \
                                                                                                   \
        if (real == NULL)                                                                          \
            real = (type (*) parameters)dlsym (RTLD_NEXT, #name);                                  \
        cost_meter_note_system_call ();                                                            \
        return real arguments;                                                                     \
    }

COUNTED (ssize_t, recv, (int fd, void *data, size_t n, int flags), (fd, data, n, flags))
COUNTED (ssize_t, __recv_chk, (int fd, void *data, size_t n, size_t room, int flags),
         (fd, data, n, room, flags))
COUNTED (ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))
COUNTED (ssize_t, read, (int fd, void *data, size_t n), (fd, data, n))
COUNTED (ssize_t, __read_chk, (int fd, void *data, size_t n, size_t room), (fd, data, n, room))
COUNTED (ssize_t, readv, (int fd, const struct iovec *parts, int n), (fd, parts, n))
COUNTED (ssize_t, send, (int fd, const void *data, size_t n, int flags), (fd, data, n, flags))
COUNTED (ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
COUNTED (ssize_t, write, (int fd, const void *data, size_t n), (fd, data, n))
COUNTED (ssize_t, writev, (int fd, const struct iovec *parts, int n), (fd, parts, n))
COUNTED (int, epoll_ctl, (int epoll, int what, int fd, struct epoll_event *event),
         (epoll, what, fd, event))
COUNTED (int, madvise, (void *data, size_t n, int advice), (data, n, advice))
