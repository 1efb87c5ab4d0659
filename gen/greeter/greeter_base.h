/* The parent services in other IDLs under the names that c_glib expects of greeter.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "dunlin_base.h"

typedef DunlinBaseIf GreeterBaseIf;
typedef DunlinBaseIfInterface GreeterBaseIfInterface;
typedef DunlinBaseClient GreeterBaseClient;
typedef DunlinBaseClientClass GreeterBaseClientClass;
typedef DunlinBaseHandler GreeterBaseHandler;
typedef DunlinBaseHandlerClass GreeterBaseHandlerClass;
typedef DunlinBaseProcessor GreeterBaseProcessor;
typedef DunlinBaseProcessorClass GreeterBaseProcessorClass;
#define GREETER_TYPE_BASE_IF DUNLIN_TYPE_BASE_IF
#define GREETER_BASE_IF DUNLIN_BASE_IF
#define GREETER_TYPE_BASE_CLIENT DUNLIN_TYPE_BASE_CLIENT
#define GREETER_BASE_CLIENT DUNLIN_BASE_CLIENT
#define GREETER_TYPE_BASE_HANDLER DUNLIN_TYPE_BASE_HANDLER
#define GREETER_BASE_HANDLER DUNLIN_BASE_HANDLER
#define GREETER_TYPE_BASE_PROCESSOR DUNLIN_TYPE_BASE_PROCESSOR
#define GREETER_BASE_PROCESSOR DUNLIN_BASE_PROCESSOR
