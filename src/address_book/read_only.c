/* The book as a mirror that nobody writes to, as while its file is being moved. */
#include "address_book/read_only.h"

static const char *const changes[] = { "create", "update", "remove", "mark_used", NULL };

void
read_only_filter (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    const char *method = dunlin_call_get_method (call);

    if (!g_strv_contains (changes, method)) {
        dunlin_next_run (next, call);
        return;
    }
    dunlin_call_fail (call,
                      g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_DENIED,
                                   "%s: the book is read-only (address-book.read-only)", method));
}
