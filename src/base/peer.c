/* The peer: counted, immutable once its connection is open. */
#include "base/peer.h"

DunlinPeer *
dunlin_peer_new (const char *address)
{
    DunlinPeer *self = g_new0 (DunlinPeer, 1);

    g_atomic_ref_count_init (&self->refs);
    self->address = g_strdup (address);
    return self;
}

DunlinPeer *
dunlin_peer_ref (DunlinPeer *self)
{
    g_atomic_ref_count_inc (&self->refs);
    return self;
}

void
dunlin_peer_unref (DunlinPeer *self)
{
    if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
        return;
    g_free (self->address);
    g_free (self->identity);
    g_free (self->subject);
    g_free (self->serial);
    g_free (self->in_access_log);
    g_free (self);
}
