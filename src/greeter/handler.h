/* The greeter's methods, as its IDL declares them. */
#pragma once

#include "greeter/others.h"
#include "greeter_stub.h"

G_BEGIN_DECLS

G_DECLARE_FINAL_TYPE (Greeter, greeter, GREETER, HANDLER, GreeterGreeterHandler)

/* @others: copied; what it borrows outlives the handler. */
Greeter *greeter_new (const Others *others);

G_END_DECLS
