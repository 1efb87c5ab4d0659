/* Makes the members that are ours what they should be: see the header.
 *
 * A run goes in rounds: sync, list, read every member, decide, change. It ends with the first round
 * that had nothing to change. All requests of a round are answered before the next step: nothing of
 * a former round can be mistaken for an answer of this one. */
#include "discovery/reconcile.h"

#include "base/error.h"

#include <string.h>

/* Two rounds are usual. Whoever edits the set against us is not to keep us spinning. */
#define MAX_ROUNDS 8
/* Sessions of ours whose members may still be there: old ones expire. */
#define MAX_SESSIONS 16

struct DunlinReconcile {
    DunlinZookeeper *zookeeper; /* borrowed: its owner is ours, too */
    char *path;                 /* owned */
    char *prefix;               /* owned: path of a member without its number */
    DunlinEndpoint service;     /* owned */
    GBytes *json;               /* owned: our member */
    DunlinReconcileFunc func;
    gpointer data;

    GArray *sessions;   /* owned: of gint64, ids that were ours; the last is the present one */
    gboolean may_exist; /* a create was sent, and nothing has proved the node gone */

    /* Of the present run. */
    gboolean running;
    gboolean wanted;
    gboolean again; /* asked for during the run */
    int round;
    guint n_pending; /* requests without answer */
    gboolean changed;
    GError *error;      /* owned, nullable: the first of the round */
    char *node;         /* owned, nullable: our member */
    GPtrArray *doomed;  /* owned: paths to delete */
    GPtrArray *missing; /* owned: parents to create, the deepest first */
};

static void start_round (DunlinReconcile *self);
static void find_missing (DunlinReconcile *self, const char *path);
static void create_highest_missing (DunlinReconcile *self);

DunlinReconcile *
dunlin_reconcile_new (DunlinZookeeper *zookeeper, const char *path, const DunlinMember *member,
                      DunlinReconcileFunc func, gpointer data)
{
    DunlinReconcile *self = g_new0 (DunlinReconcile, 1);

    self->zookeeper = zookeeper;
    self->path = g_strdup (path);
    self->prefix = g_strconcat (path, "/" DUNLIN_MEMBER_PREFIX, NULL);
    self->service.host = g_strdup (member->service.host);
    self->service.port = member->service.port;
    self->json = dunlin_member_encode (member);
    self->func = func;
    self->data = data;
    self->sessions = g_array_new (FALSE, FALSE, sizeof (gint64));
    self->doomed = g_ptr_array_new_with_free_func (g_free);
    self->missing = g_ptr_array_new_with_free_func (g_free);
    return self;
}

void
dunlin_reconcile_free (DunlinReconcile *self)
{
    if (self == NULL)
        return;
    g_free (self->path);
    g_free (self->prefix);
    g_free (self->service.host);
    g_bytes_unref (self->json);
    g_array_unref (self->sessions);
    g_clear_error (&self->error);
    g_free (self->node);
    g_ptr_array_unref (self->doomed);
    g_ptr_array_unref (self->missing);
    g_free (self);
}

gboolean
dunlin_reconcile_is_running (DunlinReconcile *self)
{
    return self->running;
}

void
dunlin_reconcile_cancel (DunlinReconcile *self)
{
    self->running = self->again = FALSE;
    self->n_pending = 0;
}

gboolean
dunlin_reconcile_may_exist (DunlinReconcile *self)
{
    return self->may_exist;
}

void
dunlin_reconcile_set_gone (DunlinReconcile *self)
{
    self->may_exist = FALSE;
}

/* The last thing a run does: the function may free us. */
static void
finish (DunlinReconcile *self)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *node = NULL;

    if (self->again && self->error == NULL) {
        self->again = FALSE;
        self->round = 0;
        start_round (self);
        return;
    }
    error = g_steal_pointer (&self->error);
    node = g_steal_pointer (&self->node);
    self->running = self->again = FALSE;
    if (error == NULL && node == NULL)
        self->may_exist = FALSE;
    self->func (error == NULL ? node : NULL, error, self->data);
}

/* Keeps the first failure of a round. @what: "listing", ... */
static void
fail (DunlinReconcile *self, const char *what, const DunlinZookeeperReply *reply)
{
    DunlinError code = DUNLIN_ERROR_INTERNAL;
    const char *remedy = "";

    if (reply->code == DUNLIN_ZOOKEEPER_UNKNOWN)
        code = DUNLIN_ERROR_UNAVAILABLE;
    if (reply->code == DUNLIN_ZOOKEEPER_NO_AUTH) {
        code = DUNLIN_ERROR_DENIED;
        remedy = " (its access list does not allow it to our credentials)";
    }
    if (self->error == NULL)
        g_set_error (&self->error, DUNLIN_ERROR, (int)code, "%s %s in ZooKeeper: %s%s", what,
                     reply->path, reply->message, remedy);
}

static gboolean
is_own_session (DunlinReconcile *self, gint64 owner)
{
    for (guint i = 0; i < self->sessions->len; i++) {
        if (g_array_index (self->sessions, gint64, i) == owner)
            return TRUE;
    }
    return FALSE;
}

static void
remember_session (DunlinReconcile *self)
{
    gint64 id = dunlin_zookeeper_session_id (self->zookeeper);

    if (is_own_session (self, id))
        return;
    if (self->sessions->len == MAX_SESSIONS)
        g_array_remove_index (self->sessions, 0);
    g_array_append_val (self->sessions, id);
}

static gboolean
has_our_endpoint (DunlinReconcile *self, GBytes *json)
{
    g_auto (DunlinMember) member = { 0 };
    gsize length;
    const char *text = g_bytes_get_data (json, &length);

    /* One that cannot be read is somebody else's trouble. */
    if (length == 0 || !dunlin_member_decode (text, length, &member, NULL))
        return FALSE;
    return member.service.host != NULL && member.service.port == self->service.port &&
           strcmp (member.service.host, self->service.host) == 0;
}

/* What a member that was read means to us. */
static void
judge_member (DunlinReconcile *self, const DunlinZookeeperReply *reply)
{
    gboolean present = reply->owner == dunlin_zookeeper_session_id (self->zookeeper);

    if (self->wanted && present && g_bytes_equal (reply->data, self->json)) {
        /* The lowest number stays; ten digits with leading zeros compare as text. */
        if (self->node != NULL && strcmp (self->node, reply->path) < 0) {
            g_ptr_array_add (self->doomed, g_strdup (reply->path));
            return;
        }
        if (self->node != NULL)
            g_ptr_array_add (self->doomed, g_steal_pointer (&self->node));
        self->node = g_strdup (reply->path);
        return;
    }
    if (is_own_session (self, reply->owner) ||
        (self->wanted && has_our_endpoint (self, reply->data)))
        g_ptr_array_add (self->doomed, g_strdup (reply->path));
}

/* One answer less to wait for; TRUE when it was the last of this step. */
static gboolean
is_last_answer (DunlinReconcile *self)
{
    g_assert (self->n_pending > 0);
    return --self->n_pending == 0;
}

/* What was changed is looked at again: only what ZooKeeper shows counts. */
static void
end_round (DunlinReconcile *self)
{
    if (self->error != NULL || !self->changed) {
        finish (self);
        return;
    }
    if (++self->round == MAX_ROUNDS) {
        g_set_error (&self->error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                     "%s in ZooKeeper is being changed by somebody else all the time: does another "
                     "process advertise %s:%u, too?",
                     self->path, self->service.host, self->service.port);
        finish (self);
        return;
    }
    start_round (self);
}

static void
on_changed (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    if (reply->code == DUNLIN_ZOOKEEPER_NO_AUTH || reply->code == DUNLIN_ZOOKEEPER_UNKNOWN ||
        reply->code == DUNLIN_ZOOKEEPER_FAILED)
        fail (self, "changing", reply);
    if (is_last_answer (self))
        end_round (self);
}

/* The node that we keep: from now on its end is told. */
static void
on_watched (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    self->n_pending--;
    if (reply->code == DUNLIN_ZOOKEEPER_NO_NODE)
        self->changed = TRUE;
    else if (reply->code != DUNLIN_ZOOKEEPER_OK)
        fail (self, "watching", reply);
    end_round (self);
}

static void
decide (DunlinReconcile *self)
{
    gboolean create = self->wanted && self->node == NULL;

    if (!self->wanted && self->node != NULL) /* no longer, since it was read */
        g_ptr_array_add (self->doomed, g_steal_pointer (&self->node));
    self->changed = create || self->doomed->len > 0;
    if (!self->changed && self->node == NULL) {
        end_round (self);
        return;
    }
    if (!self->changed) {
        self->n_pending = 1;
        dunlin_zookeeper_exists (self->zookeeper, self->node, TRUE, on_watched, self);
        return;
    }
    /* In this order, and ZooKeeper keeps it: callers never see the set without us. */
    self->n_pending = self->doomed->len + (create ? 1 : 0);
    if (create) {
        self->may_exist = TRUE;
        dunlin_zookeeper_create_member (self->zookeeper, self->prefix, self->json, on_changed,
                                        self);
    }
    for (guint i = 0; i < self->doomed->len; i++)
        dunlin_zookeeper_delete (self->zookeeper, self->doomed->pdata[i], on_changed, self);
}

static void
on_member (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    if (reply->code == DUNLIN_ZOOKEEPER_OK)
        judge_member (self, reply);
    else if (reply->code == DUNLIN_ZOOKEEPER_UNKNOWN)
        fail (self, "reading", reply);
    /* One that is gone or that we may not read is not ours: ours are readable to the world. */
    if (!is_last_answer (self))
        return;
    if (self->error != NULL)
        finish (self);
    else
        decide (self);
}

static void
read_members (DunlinReconcile *self, char **children)
{
    for (guint i = 0; children[i] != NULL; i++) {
        if (dunlin_serverset_is_member (children[i]))
            self->n_pending++;
    }
    if (self->n_pending == 0) {
        decide (self);
        return;
    }
    for (guint i = 0; children[i] != NULL; i++) {
        g_autofree char *path = NULL;

        if (!dunlin_serverset_is_member (children[i]))
            continue;
        path = g_strconcat (self->path, "/", children[i], NULL);
        dunlin_zookeeper_get (self->zookeeper, path, FALSE, on_member, self);
    }
}

static void
on_children (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    self->n_pending--;
    if (reply->code == DUNLIN_ZOOKEEPER_OK) {
        read_members (self, reply->children);
    } else if (reply->code == DUNLIN_ZOOKEEPER_NO_NODE && self->wanted) {
        find_missing (self, self->path);
    } else {
        /* Without the set there is no member: nothing is left to remove. */
        if (reply->code != DUNLIN_ZOOKEEPER_NO_NODE)
            fail (self, "listing", reply);
        finish (self);
    }
}

static void
on_synced (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    self->n_pending--;
    if (reply->code == DUNLIN_ZOOKEEPER_UNKNOWN) {
        fail (self, "syncing", reply);
        finish (self);
        return;
    }
    self->n_pending = 1;
    dunlin_zookeeper_get_children (self->zookeeper, self->path, FALSE, on_children, self);
}

/* Creates what is missing from the top down, then starts over. */
static void
on_parent_created (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    self->n_pending--;
    if (reply->code != DUNLIN_ZOOKEEPER_OK && reply->code != DUNLIN_ZOOKEEPER_NODE_EXISTS) {
        fail (self, "creating", reply);
        finish (self);
        return;
    }
    g_ptr_array_set_size (self->missing, (int)self->missing->len - 1);
    self->changed = TRUE;
    if (self->missing->len == 0) {
        end_round (self);
        return;
    }
    create_highest_missing (self);
}

static void
create_highest_missing (DunlinReconcile *self)
{
    self->n_pending = 1;
    dunlin_zookeeper_create (self->zookeeper, self->missing->pdata[self->missing->len - 1],
                             on_parent_created, self);
}

static void
on_parent_looked_up (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinReconcile *self = data;

    self->n_pending--;
    if (reply->code == DUNLIN_ZOOKEEPER_NO_NODE) {
        find_missing (self, reply->path);
        return;
    }
    if (reply->code != DUNLIN_ZOOKEEPER_OK) {
        fail (self, "looking for", reply);
        finish (self);
        return;
    }
    create_highest_missing (self);
}

/* @path is missing: is its parent there? Only what is missing is created, so that nothing more
 * than needed has to be allowed. */
static void
find_missing (DunlinReconcile *self, const char *path)
{
    g_autofree char *parent = g_path_get_dirname (path);

    g_ptr_array_add (self->missing, g_strdup (path));
    self->n_pending = 1;
    dunlin_zookeeper_exists (self->zookeeper, parent, FALSE, on_parent_looked_up, self);
}

static void
start_round (DunlinReconcile *self)
{
    self->changed = FALSE;
    g_clear_error (&self->error);
    g_clear_pointer (&self->node, g_free);
    g_ptr_array_set_size (self->doomed, 0);
    g_ptr_array_set_size (self->missing, 0);
    self->n_pending = 1;
    dunlin_zookeeper_sync (self->zookeeper, self->path, on_synced, self);
}

void
dunlin_reconcile_run (DunlinReconcile *self, gboolean wanted)
{
    self->wanted = wanted;
    self->again = self->running;
    if (self->running)
        return;
    g_assert (self->n_pending == 0);
    remember_session (self);
    self->running = TRUE;
    self->round = 0;
    start_round (self);
}
