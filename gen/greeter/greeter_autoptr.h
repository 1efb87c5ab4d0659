/* g_autoptr () for the generated classes of greeter.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "greeter_greeter_types.h"
#include "greeter_greeter.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GreeterGreeting, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GreeterNobodyThere, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GreeterGreeterIf, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GreeterGreeterClient, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GreeterGreeterHandler, g_object_unref)
