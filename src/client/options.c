/* A client's defaults: Finagle's, where it has them. */
#include "client/client.h"

void
dunlin_client_options_init (DunlinClientOptions *self)
{
    *self = (DunlinClientOptions){
        .label = "client",
        .encoding = DUNLIN_ENCODING_BINARY,
        .verify_name = TRUE,
        .resumption = TRUE,
        .connect_timeout = 1 * DUNLIN_SECOND,
        .acquire_timeout = 10 * DUNLIN_SECOND,
        .max_frame = (gsize)(16 * DUNLIN_MIB),
        .limits = dunlin_payload_default_limits,
        .ping_interval = 5 * DUNLIN_SECOND,
        .ping_timeout = 4 * DUNLIN_SECOND,
        .accrual = TRUE,
        .fail_fast = TRUE,
        .max_requeues = 20,
        .requeue_percent = 20,
        .requeue_min_per_second = 10,
    };
}
