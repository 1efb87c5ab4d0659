/* The services that the greeter lives by, and the questions it asks them. */
#pragma once

#include "dunlin.h"

G_BEGIN_DECLS

/**
 * Others:
 * @book: borrowed: an address book
 * @clock: borrowed: any service that extends dunlin.Base, by whose clock the time of day goes
 * @saying_url: (nullable): borrowed: an HTTP service that answers with a line of text; %NULL: none
 * @patience: microseconds that a greeting waits for all of them
 */
typedef struct {
    DunlinClient *book;
    DunlinClient *clock;
    const char *saying_url;
    gint64 patience;
} Others;

/**
 * Answers:
 * @name: (owned) (nullable): what the contact is called
 * @nobody: the address book knows no such contact
 * @hour: by the clock; -1: not known
 * @saying: (owned) (nullable):
 * @missing: (owned): what could not be had, static texts; why is in the log
 */
typedef struct {
    char *name;
    gboolean nobody;
    int hour;
    char *saying;
    GPtrArray *missing;
} Answers;

/* Asks all of them side by side. Returns within the patience, whatever they do: what is not there
 * by then is missing. */
void others_ask (const Others *self, gint64 contact, Answers *answers);

void answers_clear (Answers *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answers, answers_clear)

G_END_DECLS
