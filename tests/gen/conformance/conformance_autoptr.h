/* g_autoptr () for the generated classes of conformance.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "conformance_conformance_types.h"
#include "conformance_base.h"
#include "conformance_conformance.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceAddress, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceNotFound, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceRefused, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceLeaf, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceChoice, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceEveryType, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceBaseIf, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceBaseClient, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceBaseHandler, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceConformanceIf, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceConformanceClient, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConformanceConformanceHandler, g_object_unref)
