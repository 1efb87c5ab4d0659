/* What names lead to: see the header. A resolution goes in three steps, each with its own memory:
 * who is picked (hosts and ports), where they are (addresses), who counts (those in limbo, too). */
#define G_LOG_DOMAIN "dunlin-discovery"

#include "discovery/resolver.h"

#include "base/clock.h"
#include "discovery/lookup.h"
#include "discovery/members.h"
#include "discovery/stabiliser.h"
#include "discovery/zookeeper.h"

#include <pthread.h>
#include <string.h>

/* As Finagle's zk2! and inet! have it. */
#define DEFAULT_SESSION_MS 10000
#define DEFAULT_LOOKUP_MS  5000

/* One session, for all sets of its ensemble. */
typedef struct {
    DunlinResolver *resolver;   /* borrowed: it owns us */
    char *hosts;                /* owned */
    DunlinZookeeper *zookeeper; /* owned */
    GPtrArray *sets;            /* owned: of DunlinMembers; they stay as long as the session */
    guint n_users;              /* resolutions */
    gint64 away_since;          /* 0 while connected */
} Ensemble;

struct DunlinResolver {
    DunlinLoop *loop; /* borrowed: outlives us */
    int session_timeout_ms;
    int limbo_ms;
    char *digest;            /* owned, nullable */
    DunlinZookeeperTls *tls; /* owned, nullable */
    GPtrArray *ensembles;    /* owned: of Ensemble */
    GPtrArray *resolutions;  /* of DunlinResolution: borrowed: they take themselves out */
    DunlinLookup *lookup;    /* owned */
};

struct DunlinResolution {
    DunlinResolver *resolver; /* borrowed: outlives us */
    DunlinName *name;         /* owned */
    DunlinResolvedFunc func;  /* nullable */
    gpointer data;
    Ensemble *ensemble;     /* borrowed, nullable: lives as long as it has users */
    DunlinMembers *members; /* borrowed, nullable: its ensemble's */

    GArray *picked; /* owned, nullable: of DunlinAddress without address: unknown yet */
    DunlinStabiliser *stabiliser; /* owned */
    DunlinTimer *timer;           /* owned: the first round, then the next end of a limbo */
    gboolean fixed;               /* nothing is looked up any more */

    pthread_mutex_t lock;
    DunlinAddressSet *set; /* owned, guarded by lock; written by the loop's thread */
};

static void
publish (DunlinResolution *self, DunlinAddressSet *set)
{
    DunlinAddressSet *former = self->set;

    if (dunlin_address_set_equal (set, former)) {
        dunlin_address_set_unref (set);
        return;
    }
    pthread_mutex_lock (&self->lock);
    self->set = set;
    pthread_mutex_unlock (&self->lock);
    dunlin_address_set_unref (former);
    g_debug ("%s leads to %u addresses", self->name->text, set->n_addresses);
    if (self->func != NULL)
        self->func (self, set, self->data);
}

/* Adds where @picked is. FALSE when that is not known yet; a failure is known. */
static gboolean
locate (DunlinResolution *self, const DunlinAddress *picked, GArray *located)
{
    char *literal[] = { picked->host, NULL };
    gboolean is_literal = g_hostname_is_ip_address (picked->host);
    char **texts = is_literal ? literal : dunlin_lookup_get (self->resolver->lookup, picked->host);

    for (guint i = 0; texts != NULL && texts[i] != NULL; i++) {
        DunlinAddress address;

        dunlin_address_copy (picked, &address);
        address.address = g_strdup (texts[i]);
        g_array_append_val (located, address);
    }
    return texts != NULL || dunlin_lookup_problem (self->resolver->lookup, picked->host) != NULL;
}

static void
clear_address (gpointer data)
{
    dunlin_address_clear (data);
}

/* Nobody counts: why? */
static char *
empty_reason (DunlinResolution *self)
{
    for (guint i = 0; i < self->picked->len; i++) {
        const char *host = g_array_index (self->picked, DunlinAddress, i).host;
        const char *problem = dunlin_lookup_problem (self->resolver->lookup, host);

        if (problem != NULL)
            return g_strdup_printf ("%s: the host %s cannot be looked up: %s", self->name->text,
                                    host, problem);
    }
    return g_strdup_printf ("%s: the set has no member that can be used", self->name->text);
}

/* Says who counts now, and comes back when the next limbo is over. */
static void
settle (DunlinResolution *self, gboolean complete)
{
    gint64 next = dunlin_stabiliser_expire (self->stabiliser, dunlin_clock_now ());
    DunlinAddressSet *set = dunlin_stabiliser_get (self->stabiliser);

    if (next != DUNLIN_NEVER)
        dunlin_timer_arm (self->timer, next);
    if (set->n_addresses == 0) {
        g_autofree char *reason = complete ? empty_reason (self) : NULL;

        dunlin_address_set_unref (set);
        set = dunlin_address_set_new_without (
            complete ? DUNLIN_ADDRESSES_EMPTY : DUNLIN_ADDRESSES_PENDING, reason);
    }
    publish (self, set);
}

/* From who is picked to who counts. */
static void
work_out (DunlinResolution *self)
{
    g_autoptr (GArray) located = NULL;
    gboolean complete = TRUE;

    if (self->picked == NULL || self->fixed)
        return;
    located = g_array_new (FALSE, TRUE, sizeof (DunlinAddress));
    g_array_set_clear_func (located, clear_address);
    for (guint i = 0; i < self->picked->len; i++)
        complete &= locate (self, &g_array_index (self->picked, DunlinAddress, i), located);
    dunlin_stabiliser_update (self->stabiliser, (const DunlinAddress *)(void *)located->data,
                              located->len, dunlin_clock_now ());
    self->fixed = self->name->kind == DUNLIN_NAME_FIXED_INET && complete && located->len > 0;
    settle (self, complete);
}

static void
pick_members (DunlinResolution *self)
{
    if (!dunlin_members_is_known (self->members))
        return;
    g_clear_pointer (&self->picked, g_array_unref);
    self->picked = dunlin_members_pick (self->members, self->name->endpoint,
                                        self->name->has_shard ? &self->name->shard : NULL);
    dunlin_stabiliser_set_trusted (self->stabiliser, self->ensemble->away_since == 0,
                                   dunlin_clock_now ());
    work_out (self);
}

static void
pick_hosts (DunlinResolution *self)
{
    const DunlinName *name = self->name;

    self->picked = g_array_new (FALSE, TRUE, sizeof (DunlinAddress));
    g_array_set_clear_func (self->picked, clear_address);
    for (guint i = 0; i < name->n_hosts; i++) {
        DunlinAddress address = { .host = g_strdup (name->hosts[i]),
                                  .port = name->ports[i],
                                  .weight = 1.0 };

        g_array_append_val (self->picked, address);
    }
    work_out (self);
}

static void
publish_socket (DunlinResolution *self)
{
    char *path = self->name->argument;
    DunlinAddress address = { .host = path, .address = path, .weight = 1.0 };

    publish (self, dunlin_address_set_new (&address, 1));
}

static void
publish_empty (DunlinResolution *self)
{
    publish (self, dunlin_address_set_new_without (DUNLIN_ADDRESSES_EMPTY, self->name->text));
}

static void
publish_failed (DunlinResolution *self)
{
    publish (self, dunlin_address_set_new_without (DUNLIN_ADDRESSES_FAILED, self->name->argument));
}

static void (*const begin[]) (DunlinResolution *) = {
    [DUNLIN_NAME_SERVERSET] = pick_members, [DUNLIN_NAME_INET] = pick_hosts,
    [DUNLIN_NAME_FIXED_INET] = pick_hosts,  [DUNLIN_NAME_UNIX] = publish_socket,
    [DUNLIN_NAME_EMPTY] = publish_empty,    [DUNLIN_NAME_FAILED] = publish_failed,
};

static void
on_timer (gpointer data)
{
    DunlinResolution *self = data;

    if (self->set->state == DUNLIN_ADDRESSES_PENDING && self->picked == NULL)
        begin[self->name->kind](self);
    else
        settle (self, TRUE);
}

static void
on_looked_up (gpointer data)
{
    DunlinResolver *self = data;

    for (guint i = 0; i < self->resolutions->len; i++)
        work_out (self->resolutions->pdata[i]);
}

static void
on_members (DunlinMembers *members, gpointer data)
{
    Ensemble *ensemble = data;
    GPtrArray *resolutions = ensemble->resolver->resolutions;

    for (guint i = 0; i < resolutions->len; i++) {
        DunlinResolution *resolution = resolutions->pdata[i];

        if (resolution->members == members)
            pick_members (resolution);
    }
}

/* What is not seen does not count as gone. */
static void
distrust (Ensemble *self)
{
    GPtrArray *resolutions = self->resolver->resolutions;

    for (guint i = 0; i < resolutions->len; i++) {
        DunlinResolution *resolution = resolutions->pdata[i];

        if (resolution->ensemble == self)
            dunlin_stabiliser_set_trusted (resolution->stabiliser, FALSE, dunlin_clock_now ());
    }
}

static void
set_connected (Ensemble *self, gboolean connected)
{
    if (connected == (self->away_since == 0))
        return;
    self->away_since = connected ? 0 : dunlin_clock_now ();
    if (connected) {
        g_message ("connected to ZooKeeper %s", self->hosts);
        return;
    }
    g_warning ("no connection to ZooKeeper %s: the last known addresses stay in use", self->hosts);
    distrust (self);
}

static void
on_event (DunlinZookeeperEvent event, const char *path, gpointer data)
{
    Ensemble *self = data;

    set_connected (self, dunlin_zookeeper_is_connected (self->zookeeper));
    for (guint i = 0; i < self->sets->len; i++)
        dunlin_members_on_event (self->sets->pdata[i], event, path);
}

static void
ensemble_free (gpointer data)
{
    Ensemble *self = data;

    dunlin_zookeeper_free (self->zookeeper);
    g_ptr_array_unref (self->sets);
    g_free (self->hosts);
    g_free (self);
}

static void
free_members (gpointer data)
{
    dunlin_members_free (data);
}

static Ensemble *
get_ensemble (DunlinResolver *self, const DunlinEnsemble *hosts)
{
    g_autofree char *text = dunlin_ensemble_to_string (hosts);
    DunlinZookeeperOptions options = { .ensemble = hosts,
                                       .session_timeout_ms = self->session_timeout_ms,
                                       .digest = self->digest,
                                       .tls = self->tls };
    Ensemble *ensemble;

    for (guint i = 0; i < self->ensembles->len; i++) {
        ensemble = self->ensembles->pdata[i];
        if (strcmp (ensemble->hosts, text) == 0)
            return ensemble;
    }
    ensemble = g_new0 (Ensemble, 1);
    ensemble->resolver = self;
    ensemble->hosts = g_steal_pointer (&text);
    ensemble->away_since = dunlin_clock_now ();
    ensemble->sets = g_ptr_array_new_with_free_func (free_members);
    ensemble->zookeeper = dunlin_zookeeper_new (self->loop, &options, on_event, ensemble);
    dunlin_zookeeper_start (ensemble->zookeeper);
    g_ptr_array_add (self->ensembles, ensemble);
    return ensemble;
}

static DunlinMembers *
get_members (Ensemble *self, const char *path)
{
    DunlinMembers *members;

    for (guint i = 0; i < self->sets->len; i++) {
        if (strcmp (dunlin_members_path (self->sets->pdata[i]), path) == 0)
            return self->sets->pdata[i];
    }
    members = dunlin_members_new (self->resolver->loop, self->zookeeper, path, on_members, self);
    g_ptr_array_add (self->sets, members);
    dunlin_members_read (members);
    return members;
}

DunlinResolver *
dunlin_resolver_new (DunlinLoop *control, const DunlinResolverOptions *options)
{
    static const DunlinResolverOptions defaults = { 0 };
    DunlinResolver *self = g_new0 (DunlinResolver, 1);
    int lookup_ms;

    if (options == NULL)
        options = &defaults;
    lookup_ms = options->lookup_ms != 0 ? options->lookup_ms : DEFAULT_LOOKUP_MS;
    self->loop = control;
    self->session_timeout_ms =
        options->session_timeout_ms != 0 ? options->session_timeout_ms : DEFAULT_SESSION_MS;
    self->limbo_ms = options->limbo_ms;
    self->digest = g_strdup (options->digest);
    self->tls = dunlin_zookeeper_tls_copy (options->tls);
    self->ensembles = g_ptr_array_new_with_free_func (ensemble_free);
    self->resolutions = g_ptr_array_new ();
    self->lookup =
        dunlin_lookup_new (control, lookup_ms * G_TIME_SPAN_MILLISECOND, on_looked_up, self);
    return self;
}

void
dunlin_resolver_free (DunlinResolver *self)
{
    if (self == NULL)
        return;
    g_assert (self->resolutions->len == 0);
    dunlin_lookup_free (self->lookup);
    g_ptr_array_unref (self->ensembles);
    g_ptr_array_unref (self->resolutions);
    g_free (self->digest);
    dunlin_zookeeper_tls_free (self->tls);
    g_free (self);
}

static void
follow_set (DunlinResolution *self)
{
    self->ensemble = get_ensemble (self->resolver, self->name->ensemble);
    self->ensemble->n_users++;
    self->members = get_members (self->ensemble, self->name->path);
}

DunlinResolution *
dunlin_resolver_resolve (DunlinResolver *self, const DunlinName *name, DunlinResolvedFunc func,
                         gpointer data)
{
    DunlinResolution *resolution = g_new0 (DunlinResolution, 1);
    int limbo_ms = self->limbo_ms != 0 && name->limbo_ms != 0 ? self->limbo_ms : name->limbo_ms;

    resolution->resolver = self;
    /* Parsed before: it cannot fail. */
    resolution->name = dunlin_name_parse (name->text, NULL);
    resolution->func = func;
    resolution->data = data;
    pthread_mutex_init (&resolution->lock, NULL);
    resolution->set = dunlin_address_set_new_without (DUNLIN_ADDRESSES_PENDING, NULL);
    resolution->stabiliser = dunlin_stabiliser_new (limbo_ms * G_TIME_SPAN_MILLISECOND);
    resolution->timer = dunlin_timer_new (self->loop, on_timer, resolution);
    g_ptr_array_add (self->resolutions, resolution);
    if (name->kind == DUNLIN_NAME_SERVERSET)
        follow_set (resolution);
    dunlin_timer_arm (resolution->timer, dunlin_clock_now ());
    return resolution;
}

void
dunlin_resolution_free (DunlinResolution *self)
{
    if (self == NULL)
        return;
    g_ptr_array_remove (self->resolver->resolutions, self);
    if (self->ensemble != NULL && --self->ensemble->n_users == 0)
        g_ptr_array_remove (self->resolver->ensembles, self->ensemble);
    dunlin_timer_free (self->timer);
    dunlin_stabiliser_free (self->stabiliser);
    g_clear_pointer (&self->picked, g_array_unref);
    pthread_mutex_destroy (&self->lock);
    dunlin_address_set_unref (self->set);
    dunlin_name_free (self->name);
    g_free (self);
}

DunlinAddressSet *
dunlin_resolution_get (DunlinResolution *self)
{
    DunlinAddressSet *set;

    pthread_mutex_lock (&self->lock);
    set = dunlin_address_set_ref (self->set);
    pthread_mutex_unlock (&self->lock);
    return set;
}

const char *
dunlin_resolution_problem (DunlinResolution *self)
{
    if (self->ensemble == NULL)
        return NULL;
    if (self->ensemble->away_since != 0)
        return dunlin_zookeeper_problem (self->ensemble->zookeeper);
    return dunlin_members_problem (self->members);
}

static void
describe_address (const DunlinAddress *address, JsonBuilder *json)
{
    g_autofree char *text = dunlin_address_to_string (address);

    json_builder_begin_object (json);
    json_builder_set_member_name (json, "address");
    json_builder_add_string_value (json, text);
    json_builder_set_member_name (json, "host");
    json_builder_add_string_value (json, address->host);
    json_builder_set_member_name (json, "weight");
    json_builder_add_double_value (json, address->weight);
    if (address->node != NULL) {
        json_builder_set_member_name (json, "node");
        json_builder_add_string_value (json, address->node);
    }
    if (address->has_shard) {
        json_builder_set_member_name (json, "shard");
        json_builder_add_int_value (json, address->shard);
    }
    json_builder_end_object (json);
}

void
dunlin_resolution_describe (DunlinResolution *self, JsonBuilder *json)
{
    static const char *const states[] = { [DUNLIN_ADDRESSES_PENDING] = "pending",
                                          [DUNLIN_ADDRESSES_BOUND] = "bound",
                                          [DUNLIN_ADDRESSES_EMPTY] = "empty",
                                          [DUNLIN_ADDRESSES_FAILED] = "failed" };
    const char *problem = dunlin_resolution_problem (self);

    json_builder_set_member_name (json, "name");
    json_builder_add_string_value (json, self->name->text);
    json_builder_set_member_name (json, "state");
    json_builder_add_string_value (json, states[self->set->state]);
    json_builder_set_member_name (json, "limbo");
    json_builder_add_int_value (json, dunlin_stabiliser_n_in_limbo (self->stabiliser));
    json_builder_set_member_name (json, "reason");
    if (self->set->reason != NULL)
        json_builder_add_string_value (json, self->set->reason);
    else
        json_builder_add_null_value (json);
    json_builder_set_member_name (json, "problem");
    if (problem != NULL)
        json_builder_add_string_value (json, problem);
    else
        json_builder_add_null_value (json);
    json_builder_set_member_name (json, "addresses");
    json_builder_begin_array (json);
    for (guint i = 0; i < self->set->n_addresses; i++)
        describe_address (&self->set->addresses[i], json);
    json_builder_end_array (json);
}
