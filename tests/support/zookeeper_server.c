/* A real ZooKeeper for tests: see the header. */
#include "support/zookeeper_server.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Below the kernel's ephemeral ports (32768 and up): no outgoing connection can take the port
 * while the server is down. */
#define FIRST_PORT 20000
#define LAST_PORT  32000
/* A Java machine on a busy computer. */
#define START_TIMEOUT (60 * G_TIME_SPAN_SECOND)
#define POLL_INTERVAL (10 * G_TIME_SPAN_MILLISECOND)

#define MAX_ANSWER 1024

struct TestZookeeperServer {
    char *directory;  /* owned */
    char *address;    /* owned */
    char *jvm_option; /* owned, nullable */
    char *quorum;     /* owned, nullable: the ensemble's lines of the configuration */
    char *identity;   /* owned, nullable: with a TLS port */
    char *ca;         /* owned, likewise */
    guint16 port;
    guint16 secure_port;
    GPid pid; /* 0: not running */
};

static struct sockaddr_in
loopback (guint16 port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = g_htons (port),
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
}

static gboolean
is_free (guint16 port)
{
    struct sockaddr_in address = loopback (port);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    gboolean ok;

    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ok = bind (fd, (struct sockaddr *)&address, sizeof address) == 0 && listen (fd, 1) == 0;
    close (fd);
    return ok;
}

static guint16
pick_port (void)
{
    for (;;) {
        guint16 port = (guint16)g_random_int_range (FIRST_PORT, LAST_PORT);

        if (is_free (port))
            return port;
    }
}

/* Returns: (transfer full): the lines of a TLS port; none without. */
static char *
secure_lines (TestZookeeperServer *self)
{
    if (self->identity == NULL)
        return g_strdup ("");
    return g_strdup_printf ("secureClientPort=%u\n"
                            "secureClientPortAddress=127.0.0.1\n"
                            "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory\n"
                            "authProvider.x509=org.apache.zookeeper.server.auth."
                            "X509AuthenticationProvider\n"
                            "ssl.keyStore.location=%s\n"
                            "ssl.keyStore.type=PEM\n"
                            "ssl.trustStore.location=%s\n"
                            "ssl.trustStore.type=PEM\n"
                            "ssl.clientAuth=need\n",
                            self->secure_port, self->identity, self->ca);
}

static void
write_config (TestZookeeperServer *self)
{
    g_autofree char *secure = secure_lines (self);
    g_autofree char *path = g_build_filename (self->directory, "zoo.cfg", NULL);
    g_autofree char *text = g_strdup_printf ("tickTime=500\n"
                                             "dataDir=%s\n"
                                             "clientPort=%u\n"
                                             "clientPortAddress=127.0.0.1\n"
                                             "maxClientCnxns=0\n"
                                             "admin.enableServer=false\n"
                                             "4lw.commands.whitelist=srvr\n"
                                             "%s%s",
                                             self->directory, self->port,
                                             self->quorum != NULL ? self->quorum : "", secure);
    g_autoptr (GError) error = NULL;

    g_file_set_contents (path, text, -1, &error);
    g_assert_no_error (error);
}

/* Dies with the test, whatever becomes of that. */
static void
die_with_parent (gpointer data)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
spawn (TestZookeeperServer *self)
{
    g_autofree char *config = g_build_filename (self->directory, "zoo.cfg", NULL);
    g_autofree char *log =
        g_strconcat ("-Dorg.slf4j.simpleLogger.logFile=", self->directory, "/log", NULL);
    const char *source = g_getenv ("DUNLIN_SOURCE_DIR"); /* ctest sets it */
    g_autofree char *arguments =
        g_strconcat ("@", source != NULL ? source : ".", "/tests/support/zookeeper.args", NULL);
    char *argv[] = { (char *)"java",
                     arguments,
                     log,
                     self->jvm_option != NULL ? self->jvm_option : (char *)"-Dnone=1",
                     (char *)"org.apache.zookeeper.server.quorum.QuorumPeerMain",
                     config,
                     NULL };
    g_autoptr (GError) error = NULL;

    g_spawn_async (NULL, argv, NULL,
                   G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                       G_SPAWN_STDERR_TO_DEV_NULL,
                   die_with_parent, NULL, &self->pid, &error);
    g_assert_no_error (error);
}

/* Returns: (transfer full): what it says of itself; empty when it does not. */
static char *
ask (guint16 port)
{
    struct sockaddr_in address = loopback (port);
    struct timeval patience = { .tv_sec = 1 };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char answer[MAX_ANSWER];
    gssize n = 0;

    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send (fd, "srvr", 4, MSG_NOSIGNAL) == 4)
        n = recv (fd, answer, sizeof answer, MSG_WAITALL);
    close (fd);
    return g_strndup (answer, (gsize)MAX (n, 0));
}

/* "ruok" is answered before sessions are: only "srvr" tells. */
static gboolean
is_ok (guint16 port)
{
    g_autofree char *answer = ask (port);

    return g_str_has_prefix (answer, "Zookeeper version");
}

gboolean
test_zookeeper_server_is_leader (TestZookeeperServer *self)
{
    g_autofree char *answer = ask (self->port);

    return strstr (answer, "Mode: leader") != NULL;
}

/* FALSE when it has ended instead: its port was taken meanwhile. */
static gboolean
wait_until_ok (TestZookeeperServer *self)
{
    gint64 deadline = g_get_monotonic_time () + START_TIMEOUT;

    while (!is_ok (self->port)) {
        if (waitpid (self->pid, NULL, WNOHANG) == self->pid) {
            self->pid = 0;
            return FALSE;
        }
        if (g_get_monotonic_time () > deadline)
            g_error ("ZooKeeper does not answer: see %s/log", self->directory);
        g_usleep (POLL_INTERVAL);
    }
    return TRUE;
}

static void
take_port (TestZookeeperServer *self)
{
    self->port = pick_port ();
    self->secure_port = pick_port ();
    g_free (self->address);
    self->address = g_strdup_printf ("127.0.0.1:%u", self->port);
    write_config (self);
}

TestZookeeperServer *
test_zookeeper_server_new_stopped (void)
{
    TestZookeeperServer *self = g_new0 (TestZookeeperServer, 1);
    g_autoptr (GError) error = NULL;

    self->directory = g_dir_make_tmp ("dunlin-zookeeper-XXXXXX", &error);
    g_assert_no_error (error);
    take_port (self);
    return self;
}

/* Takes @self. */
static TestZookeeperServer *
start_somewhere (TestZookeeperServer *self)
{
    for (int attempt = 0; attempt < 5; attempt++) {
        spawn (self);
        if (wait_until_ok (self))
            return self;
        take_port (self);
    }
    g_error ("ZooKeeper cannot be started: are the packages zookeeper, libslf4j-java and a Java "
             "runtime installed? See %s/log",
             self->directory);
}

TestZookeeperServer *
test_zookeeper_server_new (const char *jvm_option)
{
    TestZookeeperServer *self = test_zookeeper_server_new_stopped ();

    self->jvm_option = g_strdup (jvm_option);
    return start_somewhere (self);
}

TestZookeeperServer *
test_zookeeper_server_new_secure (const char *identity, const char *ca)
{
    TestZookeeperServer *self = test_zookeeper_server_new_stopped ();

    self->identity = g_strdup (identity);
    self->ca = g_strdup (ca);
    write_config (self);
    return start_somewhere (self);
}

static void
make_ensemble_configuration (TestZookeeperServer *servers[], guint n)
{
    g_autoptr (GString) lines = g_string_new ("initLimit=20\nsyncLimit=10\n");

    for (guint i = 0; i < n; i++)
        g_string_append_printf (lines, "server.%u=127.0.0.1:%u:%u\n", i + 1, pick_port (),
                                pick_port ());
    for (guint i = 0; i < n; i++) {
        g_autofree char *path = g_build_filename (servers[i]->directory, "myid", NULL);
        g_autofree char *id = g_strdup_printf ("%u\n", i + 1);

        g_free (servers[i]->quorum);
        servers[i]->quorum = g_strdup (lines->str);
        take_port (servers[i]);
        g_file_set_contents (path, id, -1, NULL);
        spawn (servers[i]);
    }
}

void
test_zookeeper_ensemble_new (TestZookeeperServer *servers[], guint n)
{
    gboolean ok = FALSE;

    for (guint i = 0; i < n; i++)
        servers[i] = test_zookeeper_server_new_stopped ();
    for (int attempt = 0; attempt < 5 && !ok; attempt++) {
        make_ensemble_configuration (servers, n);
        ok = TRUE;
        for (guint i = 0; i < n && ok; i++)
            ok = wait_until_ok (servers[i]);
        for (guint i = 0; i < n && !ok; i++)
            test_zookeeper_server_kill (servers[i]);
    }
    if (!ok)
        g_error ("no ensemble can be started: see %s/log", servers[0]->directory);
}

void
test_zookeeper_server_start_unready (TestZookeeperServer *self)
{
    g_assert_cmpint (self->pid, ==, 0);
    spawn (self);
}

void
test_zookeeper_server_start (TestZookeeperServer *self)
{
    test_zookeeper_server_start_unready (self);
    if (!wait_until_ok (self))
        g_error ("ZooKeeper does not start again on port %u: see %s/log", self->port,
                 self->directory);
}

void
test_zookeeper_server_kill (TestZookeeperServer *self)
{
    if (self->pid == 0)
        return;
    kill (self->pid, SIGKILL);
    waitpid (self->pid, NULL, 0);
    self->pid = 0;
}

void
test_zookeeper_server_suspend (TestZookeeperServer *self)
{
    kill (self->pid, SIGSTOP);
}

void
test_zookeeper_server_resume (TestZookeeperServer *self)
{
    kill (self->pid, SIGCONT);
}

static void
remove_tree (const char *path)
{
    GDir *directory = g_dir_open (path, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
        g_autofree char *child = g_build_filename (path, name, NULL);

        remove_tree (child);
    }
    g_clear_pointer (&directory, g_dir_close);
    g_remove (path);
}

void
test_zookeeper_server_free (TestZookeeperServer *self)
{
    if (self == NULL)
        return;
    test_zookeeper_server_kill (self);
    remove_tree (self->directory);
    g_free (self->directory);
    g_free (self->address);
    g_free (self->jvm_option);
    g_free (self->quorum);
    g_free (self->identity);
    g_free (self->ca);
    g_free (self);
}

guint16
test_zookeeper_server_port (TestZookeeperServer *self)
{
    return self->port;
}

guint16
test_zookeeper_server_secure_port (TestZookeeperServer *self)
{
    return self->secure_port;
}

const char *
test_zookeeper_server_address (TestZookeeperServer *self)
{
    return self->address;
}
