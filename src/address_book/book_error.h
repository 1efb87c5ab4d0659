/* What can be wrong with a request to the book. Each code has its counterpart among the IDL's
 * exceptions, and the error carries what they tell besides the message. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOOK_ERROR (book_error_quark ())

typedef enum {
    BOOK_ERROR_NOT_FOUND,
    BOOK_ERROR_EXISTS,
    BOOK_ERROR_CONFLICT,
    BOOK_ERROR_INVALID
} BookErrorCode;

GQuark book_error_quark (void);

/* They all set @error and return FALSE. */
gboolean book_error_not_found (GError **error, gint64 id);
gboolean book_error_exists (GError **error, const char *email, gint64 id);
gboolean book_error_conflict (GError **error, gint64 id, gint64 current_revision);
/* @field: as in "contact.phones[1].number"; @allowed: as in "must have 3 to 40 characters" */
gboolean book_error_invalid (GError **error, const char *field, const char *allowed);

/* Returns: (transfer none): EXISTS: the e-mail address; INVALID: the field. */
const char *book_error_get_subject (const GError *error);
/* NOT_FOUND, CONFLICT: the contact's; EXISTS: the other contact's. */
gint64 book_error_get_id (const GError *error);
/* CONFLICT: the contact's revision now. */
gint64 book_error_get_revision (const GError *error);

G_END_DECLS
