/* Guarded stacks for fibers, cut from slabs; and the hooks without which sanitizers and valgrind
 * misread a change of stack. Internal to fiber/. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    guint8 *bottom; /* lowest usable address; a guard page lies below it */
    gsize size;
} DunlinStack;

typedef struct DunlinStackPool DunlinStackPool;

DunlinStackPool *dunlin_stack_pool_new (gsize stack_size);
/* Unmaps every slab. */
void dunlin_stack_pool_free (DunlinStackPool *self);
/* FALSE when the system gives no more memory or mappings (vm.max_map_count). */
gboolean dunlin_stack_pool_take (DunlinStackPool *self, DunlinStack *stack);
/* Gives a stack back and its pages to the system; the address space is kept. */
void dunlin_stack_pool_give (DunlinStackPool *self, DunlinStack stack);

/**
 * DunlinSwitchPoint:
 *
 * What sanitizers must know of one context: a fiber's, or a thread's own stack.
 */
typedef struct {
    const void *bottom;
    gsize size;
    void *fake_stack; /* AddressSanitizer's */
    void *tsan;       /* ThreadSanitizer's */
    guint valgrind_id;
} DunlinSwitchPoint;

void dunlin_switch_point_init_fiber (DunlinSwitchPoint *self, DunlinStack stack);
void dunlin_switch_point_init_thread (DunlinSwitchPoint *self);
void dunlin_switch_point_clear (DunlinSwitchPoint *self);
/* Just before leaving @from for @to, and first thing after arriving in @self from @from. */
void dunlin_switch_start (DunlinSwitchPoint *from, DunlinSwitchPoint *to);
void dunlin_switch_finish (DunlinSwitchPoint *self, DunlinSwitchPoint *from);

G_END_DECLS
