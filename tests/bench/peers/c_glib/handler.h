/* The calls of the benchmark on c_glib's own classes, as a user of them would write them. */
#pragma once

#include <thrift/c_glib/processor/thrift_processor.h>

ThriftProcessor *make_processor (void);
