/* The conformance service's handler; tests/idl/conformance.thrift says what it does. */
#pragma once

#include "conformance_stub.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a handler with record 1 in memory. */
ConformanceConformanceHandler *conformance_handler_new (void);

G_END_DECLS
