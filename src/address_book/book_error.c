/* The book's errors: a GError with three values more. */
#include "address_book/book_error.h"

typedef struct {
    char *subject;
    gint64 id;
    gint64 revision;
} BookErrorPrivate;

static void
book_error_private_init (BookErrorPrivate *priv)
{
}

static void
book_error_private_copy (const BookErrorPrivate *from, BookErrorPrivate *to)
{
    to->subject = g_strdup (from->subject);
    to->id = from->id;
    to->revision = from->revision;
}

static void
book_error_private_clear (BookErrorPrivate *priv)
{
    g_free (priv->subject);
}

G_DEFINE_EXTENDED_ERROR (BookError, book_error)

/* Takes over @message. */
static gboolean
fail (GError **error, BookErrorCode code, char *message, BookErrorPrivate values)
{
    GError *problem = g_error_new_literal (BOOK_ERROR, code, message);
    BookErrorPrivate *priv = book_error_get_private (problem);

    priv->subject = g_strdup (values.subject);
    priv->id = values.id;
    priv->revision = values.revision;
    g_free (message);
    g_propagate_error (error, problem);
    return FALSE;
}

gboolean
book_error_not_found (GError **error, gint64 id)
{
    return fail (error, BOOK_ERROR_NOT_FOUND,
                 g_strdup_printf ("there is no contact %" G_GINT64_FORMAT, id),
                 (BookErrorPrivate){ .id = id });
}

gboolean
book_error_exists (GError **error, const char *email, gint64 id)
{
    return fail (error, BOOK_ERROR_EXISTS,
                 g_strdup_printf ("contact %" G_GINT64_FORMAT " has the address %s", id, email),
                 (BookErrorPrivate){ .subject = (char *)email, .id = id });
}

gboolean
book_error_conflict (GError **error, gint64 id, gint64 current_revision)
{
    return fail (error, BOOK_ERROR_CONFLICT,
                 g_strdup_printf ("contact %" G_GINT64_FORMAT " has been changed: its revision is "
                                  "%" G_GINT64_FORMAT " now; read it again",
                                  id, current_revision),
                 (BookErrorPrivate){ .id = id, .revision = current_revision });
}

gboolean
book_error_invalid (GError **error, const char *field, const char *allowed)
{
    return fail (error, BOOK_ERROR_INVALID, g_strdup_printf ("%s %s", field, allowed),
                 (BookErrorPrivate){ .subject = (char *)field });
}

const char *
book_error_get_subject (const GError *error)
{
    return book_error_get_private (error)->subject;
}

gint64
book_error_get_id (const GError *error)
{
    return book_error_get_private (error)->id;
}

gint64
book_error_get_revision (const GError *error)
{
    return book_error_get_private (error)->revision;
}
