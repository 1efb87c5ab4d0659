/* One table of the database is one row of parts[] below. In every INSERT, ?1 is the contact, ?2 the
 * place among its like; the rest is the part's own. */
#include "address_book/sqlite_parts.h"

#include "address_book/book_error.h"
#include "address_book/text.h"

/* Where the part's own values begin. */
#define FIRST 3

/* Lines have no line feeds in them: check.c. */
#define LINE_END "\n"

static void
bind_text (Statement *row, int index, const char *text)
{
    sqlite3_bind_text (row, index, text, -1, SQLITE_STATIC);
}

static char *
column_text (Statement *row, int index)
{
    return g_strdup ((const char *)sqlite3_column_text (row, index));
}

static void
bind_email (Statement *row, gconstpointer item)
{
    bind_text (row, FIRST, item);
    sqlite3_bind_text (row, FIRST + 1, text_fold (item), -1, g_free);
}

/* Labels, too: a text is all there is. */
static gpointer
read_text (Statement *row)
{
    return column_text (row, 0);
}

static void
bind_phone (Statement *row, gconstpointer item)
{
    const Phone *phone = item;

    sqlite3_bind_int (row, FIRST, (int)phone->kind);
    bind_text (row, FIRST + 1, phone->number);
}

static gpointer
read_phone (Statement *row)
{
    return phone_new ((PhoneKind)sqlite3_column_int (row, 0), column_text (row, 1));
}

static char *
join_lines (const GPtrArray *lines)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
    g_auto (GStrv) texts = NULL;

    for (guint i = 0; i < lines->len; i++)
        g_strv_builder_add (builder, g_ptr_array_index (lines, i));
    texts = g_strv_builder_end (builder);
    return g_strjoinv (LINE_END, texts);
}

static void
bind_address (Statement *row, gconstpointer item)
{
    const PostalAddress *address = item;

    sqlite3_bind_int (row, FIRST, (int)address->kind);
    sqlite3_bind_text (row, FIRST + 1, join_lines (address->lines), -1, g_free);
    bind_text (row, FIRST + 2, address->city);
    bind_text (row, FIRST + 3, address->region);
    bind_text (row, FIRST + 4, address->postal_code);
    bind_text (row, FIRST + 5, address->country);
}

static gpointer
read_address (Statement *row)
{
    PostalAddress *address = postal_address_new ((AddressKind)sqlite3_column_int (row, 0));
    g_auto (GStrv) lines = g_strsplit ((const char *)sqlite3_column_text (row, 1), LINE_END, -1);

    for (gsize i = 0; lines[i] != NULL; i++)
        g_ptr_array_add (address->lines, g_strdup (lines[i]));
    address->city = column_text (row, 2);
    address->region = column_text (row, 3);
    address->postal_code = column_text (row, 4);
    address->country = column_text (row, 5);
    return address;
}

static void
bind_label (Statement *row, gconstpointer item)
{
    bind_text (row, FIRST, item);
}

static const struct {
    gsize items; /* where in Contact */
    const char *select;
    const char *clear;
    const char *insert;
    gpointer (*read) (Statement *row);
    void (*bind) (Statement *row, gconstpointer item);
} parts[] = {
    { G_STRUCT_OFFSET (Contact, emails),
      "SELECT address FROM email WHERE contact_id = ?1 ORDER BY position",
      "DELETE FROM email WHERE contact_id = ?1",
      "INSERT INTO email (contact_id, position, address, address_key) VALUES (?1, ?2, ?3, ?4)",
      read_text, bind_email },
    { G_STRUCT_OFFSET (Contact, phones),
      "SELECT kind, number FROM phone WHERE contact_id = ?1 ORDER BY position",
      "DELETE FROM phone WHERE contact_id = ?1",
      "INSERT INTO phone (contact_id, position, kind, number) VALUES (?1, ?2, ?3, ?4)", read_phone,
      bind_phone },
    { G_STRUCT_OFFSET (Contact, addresses),
      "SELECT kind, lines, city, region, postal_code, country FROM postal_address "
      "WHERE contact_id = ?1 ORDER BY position",
      "DELETE FROM postal_address WHERE contact_id = ?1",
      "INSERT INTO postal_address (contact_id, position, kind, lines, city, region, postal_code, "
      "country) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      read_address, bind_address },
    { G_STRUCT_OFFSET (Contact, labels),
      "SELECT label FROM label WHERE contact_id = ?1 ORDER BY position",
      "DELETE FROM label WHERE contact_id = ?1",
      "INSERT INTO label (contact_id, position, label) VALUES (?1, ?2, ?3)", read_text,
      bind_label },
};

static GPtrArray *
items_of (const Contact *contact, gsize i)
{
    return G_STRUCT_MEMBER (GPtrArray *, contact, parts[i].items);
}

static gboolean
read_part (SqliteDb *db, Contact *contact, gsize i, GError **error)
{
    g_autoptr (Statement) row = sqlite_db_statement (db, parts[i].select, error);
    int code;

    if (row == NULL)
        return FALSE;
    sqlite3_bind_int64 (row, 1, contact->id);
    while ((code = sqlite3_step (row)) == SQLITE_ROW)
        g_ptr_array_add (items_of (contact, i), parts[i].read (row));
    return sqlite_db_is_done (db, code, error);
}

gboolean
sqlite_parts_read (SqliteDb *db, Contact *contact, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
        if (!read_part (db, contact, i, error))
            return FALSE;
    return TRUE;
}

static gboolean
clear_part (SqliteDb *db, gint64 contact_id, gsize i, GError **error)
{
    g_autoptr (Statement) statement = sqlite_db_statement (db, parts[i].clear, error);

    if (statement == NULL)
        return FALSE;
    sqlite3_bind_int64 (statement, 1, contact_id);
    return sqlite_db_is_done (db, sqlite3_step (statement), error);
}

static gboolean
insert_item (SqliteDb *db, gint64 contact_id, gsize i, guint position, gconstpointer item,
             GError **error)
{
    g_autoptr (Statement) row = sqlite_db_statement (db, parts[i].insert, error);

    if (row == NULL)
        return FALSE;
    sqlite3_bind_int64 (row, 1, contact_id);
    sqlite3_bind_int64 (row, 2, position);
    parts[i].bind (row, item);
    return sqlite_db_is_done (db, sqlite3_step (row), error);
}

static gboolean
write_part (SqliteDb *db, const Contact *contact, gsize i, GError **error)
{
    const GPtrArray *items = items_of (contact, i);

    if (!clear_part (db, contact->id, i, error))
        return FALSE;
    for (guint k = 0; k < items->len; k++)
        if (!insert_item (db, contact->id, i, k, g_ptr_array_index (items, k), error))
            return FALSE;
    return TRUE;
}

static gboolean
email_is_free (SqliteDb *db, const char *email, gint64 contact_id, GError **error)
{
    g_autoptr (Statement) other = sqlite_db_statement (
        db, "SELECT contact_id FROM email WHERE address_key = ?1 AND contact_id <> ?2", error);
    int code;

    if (other == NULL)
        return FALSE;
    sqlite3_bind_text (other, 1, text_fold (email), -1, g_free);
    sqlite3_bind_int64 (other, 2, contact_id);
    code = sqlite3_step (other);
    if (code == SQLITE_ROW)
        return book_error_exists (error, email, sqlite3_column_int64 (other, 0));
    return sqlite_db_is_done (db, code, error);
}

gboolean
sqlite_parts_write (SqliteDb *db, const Contact *contact, GError **error)
{
    for (guint i = 0; i < contact->emails->len; i++)
        if (!email_is_free (db, g_ptr_array_index (contact->emails, i), contact->id, error))
            return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
        if (!write_part (db, contact, i, error))
            return FALSE;
    return TRUE;
}
