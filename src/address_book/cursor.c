/* A cursor is base64 of "id\nfamily\ngiven": it says where the page ended rather than how many
 * contacts came before, so contacts that come and go meanwhile shift nothing. */
#include "address_book/cursor.h"

#include "address_book/book_error.h"

#include <string.h>

/* Twice what the longest names can fold to. */
#define MAX_CURSOR (64 * 1024)

char *
cursor_encode (const Place *place)
{
    g_autofree char *text =
        g_strdup_printf ("%" G_GINT64_FORMAT "\n%s\n%s", place->id, place->family, place->given);

    return g_base64_encode ((const guchar *)text, strlen (text));
}

static Place *
parse (const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text, "\n", -1);
    g_autoptr (Place) place = g_new0 (Place, 1);

    if (g_strv_length (parts) != 3 ||
        !g_ascii_string_to_signed (parts[0], 10, 1, G_MAXINT64, &place->id, NULL))
        return NULL;
    place->family = g_strdup (parts[1]);
    place->given = g_strdup (parts[2]);
    return g_steal_pointer (&place);
}

Place *
cursor_decode (const char *cursor, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    Place *place = NULL;

    if (strlen (cursor) <= MAX_CURSOR) {
        guchar *bytes = g_base64_decode (cursor, &length);

        text = g_strndup ((const char *)bytes, length);
        g_free (bytes);
    }
    if (text != NULL && strlen (text) == length && g_utf8_validate (text, -1, NULL))
        place = parse (text);
    if (place == NULL)
        book_error_invalid (error, "cursor", "must be what search() has given as next_cursor");
    return place;
}
