/* Looks a method up by its name: once a call, so by the perfect hash that the generator made. */
#include "rpc/service.h"

#include "wire/method_slot.h"

#include <string.h>

static gboolean
is_named (const DunlinMethodInfo *info, const char *method, gsize length)
{
    return strlen (info->name) == length && memcmp (info->name, method, length) == 0;
}

/* For services without a table: those with more methods than it can number, or written by hand. */
static const DunlinMethodInfo *
search (const DunlinServiceInfo *self, const char *method, gsize length)
{
    for (gsize i = 0; i < self->n_methods; i++)
        if (is_named (&self->methods[i], method, length))
            return &self->methods[i];
    return NULL;
}

static const DunlinMethodInfo *
find_own (const DunlinServiceInfo *self, const char *method, gsize length)
{
    guint8 at;

    if (self->slots == NULL)
        return search (self, method, length);
    at = self->slots[dunlin_method_slot (method, length, self->slot_seed, self->slot_bits)];
    if (at == 0 || !is_named (&self->methods[at - 1], method, length))
        return NULL;
    return &self->methods[at - 1];
}

const DunlinMethodInfo *
dunlin_service_info_find (const DunlinServiceInfo *self, const char *method, gsize length)
{
    for (; self != NULL; self = self->extends) {
        const DunlinMethodInfo *info = find_own (self, method, length);

        if (info != NULL)
            return info;
    }
    return NULL;
}
