/* Keeps those that left a set for a while: see the header. */
#include "discovery/stabiliser.h"

#include "base/clock.h"

#define PRESENT 0

typedef struct {
    DunlinAddress address; /* owned */
    gint64 gone_since;     /* PRESENT, or when it was missed first */
    guint round;           /* the last update that named it */
} Entry;

struct DunlinStabiliser {
    gint64 limbo;
    gboolean trusted;
    guint round;
    GHashTable *entries; /* owned: of Entry, by the address's text */
};

static void
entry_free (gpointer data)
{
    Entry *entry = data;

    dunlin_address_clear (&entry->address);
    g_free (entry);
}

DunlinStabiliser *
dunlin_stabiliser_new (gint64 limbo)
{
    DunlinStabiliser *self = g_new0 (DunlinStabiliser, 1);

    self->limbo = limbo;
    self->trusted = TRUE;
    self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
    return self;
}

void
dunlin_stabiliser_free (DunlinStabiliser *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref (self->entries);
    g_free (self);
}

/* An endpoint that is named twice is taken as it was named first. */
static void
take (DunlinStabiliser *self, const DunlinAddress *address)
{
    g_autofree char *key = dunlin_address_to_string (address);
    Entry *entry = g_hash_table_lookup (self->entries, key);

    if (entry != NULL && entry->round == self->round)
        return;
    entry = g_new0 (Entry, 1);
    dunlin_address_copy (address, &entry->address);
    entry->round = self->round;
    g_hash_table_replace (self->entries, g_steal_pointer (&key), entry);
}

void
dunlin_stabiliser_update (DunlinStabiliser *self, const DunlinAddress *addresses, guint n,
                          gint64 now)
{
    GHashTableIter iter;
    gpointer value;

    self->round++;
    for (guint i = 0; i < n; i++)
        take (self, &addresses[i]);
    g_hash_table_iter_init (&iter, self->entries);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        Entry *entry = value;

        if (entry->round != self->round && entry->gone_since == PRESENT)
            entry->gone_since = MAX (now, PRESENT + 1);
    }
}

void
dunlin_stabiliser_set_trusted (DunlinStabiliser *self, gboolean trusted, gint64 now)
{
    gboolean again = trusted && !self->trusted;
    GHashTableIter iter;
    gpointer value;

    self->trusted = trusted;
    g_hash_table_iter_init (&iter, self->entries);
    while (again && g_hash_table_iter_next (&iter, NULL, &value)) {
        Entry *entry = value;

        if (entry->gone_since != PRESENT)
            entry->gone_since = MAX (now, PRESENT + 1);
    }
}

gint64
dunlin_stabiliser_expire (DunlinStabiliser *self, gint64 now)
{
    gint64 next = DUNLIN_NEVER;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, self->entries);
    while (self->trusted && g_hash_table_iter_next (&iter, NULL, &value)) {
        Entry *entry = value;

        if (entry->gone_since == PRESENT)
            continue;
        if (now - entry->gone_since >= self->limbo)
            g_hash_table_iter_remove (&iter);
        else
            next = MIN (next, entry->gone_since + self->limbo);
    }
    return next;
}

DunlinAddressSet *
dunlin_stabiliser_get (DunlinStabiliser *self)
{
    g_autofree DunlinAddress *all = g_new (DunlinAddress, g_hash_table_size (self->entries));
    GHashTableIter iter;
    gpointer value;
    guint n = 0;

    g_hash_table_iter_init (&iter, self->entries);
    while (g_hash_table_iter_next (&iter, NULL, &value))
        all[n++] = ((Entry *)value)->address; /* borrowed: the set copies it */
    return dunlin_address_set_new (all, n);
}

guint
dunlin_stabiliser_n_in_limbo (DunlinStabiliser *self)
{
    GHashTableIter iter;
    gpointer value;
    guint n = 0;

    g_hash_table_iter_init (&iter, self->entries);
    while (g_hash_table_iter_next (&iter, NULL, &value))
        n += ((Entry *)value)->gone_since != PRESENT;
    return n;
}
