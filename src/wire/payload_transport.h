/* The ThriftTransport of flat payloads: it carries no bytes (the protocols read and write memory
 * themselves), only what a generated client says by flushing and by ending a read. */
#pragma once

#include "wire/payload.h"

G_BEGIN_DECLS

typedef struct {
    ThriftTransport parent;
    DunlinPayloadHooks hooks;
} DunlinPayloadTransport;

typedef struct {
    ThriftTransportClass parent;
} DunlinPayloadTransportClass;

GType dunlin_payload_transport_get_type (void);

/* Returns: (transfer full): a transport whose hooks do nothing. */
ThriftTransport *dunlin_payload_transport_new (void);

/* What a client's write_message_begin() and read_message_begin() do first. */
gboolean dunlin_payload_transport_write_begin (DunlinPayloadTransport *self, GError **error);
gboolean dunlin_payload_transport_read_begin (DunlinPayloadTransport *self, GError **error);

G_END_DECLS
