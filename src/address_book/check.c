/* The rules for each field of a contact: lengths as tables, shapes as functions. */
#include "address_book/check.h"

#include "address_book/book_error.h"
#include "address_book/text.h"

#include <string.h>

#define MAX_EMAILS    20
#define MAX_PHONES    20
#define MAX_ADDRESSES 20
#define MAX_LINES     5
#define MAX_LABELS    50

/* What an e-mail address may be long, after RFC 5321. */
#define MAX_EMAIL        254
#define MAX_EMAIL_LOCAL  64
#define MAX_DOMAIN_LABEL 63
/* The shortest numbers that can be dialled are those for emergencies. */
#define MIN_PHONE_DIGITS 3

/* A text of a struct: where it is, and how many characters it may have. */
typedef struct {
    const char *name;
    gsize offset;
    glong least;
    glong most;
    gboolean many_lines;
} TextRule;

static const TextRule name_rules[] = {
    { "given", G_STRUCT_OFFSET (Name, given), 0, 100, FALSE },
    { "family", G_STRUCT_OFFSET (Name, family), 0, 100, FALSE },
    { "middle", G_STRUCT_OFFSET (Name, middle), 0, 100, FALSE },
    { "title", G_STRUCT_OFFSET (Name, title), 0, 50, FALSE },
    { "suffix", G_STRUCT_OFFSET (Name, suffix), 0, 50, FALSE },
    { "nickname", G_STRUCT_OFFSET (Name, nickname), 0, 100, FALSE },
};

static const TextRule contact_rules[] = {
    { "organisation", G_STRUCT_OFFSET (Contact, organisation), 0, 200, FALSE },
    { "notes", G_STRUCT_OFFSET (Contact, notes), 0, 10000, TRUE },
};

static const TextRule phone_rules[] = {
    { "number", G_STRUCT_OFFSET (Phone, number), 3, 40, FALSE },
};

static const TextRule address_rules[] = {
    { "city", G_STRUCT_OFFSET (PostalAddress, city), 1, 100, FALSE },
    { "region", G_STRUCT_OFFSET (PostalAddress, region), 0, 100, FALSE },
    { "postal_code", G_STRUCT_OFFSET (PostalAddress, postal_code), 0, 20, FALSE },
    { "country", G_STRUCT_OFFSET (PostalAddress, country), 2, 2, FALSE },
};

static const TextRule email_rule = { .least = 1, .most = MAX_EMAIL };
static const TextRule line_rule = { .least = 1, .most = 200 };
static const TextRule label_rule = { .least = 1, .most = 50 };

static gboolean
has_control_character (const char *text, gboolean many_lines)
{
    for (; *text != '\0'; text = g_utf8_next_char (text))
        if (g_unichar_iscntrl (g_utf8_get_char (text)) &&
            !(many_lines && strchr ("\n\r\t", *text) != NULL))
            return TRUE;
    return FALSE;
}

static gboolean
check_text (const char *path, const char *text, const TextRule *rule, GError **error)
{
    g_autofree char *allowed = NULL;
    glong length;

    if (!g_utf8_validate (text, -1, NULL))
        return book_error_invalid (error, path, "must be UTF-8");
    length = g_utf8_strlen (text, -1);
    if (length < rule->least || length > rule->most) {
        allowed = g_strdup_printf ("must have %ld to %ld characters, not %ld", rule->least,
                                   rule->most, length);
        return book_error_invalid (error, path, allowed);
    }
    if (has_control_character (text, rule->many_lines))
        return book_error_invalid (error, path, "must be without control characters");
    return TRUE;
}

/* All texts of the struct at @base. One that is missing is as good as an empty one. */
static gboolean
check_texts (const char *path, gconstpointer base, const TextRule *rules, gsize n, GError **error)
{
    for (gsize i = 0; i < n; i++) {
        const char *text = G_STRUCT_MEMBER (const char *, base, rules[i].offset);
        g_autofree char *field = g_strdup_printf ("%s.%s", path, rules[i].name);

        if (!check_text (field, text != NULL ? text : "", &rules[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_blank (const char *text)
{
    for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
        if (!g_unichar_isspace (g_utf8_get_char (text)))
            return FALSE;
    return TRUE;
}

static gboolean
check_name (const Name *name, GError **error)
{
    if (!check_texts ("contact.name", name, name_rules, G_N_ELEMENTS (name_rules), error))
        return FALSE;
    if (is_blank (name->given) && is_blank (name->family))
        return book_error_invalid (error, "contact.name", "must have a given or a family name");
    return TRUE;
}

static gboolean
is_email_local (const char *text, gsize length)
{
    if (length == 0 || length > MAX_EMAIL_LOCAL || text[0] == '.' || text[length - 1] == '.')
        return FALSE;
    for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
        if (strchr ("@()<>[]:;,\\\"", *at) != NULL || g_unichar_isspace (g_utf8_get_char (at)) ||
            (at[0] == '.' && at[1] == '.'))
            return FALSE;
    return TRUE;
}

static gboolean
is_domain_label (const char *text)
{
    gsize length = strlen (text);

    if (length == 0 || length > MAX_DOMAIN_LABEL || text[0] == '-' || text[length - 1] == '-')
        return FALSE;
    for (; *text != '\0'; text = g_utf8_next_char (text))
        if (*text != '-' && !g_unichar_isalnum (g_utf8_get_char (text)) &&
            !g_unichar_ismark (g_utf8_get_char (text)))
            return FALSE;
    return TRUE;
}

static gboolean
is_email (const char *text)
{
    const char *at = strrchr (text, '@');
    g_auto (GStrv) labels = NULL;

    if (at == NULL || !is_email_local (text, (gsize)(at - text)))
        return FALSE;
    labels = g_strsplit (at + 1, ".", -1);
    for (gsize i = 0; labels[i] != NULL; i++)
        if (!is_domain_label (labels[i]))
            return FALSE;
    return labels[0] != NULL;
}

static gboolean
check_email (const char *path, gconstpointer item, GError **error)
{
    if (!check_text (path, item, &email_rule, error))
        return FALSE;
    if (!is_email (item))
        return book_error_invalid (error, path, "must be an e-mail address: name@example.org");
    return TRUE;
}

static gboolean
is_phone_number (const char *text)
{
    int digits = 0;

    for (const char *at = text; *at != '\0'; at++)
        digits += g_ascii_isdigit (*at);
    return digits >= MIN_PHONE_DIGITS && text[strspn (text, "0123456789 +()./-")] == '\0';
}

static gboolean
check_phone (const char *path, gconstpointer item, GError **error)
{
    const Phone *phone = item;
    g_autofree char *kind = g_strconcat (path, ".kind", NULL);
    g_autofree char *number = g_strconcat (path, ".number", NULL);

    if (phone->kind < PHONE_MOBILE || phone->kind > PHONE_OTHER)
        return book_error_invalid (error, kind, "must be a kind of phone that the IDL knows");
    if (!check_texts (path, phone, phone_rules, G_N_ELEMENTS (phone_rules), error))
        return FALSE;
    if (!is_phone_number (phone->number))
        return book_error_invalid (error, number,
                                   "must be three digits or more, spaces and + - ( ) . /");
    return TRUE;
}

static gboolean
check_line (const char *path, gconstpointer item, GError **error)
{
    return check_text (path, item, &line_rule, error);
}

static gboolean
check_label (const char *path, gconstpointer item, GError **error)
{
    return check_text (path, item, &label_rule, error);
}

/* Each item with its place in the path, as in "contact.emails[1]". */
static gboolean
check_items (const char *path, const GPtrArray *items, guint least, guint most,
             gboolean (*check) (const char *path, gconstpointer item, GError **error),
             GError **error)
{
    if (items->len < least || items->len > most) {
        g_autofree char *allowed =
            g_strdup_printf ("must have %u to %u entries, not %u", least, most, items->len);

        return book_error_invalid (error, path, allowed);
    }
    for (guint i = 0; i < items->len; i++) {
        g_autofree char *field = g_strdup_printf ("%s[%u]", path, i);

        if (!check (field, g_ptr_array_index (items, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_address (const char *path, gconstpointer item, GError **error)
{
    const PostalAddress *address = item;
    g_autofree char *kind = g_strconcat (path, ".kind", NULL);
    g_autofree char *lines = g_strconcat (path, ".lines", NULL);
    g_autofree char *country = g_strconcat (path, ".country", NULL);

    if (address->kind < ADDRESS_HOME || address->kind > ADDRESS_OTHER)
        return book_error_invalid (error, kind, "must be a kind of address that the IDL knows");
    if (!check_items (lines, address->lines, 1, MAX_LINES, check_line, error) ||
        !check_texts (path, address, address_rules, G_N_ELEMENTS (address_rules), error))
        return FALSE;
    if (!g_ascii_isupper (address->country[0]) || !g_ascii_isupper (address->country[1]))
        return book_error_invalid (error, country, "must be two capital letters, as in \"NL\"");
    return TRUE;
}

/* No two items that differ at most in the case of their letters. */
static gboolean
check_distinct (const char *path, const GPtrArray *texts, GError **error)
{
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *field = g_strdup_printf ("%s[%u]", path, i);

        if (!g_hash_table_add (seen, text_fold (g_ptr_array_index (texts, i))))
            return book_error_invalid (error, field, "must not be there twice");
    }
    return TRUE;
}

gboolean
contact_check (const Contact *contact, GError **error)
{
    return check_name (&contact->name, error) &&
           check_texts ("contact", contact, contact_rules, G_N_ELEMENTS (contact_rules), error) &&
           check_items ("contact.emails", contact->emails, 0, MAX_EMAILS, check_email, error) &&
           check_distinct ("contact.emails", contact->emails, error) &&
           check_items ("contact.phones", contact->phones, 0, MAX_PHONES, check_phone, error) &&
           check_items ("contact.addresses", contact->addresses, 0, MAX_ADDRESSES, check_address,
                        error) &&
           check_items ("contact.labels", contact->labels, 0, MAX_LABELS, check_label, error);
}
