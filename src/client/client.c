/* The client all threads share. */
#include "client/client_core.h"

#include "client/background.h"
#include "client/client_loop.h"

/* An aperture's least size, where one is asked for: members that fail must leave others. */
#define MIN_APERTURE 2

static DunlinBalancerOptions
balancer_options (const DunlinClientOptions *options)
{
    DunlinBalancerOptions balancer = DUNLIN_BALANCER_DEFAULTS;

    if (options->balancer == DUNLIN_CLIENT_BALANCER_EWMA)
        balancer.load = DUNLIN_LOAD_PEAK_EWMA;
    if (options->balancer == DUNLIN_CLIENT_BALANCER_APERTURE)
        balancer.aperture.minimum = MIN_APERTURE;
    return balancer;
}

static void
copy_options (DunlinClient *self, const DunlinClientOptions *options)
{
    self->options = *options;
    self->options.label = g_strdup (options->label);
    self->options.server_name = g_strdup (options->server_name);
    self->options.client_id = g_strdup (options->client_id);
    self->options.idempotent = g_strdup (options->idempotent);
    if (options->credentials != NULL)
        dunlin_credentials_ref (options->credentials);
    self->balancer_options = balancer_options (options);
    self->accrual_options = DUNLIN_ACCRUAL_DEFAULTS;
    self->fail_fast_options = DUNLIN_FAIL_FAST_DEFAULTS;
    self->backup_options = DUNLIN_BACKUP_DEFAULTS;
    self->backup_options.extra_load = 1 - MIN (options->backup_percentile, 99) / 100.0;
    self->requeue_options = DUNLIN_REQUEUE_DEFAULTS;
    self->requeue_options.maximum = options->max_requeues;
    self->budget_options = DUNLIN_BUDGET_DEFAULTS;
    self->budget_options.fraction = options->requeue_percent / 100.0;
    self->budget_options.min_per_second = options->requeue_min_per_second;
}

static void
add_flags (DunlinClient *self, const char *method, guint flags)
{
    guint before;

    if (self->methods == NULL)
        self->methods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    before = GPOINTER_TO_UINT (g_hash_table_lookup (self->methods, method));
    g_hash_table_insert (self->methods, g_strdup (method), GUINT_TO_POINTER (before | flags));
}

static void
read_idempotent (DunlinClient *self, const char *list)
{
    g_auto (GStrv) names = g_strsplit (list != NULL ? list : "", ",", -1);

    for (gsize i = 0; names[i] != NULL; i++) {
        const char *name = g_strstrip (names[i]);

        if (strcmp (name, "*") == 0)
            self->all_idempotent = TRUE;
        else if (name[0] != '\0')
            add_flags (self, name, DUNLIN_METHOD_IDEMPOTENT);
    }
}

DunlinClient *
dunlin_client_new (const DunlinClientOptions *options)
{
    DunlinClient *self = g_new0 (DunlinClient, 1);

    g_atomic_ref_count_init (&self->users);
    g_atomic_ref_count_init (&self->references);
    copy_options (self, options);
    read_idempotent (self, options->idempotent);
    dunlin_client_metrics_init (&self->metrics, options->label);
    pthread_mutex_init (&self->lock, NULL);
    self->set = dunlin_address_set_new_without (DUNLIN_ADDRESSES_PENDING, NULL);
    self->loops = g_ptr_array_new ();
    dunlin_background_hold ();
    return self;
}

DunlinClient *
dunlin_client_hold (DunlinClient *self)
{
    g_atomic_ref_count_inc (&self->references);
    return self;
}

void
dunlin_client_release (DunlinClient *self)
{
    if (!g_atomic_ref_count_dec (&self->references))
        return;
    dunlin_address_set_unref (self->set);
    g_ptr_array_unref (self->loops);
    pthread_mutex_destroy (&self->lock);
    g_clear_pointer (&self->methods, g_hash_table_unref);
    dunlin_credentials_unref (self->options.credentials);
    g_free ((char *)self->options.label);
    g_free ((char *)self->options.server_name);
    g_free ((char *)self->options.client_id);
    g_free ((char *)self->options.idempotent);
    g_free (self);
}

DunlinClient *
dunlin_client_ref (DunlinClient *self)
{
    g_atomic_ref_count_inc (&self->users);
    return self;
}

/* Posted while no loop can have freed its part: that would need the lock. */
static void
post_to_loops (DunlinClient *self, DunlinLoopFunc func)
{
    for (guint i = 0; i < self->loops->len; i++) {
        DunlinClientLoop *part = g_ptr_array_index (self->loops, i);

        dunlin_loop_post (part->loop, func, part);
    }
}

void
dunlin_client_unref (DunlinClient *self)
{
    if (self == NULL || !g_atomic_ref_count_dec (&self->users))
        return;
    if (self->unfollow != NULL)
        self->unfollow (self->following);
    pthread_mutex_lock (&self->lock);
    post_to_loops (self, dunlin_client_loop_drop);
    pthread_mutex_unlock (&self->lock);
    dunlin_client_release (self);
    dunlin_background_release ();
}

DunlinAddressSet *
dunlin_client_attach (DunlinClient *self, DunlinClientLoop *part)
{
    DunlinAddressSet *set;

    pthread_mutex_lock (&self->lock);
    g_ptr_array_add (self->loops, part);
    set = dunlin_address_set_ref (self->set);
    pthread_mutex_unlock (&self->lock);
    return set;
}

void
dunlin_client_detach (DunlinClient *self, DunlinClientLoop *part)
{
    pthread_mutex_lock (&self->lock);
    g_ptr_array_remove (self->loops, part);
    pthread_mutex_unlock (&self->lock);
}

void
dunlin_client_set_addresses (DunlinClient *self, const DunlinAddressSet *set)
{
    DunlinAddressSet *former;

    pthread_mutex_lock (&self->lock);
    former = self->set;
    self->set = dunlin_address_set_ref (set);
    post_to_loops (self, dunlin_client_loop_update);
    pthread_mutex_unlock (&self->lock);
    dunlin_address_set_unref (former);
}

DunlinAddressSet *
dunlin_client_get_addresses (DunlinClient *self)
{
    DunlinAddressSet *set;

    pthread_mutex_lock (&self->lock);
    set = dunlin_address_set_ref (self->set);
    pthread_mutex_unlock (&self->lock);
    return set;
}

void
dunlin_client_follow (DunlinClient *self, gpointer following, GDestroyNotify unfollow)
{
    self->following = following;
    self->unfollow = unfollow;
}

const char *
dunlin_client_label (DunlinClient *self)
{
    return self->options.label;
}

DunlinCredentials *
dunlin_client_credentials (DunlinClient *self)
{
    return self->options.credentials;
}

static guint
flags_of (const DunlinSchemaMethod *method)
{
    const char *note = dunlin_schema_note (method->notes, method->n_notes, "idempotent");
    gboolean idempotent = note != NULL && strcmp (note, "false") != 0;
    gboolean has_result = method->result->kind != DUNLIN_SCHEMA_VOID && !method->oneway;

    return (idempotent ? DUNLIN_METHOD_IDEMPOTENT : 0u) |
           (has_result ? DUNLIN_METHOD_HAS_RESULT : 0u);
}

void
dunlin_client_set_schema (DunlinClient *self, const DunlinSchemaService *schema)
{
    for (; schema != NULL; schema = schema->parent) {
        for (gsize i = 0; i < schema->n_methods; i++)
            add_flags (self, schema->methods[i].name, flags_of (&schema->methods[i]));
    }
}

guint
dunlin_client_method_flags (DunlinClient *self, const char *method, gsize length)
{
    guint flags = self->all_idempotent ? DUNLIN_METHOD_IDEMPOTENT : 0u;
    const char *colon = memchr (method, ':', length);
    const char *bare = colon != NULL ? colon + 1 : method;
    gsize bare_length = length - (gsize)(bare - method);
    char name[DUNLIN_MESSAGE_NAME_MAX + 1];

    if (self->methods == NULL || bare_length >= sizeof name)
        return flags;
    memcpy (name, bare, bare_length);
    name[bare_length] = '\0';
    return flags | GPOINTER_TO_UINT (g_hash_table_lookup (self->methods, name));
}
