/* Starts http_server.py: see the header. */
#include "support/http_server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST_PORT 16

struct TestHttpServer {
    GPid pid; /* 0: dead */
    int input;
    guint16 port;
};

static guint16
read_port (int output)
{
    char text[LONGEST_PORT] = "";
    gsize length = 0;

    while (length < sizeof text - 1 && read (output, text + length, 1) == 1 && text[length] != '\n')
        length++;
    close (output);
    return (guint16)g_ascii_strtoull (text, NULL, 10);
}

TestHttpServer *
test_http_server_new (const char *certificate, const char *key, const char *client_ca)
{
    TestHttpServer *self = g_new0 (TestHttpServer, 1);
    const char *source = g_getenv ("DUNLIN_SOURCE_DIR"); /* ctest sets it */
    g_autofree char *script =
        g_strconcat (source != NULL ? source : ".", "/tests/support/http_server.py", NULL);
    char *argv[] = { (char *)"python3", script, (char *)certificate, (char *)key,
                     (char *)client_ca, NULL };
    g_autoptr (GError) error = NULL;
    int output;

    g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                              NULL, NULL, &self->pid, &self->input, &output, NULL, &error);
    g_assert_no_error (error);
    self->port = read_port (output);
    g_assert_cmpuint (self->port, !=, 0);
    return self;
}

void
test_http_server_kill (TestHttpServer *self)
{
    if (self->pid == 0)
        return;
    kill (self->pid, SIGKILL);
    waitpid (self->pid, NULL, 0);
    close (self->input);
    self->pid = 0;
}

void
test_http_server_free (TestHttpServer *self)
{
    if (self == NULL)
        return;
    test_http_server_kill (self);
    g_free (self);
}

guint16
test_http_server_port (TestHttpServer *self)
{
    return self->port;
}
