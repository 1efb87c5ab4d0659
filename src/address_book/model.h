/* What the book keeps, as plain structs: no Thrift, no SQL. Texts are UTF-8; a text that may be
 * missing is NULL then. Each struct owns what its fields point to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The numbers are those of the IDL and of the database. */
typedef enum {
    PHONE_MOBILE = 1,
    PHONE_HOME = 2,
    PHONE_WORK = 3,
    PHONE_FAX = 4,
    PHONE_OTHER = 5
} PhoneKind;

typedef enum { ADDRESS_HOME = 1, ADDRESS_WORK = 2, ADDRESS_OTHER = 3 } AddressKind;

typedef struct {
    char *given; /* this and the family name: may be empty, but not NULL */
    char *family;
    char *middle;   /* nullable */
    char *title;    /* nullable */
    char *suffix;   /* nullable */
    char *nickname; /* nullable */
} Name;

typedef struct {
    PhoneKind kind;
    char *number;
} Phone;

typedef struct {
    AddressKind kind;
    GPtrArray *lines; /* of char * */
    char *city;
    char *region;      /* nullable */
    char *postal_code; /* nullable */
    char *country;
} PostalAddress;

/**
 * Contact:
 * @id: 0 before it is stored
 * @revision: counts the changes, from 1
 * @created_ms: milliseconds since 1970, as are the other times
 * @last_used_ms: 0 for never
 */
typedef struct {
    gint64 id;
    gint64 revision;
    Name name;
    char *organisation;   /* nullable */
    GPtrArray *emails;    /* of char * */
    GPtrArray *phones;    /* of Phone */
    GPtrArray *addresses; /* of PostalAddress */
    GPtrArray *labels;    /* of char *, no order */
    char *notes;          /* nullable */
    gint64 created_ms;
    gint64 updated_ms;
    gint64 last_used_ms;
} Contact;

/**
 * Place:
 * @family: folded, see text_fold()
 * @given: folded
 *
 * Where a contact stands in the order of all: by family name, given name, id.
 */
typedef struct {
    char *family;
    char *given; /* this and the family name: may be empty, but not NULL */
    gint64 id;
} Place;

/* Returns: (transfer full): empty, but for the arrays, which are there. */
Contact *contact_new (void);
void contact_free (Contact *self);
/* Returns: (transfer full): an array that frees its contacts. */
GPtrArray *contact_array_new (void);

/* Take over their arguments. */
Phone *phone_new (PhoneKind kind, char *number);
void phone_free (Phone *self);

PostalAddress *postal_address_new (AddressKind kind);
void postal_address_free (PostalAddress *self);

/* Returns: (transfer full): the contact's place. */
Place *place_of (const Contact *contact);
void place_free (Place *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Contact, contact_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Phone, phone_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostalAddress, postal_address_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

G_END_DECLS
