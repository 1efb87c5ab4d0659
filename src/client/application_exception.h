/* TApplicationException: what a Thrift server says when a call could not be run. Pure. */
#pragma once

#include "wire/context.h"
#include "wire/message.h"

G_BEGIN_DECLS

/**
 * dunlin_application_exception_read:
 * @body: after the message's header
 * @type: (out): DUNLIN_TAPP_...; 0 when it does not say
 * @message: (out): borrowed from @body; empty when it does not say
 *
 * Returns: FALSE when @body is no struct.
 */
gboolean dunlin_application_exception_read (DunlinSlice body, DunlinEncoding encoding, int *type,
                                            DunlinSlice *message);

G_END_DECLS
