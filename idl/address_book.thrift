/**
 * An address book: contacts that are found by name, kept by several people at once.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z. Texts are UTF-8. Where a length is limited it
 * is counted in characters.
 */
include "dunlin.thrift"

namespace c_glib AddressBook
namespace java addressbook
namespace scala addressbook
namespace py address_book
namespace cpp address_book
namespace go address_book

/** Contacts that search() gives at once when the caller names no limit. */
const i32 DEFAULT_PAGE = 50

/** Contacts that search() gives at once at most. */
const i32 MAX_PAGE = 500

/** Contacts that get_many() takes at once at most. */
const i32 MAX_BATCH = 500

/**
 * What a telephone number is for.
 */
enum PhoneKind {
  MOBILE = 1,
  HOME = 2,
  WORK = 3,
  FAX = 4,
  OTHER = 5
}

/**
 * What a postal address is for.
 */
enum AddressKind {
  HOME = 1,
  WORK = 2,
  OTHER = 3
}

/**
 * How a person or an organisation is called. At least one of given and family is not empty.
 */
struct Name {
  1: string given (max_length = "100")
  2: string family (max_length = "100")
  3: optional string middle (max_length = "100")
  /** Such as "Dr". */
  4: optional string title (max_length = "50")
  /** Such as "Jr". */
  5: optional string suffix (max_length = "50")
  /** What friends say. */
  6: optional string nickname (max_length = "100")
}

struct Phone {
  1: PhoneKind kind
  /** E.164, or as people dial it: digits, spaces and any of + - ( ) . / */
  2: string number (min_length = "3", max_length = "40", pattern = "^[0-9 +()./-]+$", sensitive = "true")
}

struct PostalAddress {
  1: AddressKind kind
  /** Street, house number, floor: at least one line, at most five. */
  2: list<string> lines
  3: string city (min_length = "1", max_length = "100")
  4: optional string region (max_length = "100")
  5: optional string postal_code (max_length = "20")
  /** ISO 3166-1 alpha-2, capital letters. */
  6: string country (pattern = "^[A-Z][A-Z]$")
}

/**
 * One entry of the book.
 */
struct Contact {
  /** Given by create(); unset before. */
  1: optional i64 id
  /** Rises by one with every change: update() and remove() compare it. Set by the service. */
  2: i64 revision
  3: Name name
  4: optional string organisation (max_length = "200")
  /** An address belongs to one contact only, whatever the case of its letters. At most 20. */
  5: list<string> emails
  /** At most 20. */
  6: list<Phone> phones
  /** At most 20. */
  7: list<PostalAddress> addresses
  /** Words of the owner's choice, such as "family". At most 50, each at most 50 characters. */
  8: set<string> labels
  9: optional string notes (max_length = "10000", sensitive = "true")
  /** Set by the service. */
  10: optional i64 created_ms
  /** Set by the service. */
  11: optional i64 updated_ms
  /** When mark_used() was called last; does not count as a change. Set by the service. */
  12: optional i64 last_used_ms
}

/**
 * Some contacts of a search, in the order of family name, given name, id.
 */
struct Page {
  1: list<Contact> contacts
  /** Hand it to search() for what follows; unset on the last page. */
  2: optional string next_cursor
}

/**
 * Contacts by their ids.
 */
struct Batch {
  /** Those that there are, in the order in which they were asked for, each once. */
  1: list<Contact> contacts
  /** The ids that there are not. */
  2: list<i64> missing
}

/**
 * There is no contact with this id.
 */
exception NotFound {
  1: string message
  2: i64 id
}

/**
 * Another contact has one of the e-mail addresses.
 */
exception AlreadyExists {
  1: string message
  /** The e-mail address. */
  2: string email
  /** Id of the contact that has it. */
  3: i64 id
}

/**
 * Somebody else has changed the contact since it was read: read it again, and decide again.
 */
exception RevisionConflict {
  1: string message
  2: i64 id
  /** The contact's revision now. */
  3: i64 current_revision
}

/**
 * A value is not allowed.
 */
exception InvalidArgument {
  1: string message
  /** Which, as a path: "contact.phones[1].number". */
  2: string field
}

/**
 * The address book.
 */
service AddressBook extends dunlin.Base {
  /**
   * Stores a new contact. Id, revision and times of the argument are ignored.
   * Returns the contact as stored: with its id, revision 1 and times.
   */
  Contact create(1: Contact contact)
    throws (1: AlreadyExists exists, 2: InvalidArgument invalid)

  /** One contact. */
  Contact get(1: i64 id)
    throws (1: NotFound not_found)
    (idempotent = "true")

  /**
   * Replaces the contact that has this id, provided that its revision is still the one given.
   * Returns the contact as stored, with its new revision.
   */
  Contact update(1: Contact contact)
    throws (1: NotFound not_found, 2: AlreadyExists exists, 3: RevisionConflict conflict,
            4: InvalidArgument invalid)

  /** Removes a contact, provided that its revision is still the one given; 0 stands for any. */
  void remove(1: i64 id, 2: i64 revision)
    throws (1: NotFound not_found, 2: RevisionConflict conflict)

  /**
   * Contacts whose given name, family name, nickname or organisation begins with the prefix,
   * whatever the case of its letters; an empty prefix finds all. limit 0 stands for DEFAULT_PAGE.
   * The first page has an empty cursor, the next ones Page.next_cursor of the one before.
   */
  Page search(1: string prefix, 2: string cursor, 3: i32 limit)
    throws (1: InvalidArgument invalid)
    (idempotent = "true")

  /** How many contacts search() would find in all. */
  i64 count(1: string prefix) (idempotent = "true")

  /** Several contacts at once; at most MAX_BATCH. */
  Batch get_many(1: list<i64> ids)
    throws (1: InvalidArgument invalid)
    (idempotent = "true")

  /** Notes that a contact was made use of now. An unknown id is ignored. */
  oneway void mark_used(1: i64 id)
}
