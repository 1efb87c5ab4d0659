/* A service as users start it: the built binary, with flags, on a free port. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TestService TestService;

/**
 * test_service_start:
 * @binary: its name in the folder of binaries
 * @flags: (array zero-terminated=1): besides a free port on loopback
 *
 * Returns: (transfer full): a service that listens; aborts the test when it does not start.
 */
TestService *test_service_start (const char *binary, const char *const *flags);

/* Likewise, with its standard error in the file @path. */
TestService *test_service_start_logged (const char *binary, const char *const *flags,
                                        const char *path);

/* Kills it, if it still runs. */
void test_service_free (TestService *self);

guint16 test_service_port (const TestService *self);

/* Back when it is dead. */
void test_service_kill (TestService *self);

/* SIGTERM. */
void test_service_terminate (TestService *self);
void test_service_signal (TestService *self, int signal_number);

/* Returns: its exit code, when it has ended by itself; aborts the test when a signal ended it. */
int test_service_wait (TestService *self);

/**
 * test_service_run:
 * @output: (out) (nullable): what it wrote to standard output
 * @errors: (out) (nullable): and to standard error
 *
 * Returns: the exit code of a start that ends by itself.
 */
int test_service_run (const char *binary, const char *const *flags, char **output, char **errors);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestService, test_service_free)

G_END_DECLS
