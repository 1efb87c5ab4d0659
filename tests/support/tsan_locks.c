/* GLib's locks, as the thread sanitizer can see them. GLib is not built with it, and its mutexes
 * are futexes: without this every pair of accesses that only a GMutex orders would be reported.
 * Linked into the tests of that build only; these stand in front of GLib's own for all of our code.
 */
#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

#undef g_once_init_leave

#define NEXT(name) ((__typeof__ (&(name)))next (&name##_, #name))

static void *
next (void **found, const char *name)
{
    void *function = __atomic_load_n (found, __ATOMIC_ACQUIRE);

    if (function == NULL) {
        function = dlsym (RTLD_NEXT, name);
        __atomic_store_n (found, function, __ATOMIC_RELEASE);
    }
    return function;
}

static void *g_mutex_lock_, *g_mutex_trylock_, *g_mutex_unlock_;
static void *g_cond_wait_, *g_cond_wait_until_, *g_once_init_leave_;

void
g_mutex_lock (GMutex *mutex)
{
    NEXT (g_mutex_lock) (mutex);
    __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
    gboolean locked = NEXT (g_mutex_trylock) (mutex);

    if (locked)
        __tsan_acquire (mutex);
    return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
    __tsan_release (mutex);
    NEXT (g_mutex_unlock) (mutex);
}

/* Unlocks while it waits. */
void
g_cond_wait (GCond *cond, GMutex *mutex)
{
    __tsan_release (mutex);
    NEXT (g_cond_wait) (cond, mutex);
    __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
    gboolean signalled = FALSE;

    __tsan_release (mutex);
    signalled = NEXT (g_cond_wait_until) (cond, mutex, end_time);
    __tsan_acquire (mutex);
    return signalled;
}

/* Whoever enters later looks at the location itself, with an instrumented read. */
void
g_once_init_leave (volatile void *location, gsize result)
{
    __tsan_release ((void *)location);
    NEXT (g_once_init_leave) (location, result);
}
