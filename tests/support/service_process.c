/* GSubprocess around a service's binary. */
#include "support/service_process.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define LISTENING "listening thrift "

struct TestService {
    GSubprocess *process;     /* owned */
    GDataInputStream *output; /* owned */
    guint16 port;
};

/* The service ends with the test, however that ends. */
static void
die_with_parent (gpointer data)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* What ctest tells its tests is no setting of the service. */
static GSubprocessLauncher *
new_launcher (GSubprocessFlags flags)
{
    static const char *const ours[] = { "DUNLIN_SOURCE_DIR", "DUNLIN_BUILD_DIR", "DUNLIN_BIN_DIR" };
    GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags);

    g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
        g_subprocess_launcher_unsetenv (launcher, ours[i]);
    return launcher;
}

static GSubprocess *
spawn (const char *binary, const char *const *flags, GSubprocessFlags pipes, const char *log)
{
    g_autoptr (GSubprocessLauncher) launcher = new_launcher (pipes);
    g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) error = NULL;
    GSubprocess *process;

    g_assert_nonnull (g_getenv ("DUNLIN_BIN_DIR"));
    if (log != NULL)
        g_subprocess_launcher_set_stderr_file_path (launcher, log);
    g_ptr_array_add (arguments, g_build_filename (g_getenv ("DUNLIN_BIN_DIR"), binary, NULL));
    for (gsize i = 0; flags[i] != NULL; i++)
        g_ptr_array_add (arguments, g_strdup (flags[i]));
    g_ptr_array_add (arguments, g_strdup ("--thrift.port=0"));
    g_ptr_array_add (arguments, NULL);
    process =
        g_subprocess_launcher_spawnv (launcher, (const char *const *)arguments->pdata, &error);
    g_assert_no_error (error);
    return process;
}

static guint16
read_port (GDataInputStream *output)
{
    g_autofree char *line = NULL;

    for (;;) {
        g_free (line);
        line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
        if (line == NULL)
            g_error ("the service ended without listening");
        if (g_str_has_prefix (line, LISTENING))
            return (guint16)g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
    }
}

TestService *
test_service_start_logged (const char *binary, const char *const *flags, const char *path)
{
    TestService *self = g_new0 (TestService, 1);

    self->process = spawn (binary, flags, G_SUBPROCESS_FLAGS_STDOUT_PIPE, path);
    self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
    self->port = read_port (self->output);
    return self;
}

TestService *
test_service_start (const char *binary, const char *const *flags)
{
    return test_service_start_logged (binary, flags, NULL);
}

void
test_service_free (TestService *self)
{
    if (self == NULL)
        return;
    test_service_kill (self);
    g_object_unref (self->output);
    g_object_unref (self->process);
    g_free (self);
}

guint16
test_service_port (const TestService *self)
{
    return self->port;
}

void
test_service_kill (TestService *self)
{
    test_service_signal (self, SIGKILL);
    g_subprocess_wait (self->process, NULL, NULL);
}

void
test_service_terminate (TestService *self)
{
    test_service_signal (self, SIGTERM);
}

void
test_service_signal (TestService *self, int signal_number)
{
    /* Not by GLib, which has its own thread send it, in a way that ThreadSanitizer cannot follow.
     */
    const char *pid = g_subprocess_get_identifier (self->process);

    if (pid != NULL)
        kill ((pid_t)g_ascii_strtoll (pid, NULL, 10), signal_number);
}

int
test_service_wait (TestService *self)
{
    g_subprocess_wait (self->process, NULL, NULL);
    g_assert_true (g_subprocess_get_if_exited (self->process));
    return g_subprocess_get_exit_status (self->process);
}

int
test_service_run (const char *binary, const char *const *flags, char **output, char **errors)
{
    g_autoptr (GSubprocess) process = spawn (
        binary, flags, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
    g_autoptr (GError) error = NULL;

    g_subprocess_communicate_utf8 (process, NULL, NULL, output, errors, &error);
    g_assert_no_error (error);
    g_assert_true (g_subprocess_get_if_exited (process));
    return g_subprocess_get_exit_status (process);
}
