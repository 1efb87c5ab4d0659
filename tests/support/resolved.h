/* A resolver on a control loop of its own, and one name, followed, for a test's main thread. */
#pragma once

#include "discovery/resolver.h"

G_BEGIN_DECLS

typedef struct TestResolved TestResolved;

/* Follows @text. Aborts the test when it is no name. */
TestResolved *test_resolved_new (const char *text, const DunlinResolverOptions *options);
void test_resolved_free (TestResolved *self);

/* Follows another name, too, whose set is not told; until the end. */
void test_resolved_add (TestResolved *self, const char *text);

/* Waits until the set is @expected, which is made thus: "bound 10.0.0.1:1 10.0.0.2:1*0.5",
 * "pending", "empty", "failed"; a weight of 1 is left out. Aborts the test when it never is. */
void test_resolved_wait (TestResolved *self, const char *expected);

/* Returns: (transfer full): the set of now, in the same form. */
char *test_resolved_text (TestResolved *self);
DunlinAddressSet *test_resolved_get (TestResolved *self);

/* How often a set was told. */
guint test_resolved_count (TestResolved *self);

/* Returns: (transfer full): what the resolution says of itself, as JSON. */
char *test_resolved_describe (TestResolved *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestResolved, test_resolved_free)

G_END_DECLS
