/* The services of greeter.thrift. Made by dunlin_gen: not to be edited. */
/* What a class function of a handler finds and leaves:
 *  - an argument is never NULL: what the caller left out is 0, "", or empty;
 *  - *_return of a string, binary or struct is NULL, and the handler puts a new one there;
 *    *_return of a list, set or map is empty, and the handler fills it, or unrefs it and puts
 *    another there;
 *  - a declared exception that is set is what the caller gets, whatever else is returned;
 *  - FALSE with @error is a failure, as is TRUE without a result. */
#pragma once

#include "rpc/service.h"
#include "greeter_autoptr.h"
#include "greeter_schema.h"
#include "dunlin_stub.h"

G_BEGIN_DECLS

extern const DunlinServiceInfo greeter_service;

/* Touches every GType of the IDL and of those it includes. */
void greeter_idl_ensure_types (void);

G_END_DECLS
