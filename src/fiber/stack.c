/* Stacks come in slabs of one mapping, each stack with a guard page below it. */
#include "fiber/stack.h"

#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define HAVE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAVE_TSAN 1
#endif
#endif
#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef HAVE_TSAN
#include <sanitizer/tsan_interface.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

/* Stacks a slab: few mmap calls, little address space for a small service. */
#define SLAB_STACKS 32

struct DunlinStackPool {
    gsize stack_size;
    gsize guard;
    GArray *free;  /* owned: of DunlinStack, pages given back */
    GArray *slabs; /* owned: of guint8 * */
};

static gsize
slab_size (const DunlinStackPool *self)
{
    return SLAB_STACKS * (self->stack_size + self->guard);
}

DunlinStackPool *
dunlin_stack_pool_new (gsize stack_size)
{
    DunlinStackPool *self = g_new0 (DunlinStackPool, 1);
    gsize page = (gsize)sysconf (_SC_PAGESIZE);

    self->guard = page;
    self->stack_size = (stack_size + page - 1) / page * page;
    self->free = g_array_new (FALSE, FALSE, sizeof (DunlinStack));
    self->slabs = g_array_new (FALSE, FALSE, sizeof (guint8 *));
    return self;
}

void
dunlin_stack_pool_free (DunlinStackPool *self)
{
    for (guint i = 0; i < self->slabs->len; i++)
        munmap (g_array_index (self->slabs, guint8 *, i), slab_size (self));
    g_array_unref (self->slabs);
    g_array_unref (self->free);
    g_free (self);
}

static gboolean
add_slab (DunlinStackPool *self)
{
    guint8 *slab = mmap (NULL, slab_size (self), PROT_NONE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    gboolean any = FALSE;

    if (slab == MAP_FAILED)
        return FALSE;
    g_array_append_val (self->slabs, slab);
    for (gsize i = 0; i < SLAB_STACKS; i++) {
        DunlinStack stack = { .bottom = slab + i * (self->stack_size + self->guard) + self->guard,
                              .size = self->stack_size };

        if (mprotect (stack.bottom, stack.size, PROT_READ | PROT_WRITE) != 0)
            break; /* no more mappings: live with what there is */
        /* A large page for a small stack would waste most of it. */
        madvise (stack.bottom, stack.size, MADV_NOHUGEPAGE);
        g_array_append_val (self->free, stack);
        any = TRUE;
    }
    return any;
}

gboolean
dunlin_stack_pool_take (DunlinStackPool *self, DunlinStack *stack)
{
    if (self->free->len == 0 && !add_slab (self))
        return FALSE;
    *stack = g_array_index (self->free, DunlinStack, self->free->len - 1);
    g_array_set_size (self->free, self->free->len - 1);
    return TRUE;
}

void
dunlin_stack_pool_give (DunlinStackPool *self, DunlinStack stack)
{
#ifdef HAVE_ASAN
    __asan_unpoison_memory_region (stack.bottom, stack.size);
#endif
    madvise (stack.bottom, stack.size, MADV_DONTNEED);
    g_array_append_val (self->free, stack);
}

void
dunlin_switch_point_init_fiber (DunlinSwitchPoint *self, DunlinStack stack)
{
    *self = (DunlinSwitchPoint){ .bottom = stack.bottom, .size = stack.size };
#ifdef HAVE_TSAN
    self->tsan = __tsan_create_fiber (0);
#endif
#ifdef VALGRIND_STACK_REGISTER
    self->valgrind_id = VALGRIND_STACK_REGISTER (stack.bottom, stack.bottom + stack.size);
#endif
}

void
dunlin_switch_point_init_thread (DunlinSwitchPoint *self)
{
    *self = (DunlinSwitchPoint){ 0 };
#ifdef HAVE_TSAN
    self->tsan = __tsan_get_current_fiber ();
#endif
}

void
dunlin_switch_point_clear (DunlinSwitchPoint *self)
{
#ifdef HAVE_TSAN
    __tsan_destroy_fiber (self->tsan);
#endif
#ifdef VALGRIND_STACK_DEREGISTER
    VALGRIND_STACK_DEREGISTER (self->valgrind_id);
#endif
    *self = (DunlinSwitchPoint){ 0 };
}

void
dunlin_switch_start (DunlinSwitchPoint *from, DunlinSwitchPoint *to)
{
#ifdef HAVE_ASAN
    __sanitizer_start_switch_fiber (&from->fake_stack, to->bottom, to->size);
#endif
#ifdef HAVE_TSAN
    __tsan_switch_to_fiber (to->tsan, 0);
#endif
}

void
dunlin_switch_finish (DunlinSwitchPoint *self, DunlinSwitchPoint *from)
{
#ifdef HAVE_ASAN
    /* A thread's own stack tells its bounds the first time a fiber is entered from it. */
    __sanitizer_finish_switch_fiber (self->fake_stack, &from->bottom, &from->size);
#endif
}
