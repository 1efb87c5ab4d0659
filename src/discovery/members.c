/* One serverset as it is in ZooKeeper: see the header.
 *
 * A reading lists the children and gets those that are not known yet, each with a watch: what a
 * watch tells is dropped and read again. All requests of a reading are answered before the next
 * begins. A set that is missing is watched for its creation. */
#define G_LOG_DOMAIN "dunlin-discovery"

#include "discovery/members.h"

#include "base/clock.h"
#include "discovery/vector.h"

#include <string.h>

/* Between readings that failed; doubled each time. */
#define MIN_BACKOFF (100 * G_TIME_SPAN_MILLISECOND)
#define MAX_BACKOFF (10 * G_TIME_SPAN_SECOND)

/* A child of the set: a member, or a vector of weights, or neither (it cannot be read). */
typedef struct {
    DunlinMember member;
    gboolean is_member;
    DunlinVector *vector; /* owned, nullable */
} Node;

struct DunlinMembers {
    DunlinZookeeper *zookeeper; /* borrowed */
    char *path;                 /* owned */
    DunlinMembersFunc changed;
    gpointer data;

    GHashTable *nodes; /* owned: of Node, by name */
    gboolean known;
    char *problem; /* owned, nullable */

    gboolean reading;
    gboolean again; /* asked for during a reading */
    gboolean failed;
    guint n_pending; /* children without answer */
    gint64 backoff;
    DunlinTimer *retry; /* owned */
};

static void
node_free (gpointer data)
{
    Node *node = data;

    dunlin_member_clear (&node->member);
    dunlin_vector_free (node->vector);
    g_free (node);
}

static void
on_retry (gpointer data)
{
    dunlin_members_read (data);
}

DunlinMembers *
dunlin_members_new (DunlinLoop *loop, DunlinZookeeper *zookeeper, const char *path,
                    DunlinMembersFunc changed, gpointer data)
{
    DunlinMembers *self = g_new0 (DunlinMembers, 1);

    self->zookeeper = zookeeper;
    self->path = g_strdup (path);
    self->changed = changed;
    self->data = data;
    self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_free);
    self->retry = dunlin_timer_new (loop, on_retry, self);
    return self;
}

void
dunlin_members_free (DunlinMembers *self)
{
    if (self == NULL)
        return;
    dunlin_timer_free (self->retry);
    g_hash_table_unref (self->nodes);
    g_free (self->path);
    g_free (self->problem);
    g_free (self);
}

/* Keeps what is known: it is the best there is. */
static void
fail_reading (DunlinMembers *self, const DunlinZookeeperReply *reply)
{
    self->reading = FALSE;
    if (reply->code != DUNLIN_ZOOKEEPER_UNKNOWN) {
        g_autofree char *problem =
            g_strdup_printf ("reading %s in ZooKeeper: %s%s", reply->path, reply->message,
                             reply->code == DUNLIN_ZOOKEEPER_NO_AUTH
                                 ? " (its access list does not allow it to our credentials)"
                                 : "");

        if (g_strcmp0 (problem, self->problem) != 0)
            g_warning ("%s; trying on", problem);
        g_free (self->problem);
        self->problem = g_steal_pointer (&problem);
    }
    self->backoff = CLAMP (self->backoff * 2, MIN_BACKOFF, MAX_BACKOFF);
    dunlin_timer_arm (self->retry, dunlin_deadline_in (self->backoff));
}

static void
finish_reading (DunlinMembers *self)
{
    self->reading = FALSE;
    if (self->again) {
        dunlin_members_read (self);
        return;
    }
    self->known = TRUE;
    self->backoff = 0;
    g_clear_pointer (&self->problem, g_free);
    self->changed (self, self->data);
}

static const char *
name_of (DunlinMembers *self, const char *path)
{
    gsize length = strlen (self->path);

    if (strncmp (path, self->path, length) != 0 || path[length] != '/')
        return NULL;
    return path + length + 1;
}

static void
keep_node (DunlinMembers *self, const char *name, GBytes *value)
{
    gsize length = 0;
    const char *text = value != NULL ? g_bytes_get_data (value, &length) : NULL;
    Node *node = g_new0 (Node, 1);
    g_autoptr (GError) error = NULL;

    if (text == NULL || length == 0)
        g_info ("%s/%s in ZooKeeper is passed over: it is empty", self->path, name);
    else if (dunlin_serverset_is_member (name))
        node->is_member = dunlin_member_decode (text, length, &node->member, &error);
    else
        node->vector = dunlin_vector_decode (text, length, &error);
    if (error != NULL)
        g_info ("%s/%s in ZooKeeper is passed over: %s", self->path, name, error->message);
    g_hash_table_replace (self->nodes, g_strdup (name), node);
}

static void
on_node (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinMembers *self = data;

    /* Missing: it has gone since, and the watch on the set tells. Unreadable: it is nobody's. */
    if (reply->code == DUNLIN_ZOOKEEPER_OK)
        keep_node (self, name_of (self, reply->path), reply->data);
    else if (reply->code == DUNLIN_ZOOKEEPER_UNKNOWN)
        self->failed = TRUE;
    if (--self->n_pending > 0)
        return;
    if (self->failed)
        fail_reading (self, &(DunlinZookeeperReply){ .code = DUNLIN_ZOOKEEPER_UNKNOWN });
    else
        finish_reading (self);
}

static gboolean
is_gone (gpointer key, gpointer value, gpointer children)
{
    return !g_strv_contains (children, key);
}

static gboolean
is_of_interest (DunlinMembers *self, const char *name)
{
    return (dunlin_serverset_is_member (name) || g_str_has_prefix (name, DUNLIN_VECTOR_PREFIX)) &&
           !g_hash_table_contains (self->nodes, name);
}

static void
read_nodes (DunlinMembers *self, char **children)
{
    g_hash_table_foreach_remove (self->nodes, is_gone, children);
    self->failed = FALSE;
    self->n_pending = 1; /* ourselves, until all are asked for */
    for (guint i = 0; children[i] != NULL; i++) {
        g_autofree char *path = NULL;

        if (!is_of_interest (self, children[i]))
            continue;
        path = g_strconcat (self->path, "/", children[i], NULL);
        self->n_pending++;
        dunlin_zookeeper_get (self->zookeeper, path, TRUE, on_node, self);
    }
    if (--self->n_pending == 0)
        finish_reading (self);
}

/* The set is not there. Or it is again: somebody created it meanwhile. */
static void
on_looked_up (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinMembers *self = data;

    self->again |= reply->code == DUNLIN_ZOOKEEPER_OK;
    if (reply->code == DUNLIN_ZOOKEEPER_OK || reply->code == DUNLIN_ZOOKEEPER_NO_NODE)
        finish_reading (self);
    else
        fail_reading (self, reply);
}

static void
on_children (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinMembers *self = data;

    if (reply->code == DUNLIN_ZOOKEEPER_OK) {
        read_nodes (self, reply->children);
    } else if (reply->code == DUNLIN_ZOOKEEPER_NO_NODE) {
        g_hash_table_remove_all (self->nodes);
        dunlin_zookeeper_exists (self->zookeeper, self->path, TRUE, on_looked_up, self);
    } else {
        fail_reading (self, reply);
    }
}

void
dunlin_members_read (DunlinMembers *self)
{
    dunlin_timer_disarm (self->retry);
    self->again = self->reading;
    if (self->reading || !dunlin_zookeeper_is_connected (self->zookeeper))
        return;
    self->reading = TRUE;
    dunlin_zookeeper_get_children (self->zookeeper, self->path, TRUE, on_children, self);
}

/* Whatever was asked is not answered any more, and its watches are gone: what happened to the nodes
 * since is not known. What they said stays in use until they were read anew. */
static void
forget_session (DunlinMembers *self)
{
    self->reading = self->again = FALSE;
    self->n_pending = 0;
    dunlin_timer_disarm (self->retry);
}

static void
on_node_event (DunlinMembers *self, const char *path)
{
    const char *name = name_of (self, path);

    if (name == NULL && strcmp (path, self->path) != 0)
        return;
    if (name != NULL)
        g_hash_table_remove (self->nodes, name);
    dunlin_members_read (self);
}

void
dunlin_members_on_event (DunlinMembers *self, DunlinZookeeperEvent event, const char *path)
{
    switch (event) {
    case DUNLIN_ZOOKEEPER_STARTED:
        forget_session (self);
        g_hash_table_remove_all (self->nodes);
        dunlin_members_read (self);
        break;
    case DUNLIN_ZOOKEEPER_RESUMED:
        dunlin_members_read (self);
        break;
    case DUNLIN_ZOOKEEPER_EXPIRED:
    case DUNLIN_ZOOKEEPER_AUTH_FAILED:
    case DUNLIN_ZOOKEEPER_RENEWED:
        forget_session (self);
        break;
    case DUNLIN_ZOOKEEPER_NODE_CREATED:
    case DUNLIN_ZOOKEEPER_NODE_DELETED:
    case DUNLIN_ZOOKEEPER_NODE_CHANGED:
    case DUNLIN_ZOOKEEPER_CHILDREN_CHANGED:
        on_node_event (self, path);
        break;
    case DUNLIN_ZOOKEEPER_SUSPENDED:
    case DUNLIN_ZOOKEEPER_N_EVENTS:
        break;
    }
}

const char *
dunlin_members_path (DunlinMembers *self)
{
    return self->path;
}

gboolean
dunlin_members_is_known (DunlinMembers *self)
{
    return self->known;
}

const char *
dunlin_members_problem (DunlinMembers *self)
{
    return self->problem;
}

static double
weight_of (DunlinMembers *self, const char *name, const DunlinMember *member,
           const DunlinEndpoint *endpoint)
{
    double weight = 1.0;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, self->nodes);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Node *node = value;

        if (node->vector != NULL)
            weight *= dunlin_vector_weight (node->vector, name, member, endpoint);
    }
    return weight;
}

static char **
metadata_of (const DunlinMember *member)
{
    char **metadata;

    if (member->n_metadata == 0)
        return NULL;
    metadata = g_new0 (char *, 2 * (gsize)member->n_metadata + 1);
    for (guint i = 0; i < member->n_metadata; i++) {
        metadata[2 * i] = g_strdup (member->metadata[i].key);
        metadata[2 * i + 1] = g_strdup (member->metadata[i].value);
    }
    return metadata;
}

static void
clear_address (gpointer data)
{
    dunlin_address_clear (data);
}

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
    return strcmp (((const DunlinAddress *)a)->node, ((const DunlinAddress *)b)->node);
}

GArray *
dunlin_members_pick (DunlinMembers *self, const char *endpoint, const gint32 *shard)
{
    GArray *picked = g_array_new (FALSE, TRUE, sizeof (DunlinAddress));
    GHashTableIter iter;
    gpointer key, value;

    g_array_set_clear_func (picked, clear_address);
    g_hash_table_iter_init (&iter, self->nodes);
    while (g_hash_table_iter_next (&iter, &key, &value)) {
        const DunlinMember *member = &((const Node *)value)->member;
        const DunlinEndpoint *taken =
            ((const Node *)value)->is_member ? dunlin_member_pick (member, endpoint, NULL) : NULL;
        DunlinAddress address;

        if (taken == NULL || (shard != NULL && (!member->has_shard || member->shard != *shard)))
            continue;
        address = (DunlinAddress){ .host = g_strdup (taken->host),
                                   .port = taken->port,
                                   .weight = weight_of (self, key, member, taken),
                                   .node = g_strdup (key),
                                   .has_shard = member->has_shard,
                                   .shard = member->shard,
                                   .metadata = metadata_of (member) };
        g_array_append_val (picked, address);
    }
    g_array_sort (picked, compare_nodes);
    return picked;
}
