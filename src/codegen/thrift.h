/* Runs the Thrift compiler. */
#pragma once

#include <glib.h>

/**
 * thrift_run:
 * @generator: "c_glib" or "json"
 * @out: the directory to write to
 *
 * Returns: FALSE with what the compiler said.
 */
gboolean thrift_run (const char *generator, const char *idl, GPtrArray *search, const char *out,
                     GError **error);
