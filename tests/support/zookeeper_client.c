/* A plain, blocking ZooKeeper client for tests: see the header. */
#define THREADED /* zookeeper.h then has its blocking functions */

#include "support/zookeeper_client.h"

#include <pthread.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>

#define TIMEOUT_MS      10000
#define CONNECT_SECONDS 30
#define MAX_TEXT        65536

struct TestZookeeperClient {
    zhandle_t *zh;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int state; /* guarded by lock */
};

static void
on_watch (zhandle_t *zh, int type, int state, const char *path, void *data)
{
    TestZookeeperClient *self = data;

    if (type != ZOO_SESSION_EVENT)
        return;
    pthread_mutex_lock (&self->lock);
    self->state = state;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

static void
no_log (const char *message)
{
}

/* FALSE when the session that it was to resume is over. */
static gboolean
wait_connected (TestZookeeperClient *self)
{
    gboolean connected;
    struct timespec until;
    int rc = 0;

    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += CONNECT_SECONDS;
    pthread_mutex_lock (&self->lock);
    while (self->state != ZOO_CONNECTED_STATE && self->state != ZOO_EXPIRED_SESSION_STATE &&
           rc == 0)
        rc = pthread_cond_timedwait (&self->changed, &self->lock, &until);
    connected = self->state == ZOO_CONNECTED_STATE;
    pthread_mutex_unlock (&self->lock);
    g_assert_cmpint (rc, ==, 0);
    return connected;
}

static TestZookeeperClient *
connect_as (const char *servers, const clientid_t *id)
{
    TestZookeeperClient *self = g_new0 (TestZookeeperClient, 1);

    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->changed, NULL);
    self->zh =
        zookeeper_init2 (servers, on_watch, TIMEOUT_MS, id, self, ZOO_NO_LOG_CLIENTENV, no_log);
    g_assert_nonnull (self->zh);
    return self;
}

TestZookeeperClient *
test_zookeeper_client_new (const char *servers, const char *digest)
{
    TestZookeeperClient *self = connect_as (servers, NULL);

    g_assert_true (wait_connected (self));
    /* Requests keep their order behind it. */
    if (digest != NULL)
        zoo_add_auth (self->zh, "digest", digest, (int)strlen (digest), NULL, NULL);
    return self;
}

void
test_zookeeper_client_free (TestZookeeperClient *self)
{
    if (self == NULL)
        return;
    zookeeper_close (self->zh);
    pthread_mutex_destroy (&self->lock);
    pthread_cond_destroy (&self->changed);
    g_free (self);
}

void
test_zookeeper_client_expire (const char *servers, gint64 session_id, const guint8 *password)
{
    clientid_t id = { .client_id = session_id };
    gboolean alive = TRUE;

    memcpy (id.passwd, password, sizeof id.passwd);
    /* Its owner takes the session back at once; closing it then closes nothing. */
    while (alive) {
        TestZookeeperClient *thief = connect_as (servers, &id);

        alive = wait_connected (thief);
        test_zookeeper_client_free (thief);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

char **
test_zookeeper_client_children (TestZookeeperClient *self, const char *path)
{
    struct String_vector strings = { 0 };
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    int rc = zoo_get_children (self->zh, path, 0, &strings);

    g_assert_true (rc == ZOK || rc == ZNONODE);
    for (int i = 0; i < strings.count; i++)
        g_ptr_array_add (names, g_strdup (strings.data[i]));
    deallocate_String_vector (&strings);
    g_ptr_array_sort (names, compare);
    g_ptr_array_add (names, NULL);
    return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

char *
test_zookeeper_client_get (TestZookeeperClient *self, const char *path, gint64 *owner)
{
    g_autofree char *text = g_malloc (MAX_TEXT);
    struct Stat stat;
    int length = MAX_TEXT;
    int rc = zoo_get (self->zh, path, 0, text, &length, &stat);

    g_assert_true (rc == ZOK || rc == ZNONODE);
    if (rc != ZOK)
        return NULL;
    if (owner != NULL)
        *owner = stat.ephemeralOwner;
    return g_strndup (text, length > 0 ? (gsize)length : 0);
}

char *
test_zookeeper_client_get_acl (TestZookeeperClient *self, const char *path)
{
    struct ACL_vector acl = { 0 };
    struct Stat stat;
    GString *text;

    if (zoo_get_acl (self->zh, path, &acl, &stat) != ZOK)
        return NULL;
    text = g_string_new (NULL);
    for (int i = 0; i < acl.count; i++)
        g_string_append_printf (text, "%s%s:%s %d", i > 0 ? ", " : "", acl.data[i].id.scheme,
                                acl.data[i].id.id, acl.data[i].perms);
    deallocate_ACL_vector (&acl);
    return g_string_free (text, FALSE);
}

static int
create (TestZookeeperClient *self, const char *path, const char *text, int flags)
{
    return zoo_create (self->zh, path, text, (int)strlen (text), &ZOO_OPEN_ACL_UNSAFE, flags, NULL,
                       0);
}

int
test_zookeeper_client_create (TestZookeeperClient *self, const char *path, const char *text)
{
    return create (self, path, text, 0);
}

int
test_zookeeper_client_create_ephemeral (TestZookeeperClient *self, const char *path,
                                        const char *text)
{
    return create (self, path, text, ZOO_EPHEMERAL);
}

/* @n_entries: 1: of the credentials alone; 2: and the world reads */
static int
create_protected (TestZookeeperClient *self, const char *path, int n_entries)
{
    struct ACL entries[] = { { ZOO_PERM_ALL, ZOO_AUTH_IDS },
                             { ZOO_PERM_READ, ZOO_ANYONE_ID_UNSAFE } };
    struct ACL_vector acl = { n_entries, entries };

    return zoo_create (self->zh, path, NULL, -1, &acl, 0, NULL, 0);
}

int
test_zookeeper_client_create_owned (TestZookeeperClient *self, const char *path)
{
    return create_protected (self, path, 2);
}

int
test_zookeeper_client_create_secret (TestZookeeperClient *self, const char *path)
{
    return create_protected (self, path, 1);
}

int
test_zookeeper_client_set (TestZookeeperClient *self, const char *path, const char *text)
{
    return zoo_set (self->zh, path, text, (int)strlen (text), -1);
}

int
test_zookeeper_client_delete (TestZookeeperClient *self, const char *path)
{
    return zoo_delete (self->zh, path, -1);
}
