/* g_autoptr () for the generated classes of dunlin.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "dunlin_dunlin_types.h"
#include "dunlin_base.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinTime, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinStatus, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinFieldHelp, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinMethodHelp, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinUnknownMethod, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinBaseIf, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinBaseClient, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinBaseHandler, g_object_unref)
