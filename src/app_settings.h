/* The framework's own settings: one row each, the same for every service. */
#pragma once

#include "base/settings.h"

G_BEGIN_DECLS

/* The words of the enums, in the order of their rows in app_settings.c. */
enum { DUNLIN_TLS_MODE_REQUIRED, DUNLIN_TLS_MODE_OFF };
enum { DUNLIN_DEADLINE_MODE_ENABLED, DUNLIN_DEADLINE_MODE_LENIENT, DUNLIN_DEADLINE_MODE_OFF };
enum { DUNLIN_ZOOKEEPER_TLS_OFF, DUNLIN_ZOOKEEPER_TLS_REQUIRED };
enum { DUNLIN_TLS_MIN_VERSION_1_2, DUNLIN_TLS_MIN_VERSION_1_3 };

/* Declares all of them. */
void dunlin_app_declare_settings (DunlinSettings *settings);

G_END_DECLS
