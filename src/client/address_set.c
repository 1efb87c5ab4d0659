/* Where a name leads now: see the header. */
#include "client/address_set.h"

#include <stdatomic.h>
#include <string.h>

typedef struct {
    DunlinAddressSet public; /* first: what others see is this */
    atomic_int references;
    DunlinAddress *addresses; /* owned */
    char *reason;             /* owned, nullable */
} Set;

/* An address, and its text to sort by. */
typedef struct {
    char *text; /* owned */
    const DunlinAddress *address;
    guint place; /* in what was given */
} Sorted;

void
dunlin_address_clear (DunlinAddress *self)
{
    g_free (self->host);
    g_free (self->address);
    g_free (self->node);
    g_strfreev (self->metadata);
    *self = (DunlinAddress){ 0 };
}

void
dunlin_address_copy (const DunlinAddress *self, DunlinAddress *to)
{
    *to = *self;
    to->host = g_strdup (self->host);
    to->address = g_strdup (self->address);
    to->node = g_strdup (self->node);
    to->metadata = g_strdupv (self->metadata);
}

char *
dunlin_address_to_string (const DunlinAddress *self)
{
    if (self->port == 0)
        return g_strdup (self->address);
    return g_strdup_printf (strchr (self->address, ':') != NULL ? "[%s]:%u" : "%s:%u",
                            self->address, self->port);
}

static int
compare (gconstpointer a, gconstpointer b)
{
    const Sorted *left = a, *right = b;
    int order = strcmp (left->text, right->text);

    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static Set *
set_new (DunlinAddressState state, const char *reason)
{
    Set *set = g_new0 (Set, 1);

    atomic_init (&set->references, 1);
    set->public.state = state;
    set->public.reason = set->reason = g_strdup (reason);
    return set;
}

DunlinAddressSet *
dunlin_address_set_new_without (DunlinAddressState state, const char *reason)
{
    g_assert (state != DUNLIN_ADDRESSES_BOUND);
    return &set_new (state, reason)->public;
}

DunlinAddressSet *
dunlin_address_set_new (const DunlinAddress *addresses, guint n)
{
    Set *set = set_new (n > 0 ? DUNLIN_ADDRESSES_BOUND : DUNLIN_ADDRESSES_EMPTY,
                        n > 0 ? NULL : "nobody is there");
    g_autofree Sorted *sorted = g_new0 (Sorted, n);
    guint kept = 0;

    for (guint i = 0; i < n; i++)
        sorted[i] = (Sorted){ dunlin_address_to_string (&addresses[i]), &addresses[i], i };
    if (n > 0)
        qsort (sorted, n, sizeof *sorted, compare);
    set->addresses = g_new0 (DunlinAddress, n);
    for (guint i = 0; i < n; i++) {
        if (i == 0 || strcmp (sorted[i].text, sorted[i - 1].text) != 0)
            dunlin_address_copy (sorted[i].address, &set->addresses[kept++]);
    }
    for (guint i = 0; i < n; i++)
        g_free (sorted[i].text);
    set->public.addresses = set->addresses;
    set->public.n_addresses = kept;
    return &set->public;
}

DunlinAddressSet *
dunlin_address_set_ref (const DunlinAddressSet *self)
{
    Set *set = (Set *)self;

    atomic_fetch_add (&set->references, 1);
    return &set->public;
}

void
dunlin_address_set_unref (DunlinAddressSet *self)
{
    Set *set = (Set *)self;

    if (set == NULL || atomic_fetch_sub (&set->references, 1) > 1)
        return;
    for (guint i = 0; i < self->n_addresses; i++)
        dunlin_address_clear (&set->addresses[i]);
    g_free (set->addresses);
    g_free (set->reason);
    g_free (set);
}

static gboolean
strv_equal (char **a, char **b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return g_strv_equal ((const char *const *)a, (const char *const *)b);
}

static gboolean
address_equal (const DunlinAddress *a, const DunlinAddress *b)
{
    gboolean same_weight = a->weight >= b->weight && a->weight <= b->weight;

    return a->port == b->port && same_weight && a->has_shard == b->has_shard &&
           (!a->has_shard || a->shard == b->shard) && strcmp (a->address, b->address) == 0 &&
           strcmp (a->host, b->host) == 0 && g_strcmp0 (a->node, b->node) == 0 &&
           strv_equal (a->metadata, b->metadata);
}

gboolean
dunlin_address_set_equal (const DunlinAddressSet *a, const DunlinAddressSet *b)
{
    if (a->state != b->state || a->n_addresses != b->n_addresses ||
        g_strcmp0 (a->reason, b->reason) != 0)
        return FALSE;
    for (guint i = 0; i < a->n_addresses; i++) {
        if (!address_equal (&a->addresses[i], &b->addresses[i]))
            return FALSE;
    }
    return TRUE;
}
