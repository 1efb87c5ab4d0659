/* Our own end of a connection: the kernel gives one pair of addresses to one connection only, so
 * a descriptor of ours that has the same pair the other way round is its other end. Nothing has to
 * be parsed for this, and /proc/net, which sandboxes hide, is not needed. */
#include "net/own_socket.h"

#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Of one connection, as one of its ends sees it. */
typedef struct {
    struct sockaddr_in local;
    struct sockaddr_in remote;
} Ends;

static gboolean
get_ends (int fd, Ends *ends)
{
    socklen_t local_length = sizeof ends->local;
    socklen_t remote_length = sizeof ends->remote;

    return getsockname (fd, (struct sockaddr *)&ends->local, &local_length) == 0 &&
           ends->local.sin_family == AF_INET &&
           getpeername (fd, (struct sockaddr *)&ends->remote, &remote_length) == 0 &&
           ends->remote.sin_family == AF_INET;
}

static gboolean
same (const struct sockaddr_in *a, const struct sockaddr_in *b)
{
    return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

static gboolean
is_other_end (int fd, const Ends *ends)
{
    Ends other = { 0 };

    return get_ends (fd, &other) && same (&other.local, &ends->remote) &&
           same (&other.remote, &ends->local);
}

gboolean
dunlin_socket_is_to_ourselves (int fd)
{
    Ends ends = { 0 };
    DIR *folder = get_ends (fd, &ends) ? opendir ("/proc/self/fd") : NULL;
    const struct dirent *entry;
    gboolean found = FALSE;

    if (folder == NULL)
        return FALSE;
    /* "." and ".." read as descriptor 0, which is looked at anyway. */
    while (!found && (entry = readdir (folder)) != NULL)
        found = is_other_end ((int)g_ascii_strtoll (entry->d_name, NULL, 10), &ends);
    closedir (folder);
    return found;
}
