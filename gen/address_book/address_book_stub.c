/* The services and their typed stubs of address_book.thrift. Made by dunlin_gen: not to be edited. */
#include "address_book_stub.h"

#include "rpc/stub_reader.h"
#include "rpc/stub_writer.h"
#include "wire/repairs.h"

static GType (*const types[]) (void) = {
    address_book_name_get_type,
    address_book_phone_get_type,
    address_book_postal_address_get_type,
    address_book_contact_get_type,
    address_book_page_get_type,
    address_book_batch_get_type,
    address_book_not_found_get_type,
    address_book_already_exists_get_type,
    address_book_revision_conflict_get_type,
    address_book_invalid_argument_get_type,
    address_book_address_book_if_get_type,
    address_book_address_book_client_get_type,
    address_book_address_book_handler_get_type,
    address_book_address_book_create_args_get_type,
    address_book_address_book_create_result_get_type,
    address_book_address_book_get_args_get_type,
    address_book_address_book_get_result_get_type,
    address_book_address_book_update_args_get_type,
    address_book_address_book_update_result_get_type,
    address_book_address_book_remove_args_get_type,
    address_book_address_book_remove_result_get_type,
    address_book_address_book_search_args_get_type,
    address_book_address_book_search_result_get_type,
    address_book_address_book_count_args_get_type,
    address_book_address_book_count_result_get_type,
    address_book_address_book_get_many_args_get_type,
    address_book_address_book_get_many_result_get_type,
    address_book_address_book_mark_used_args_get_type,
};

void
address_book_idl_ensure_types (void)
{
    dunlin_idl_ensure_types ();
    dunlin_repairs_touch (types, G_N_ELEMENTS (types));
}

typedef struct {
    struct {
        AddressBookContact *contact;
    } arguments;
    AddressBookContact *result;
    struct {
        AddressBookAlreadyExists *exists;
        AddressBookInvalidArgument *invalid;
    } thrown;
    GError *failure;
} AddressBookAddressBookCreateValues;

static void
address_book_create_clear (AddressBookAddressBookCreateValues *self)
{
    g_clear_pointer (&self->arguments.contact, g_object_unref);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.exists, g_object_unref);
    g_clear_pointer (&self->thrown.invalid, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookCreateValues, address_book_create_clear)

static gboolean
address_book_create_read (AddressBookAddressBookCreateValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRUCT):
            dunlin_stub_read_struct (&reader, ADDRESS_BOOK_TYPE_CONTACT,
                                     (gpointer *) &self->arguments.contact);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    if (self->arguments.contact == NULL)
        self->arguments.contact = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);
    return TRUE;
}

static DunlinStubOutcome
address_book_create_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookCreateValues) self = { 0 };
    gboolean done;

    if (!address_book_create_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->create == NULL)
        return dunlin_stub_unimplemented ("AddressBook.create", handler, error);
    done = class->create (
        (AddressBookAddressBookIf *) handler, &self.result, self.arguments.contact, &self.thrown.exists, &self.thrown.invalid, &self.failure);
    if (self.thrown.exists != NULL)
        return dunlin_stub_reply_exception (call, "AlreadyExists", 1, "exists",
                                            self.thrown.exists, error);
    if (self.thrown.invalid != NULL)
        return dunlin_stub_reply_exception (call, "InvalidArgument", 2, "invalid",
                                            self.thrown.invalid, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        gint64 id;
    } arguments;
    AddressBookContact *result;
    struct {
        AddressBookNotFound *not_found;
    } thrown;
    GError *failure;
} AddressBookAddressBookGetValues;

static void
address_book_get_clear (AddressBookAddressBookGetValues *self)
{
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.not_found, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookGetValues, address_book_get_clear)

static gboolean
address_book_get_read (AddressBookAddressBookGetValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.id);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
address_book_get_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookGetValues) self = { 0 };
    gboolean done;

    if (!address_book_get_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->get == NULL)
        return dunlin_stub_unimplemented ("AddressBook.get", handler, error);
    done = class->get (
        (AddressBookAddressBookIf *) handler, &self.result, self.arguments.id, &self.thrown.not_found, &self.failure);
    if (self.thrown.not_found != NULL)
        return dunlin_stub_reply_exception (call, "NotFound", 1, "not_found",
                                            self.thrown.not_found, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        AddressBookContact *contact;
    } arguments;
    AddressBookContact *result;
    struct {
        AddressBookNotFound *not_found;
        AddressBookAlreadyExists *exists;
        AddressBookRevisionConflict *conflict;
        AddressBookInvalidArgument *invalid;
    } thrown;
    GError *failure;
} AddressBookAddressBookUpdateValues;

static void
address_book_update_clear (AddressBookAddressBookUpdateValues *self)
{
    g_clear_pointer (&self->arguments.contact, g_object_unref);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.not_found, g_object_unref);
    g_clear_pointer (&self->thrown.exists, g_object_unref);
    g_clear_pointer (&self->thrown.conflict, g_object_unref);
    g_clear_pointer (&self->thrown.invalid, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookUpdateValues, address_book_update_clear)

static gboolean
address_book_update_read (AddressBookAddressBookUpdateValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRUCT):
            dunlin_stub_read_struct (&reader, ADDRESS_BOOK_TYPE_CONTACT,
                                     (gpointer *) &self->arguments.contact);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    if (self->arguments.contact == NULL)
        self->arguments.contact = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);
    return TRUE;
}

static DunlinStubOutcome
address_book_update_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookUpdateValues) self = { 0 };
    gboolean done;

    if (!address_book_update_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->update == NULL)
        return dunlin_stub_unimplemented ("AddressBook.update", handler, error);
    done = class->update (
        (AddressBookAddressBookIf *) handler, &self.result, self.arguments.contact, &self.thrown.not_found, &self.thrown.exists, &self.thrown.conflict, &self.thrown.invalid, &self.failure);
    if (self.thrown.not_found != NULL)
        return dunlin_stub_reply_exception (call, "NotFound", 1, "not_found",
                                            self.thrown.not_found, error);
    if (self.thrown.exists != NULL)
        return dunlin_stub_reply_exception (call, "AlreadyExists", 2, "exists",
                                            self.thrown.exists, error);
    if (self.thrown.conflict != NULL)
        return dunlin_stub_reply_exception (call, "RevisionConflict", 3, "conflict",
                                            self.thrown.conflict, error);
    if (self.thrown.invalid != NULL)
        return dunlin_stub_reply_exception (call, "InvalidArgument", 4, "invalid",
                                            self.thrown.invalid, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        gint64 id;
        gint64 revision;
    } arguments;
    struct {
        AddressBookNotFound *not_found;
        AddressBookRevisionConflict *conflict;
    } thrown;
    GError *failure;
} AddressBookAddressBookRemoveValues;

static void
address_book_remove_clear (AddressBookAddressBookRemoveValues *self)
{
    g_clear_pointer (&self->thrown.not_found, g_object_unref);
    g_clear_pointer (&self->thrown.conflict, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookRemoveValues, address_book_remove_clear)

static gboolean
address_book_remove_read (AddressBookAddressBookRemoveValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.id);
            break;
        case DUNLIN_STUB_FIELD (2, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.revision);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
address_book_remove_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookRemoveValues) self = { 0 };
    gboolean done;

    if (!address_book_remove_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->remove == NULL)
        return dunlin_stub_unimplemented ("AddressBook.remove", handler, error);
    done = class->remove (
        (AddressBookAddressBookIf *) handler, self.arguments.id, self.arguments.revision, &self.thrown.not_found, &self.thrown.conflict, &self.failure);
    if (self.thrown.not_found != NULL)
        return dunlin_stub_reply_exception (call, "NotFound", 1, "not_found",
                                            self.thrown.not_found, error);
    if (self.thrown.conflict != NULL)
        return dunlin_stub_reply_exception (call, "RevisionConflict", 2, "conflict",
                                            self.thrown.conflict, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_void (call, error);
}

typedef struct {
    struct {
        gchar *prefix;
        gchar *cursor;
        gint32 limit;
    } arguments;
    AddressBookPage *result;
    struct {
        AddressBookInvalidArgument *invalid;
    } thrown;
    GError *failure;
} AddressBookAddressBookSearchValues;

static void
address_book_search_clear (AddressBookAddressBookSearchValues *self)
{
    g_clear_pointer (&self->arguments.prefix, g_free);
    g_clear_pointer (&self->arguments.cursor, g_free);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.invalid, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookSearchValues, address_book_search_clear)

static gboolean
address_book_search_read (AddressBookAddressBookSearchValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRING):
            dunlin_stub_read_string (&reader, &self->arguments.prefix);
            break;
        case DUNLIN_STUB_FIELD (2, T_STRING):
            dunlin_stub_read_string (&reader, &self->arguments.cursor);
            break;
        case DUNLIN_STUB_FIELD (3, T_I32):
            dunlin_stub_read_i32 (&reader, &self->arguments.limit);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
address_book_search_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookSearchValues) self = { 0 };
    gboolean done;

    if (!address_book_search_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->search == NULL)
        return dunlin_stub_unimplemented ("AddressBook.search", handler, error);
    done = class->search (
        (AddressBookAddressBookIf *) handler, &self.result, self.arguments.prefix == NULL ? "" : self.arguments.prefix, self.arguments.cursor == NULL ? "" : self.arguments.cursor, self.arguments.limit, &self.thrown.invalid, &self.failure);
    if (self.thrown.invalid != NULL)
        return dunlin_stub_reply_exception (call, "InvalidArgument", 1, "invalid",
                                            self.thrown.invalid, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        gchar *prefix;
    } arguments;
    gint64 result;
    GError *failure;
} AddressBookAddressBookCountValues;

static void
address_book_count_clear (AddressBookAddressBookCountValues *self)
{
    g_clear_pointer (&self->arguments.prefix, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookCountValues, address_book_count_clear)

static gboolean
address_book_count_read (AddressBookAddressBookCountValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRING):
            dunlin_stub_read_string (&reader, &self->arguments.prefix);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
address_book_count_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookCountValues) self = { 0 };
    gboolean done;

    if (!address_book_count_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->count == NULL)
        return dunlin_stub_unimplemented ("AddressBook.count", handler, error);
    done = class->count (
        (AddressBookAddressBookIf *) handler, &self.result, self.arguments.prefix == NULL ? "" : self.arguments.prefix, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_i64 (call, self.result, error);
}

typedef struct {
    AddressBookAddressBookGetManyArgs *arguments;
    AddressBookBatch *result;
    struct {
        AddressBookInvalidArgument *invalid;
    } thrown;
    GError *failure;
} AddressBookAddressBookGetManyValues;

static void
address_book_get_many_clear (AddressBookAddressBookGetManyValues *self)
{
    g_clear_object (&self->arguments);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.invalid, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookGetManyValues, address_book_get_many_clear)

static gboolean
address_book_get_many_read (AddressBookAddressBookGetManyValues *self, DunlinCall *call, GError **error)
{
    self->arguments = g_object_new (ADDRESS_BOOK_TYPE_ADDRESS_BOOK_GET_MANY_ARGS, NULL);
    if (thrift_struct_read ((ThriftStruct *) self->arguments, dunlin_stub_input (call), error) <
            0 ||
        !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
address_book_get_many_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookGetManyValues) self = { 0 };
    gboolean done;

    if (!address_book_get_many_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->get_many == NULL)
        return dunlin_stub_unimplemented ("AddressBook.get_many", handler, error);
    done = class->get_many (
        (AddressBookAddressBookIf *) handler, &self.result, self.arguments->ids, &self.thrown.invalid, &self.failure);
    if (self.thrown.invalid != NULL)
        return dunlin_stub_reply_exception (call, "InvalidArgument", 1, "invalid",
                                            self.thrown.invalid, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        gint64 id;
    } arguments;
    GError *failure;
} AddressBookAddressBookMarkUsedValues;

static void
address_book_mark_used_clear (AddressBookAddressBookMarkUsedValues *self)
{
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddressBookAddressBookMarkUsedValues, address_book_mark_used_clear)

static gboolean
address_book_mark_used_read (AddressBookAddressBookMarkUsedValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.id);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
address_book_mark_used_stub (DunlinCall *call, GObject *handler, GError **error)
{
    AddressBookAddressBookHandlerClass *class = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_GET_CLASS (handler);
    g_auto (AddressBookAddressBookMarkUsedValues) self = { 0 };
    gboolean done;

    if (!address_book_mark_used_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->mark_used == NULL)
        return dunlin_stub_unimplemented ("AddressBook.mark_used", handler, error);
    done = class->mark_used (
        (AddressBookAddressBookIf *) handler, self.arguments.id, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return DUNLIN_STUB_OK;
}

static const DunlinMethodInfo address_book_methods[] = {
    {
        .name = "create",
        .oneway = FALSE,
        .arguments = "1: Contact contact",
        .result = "Contact",
        .exceptions = "1: AlreadyExists exists, 2: InvalidArgument invalid",
        .doc = "Stores a new contact. Id, revision and times of the argument are ignored.\n"
               "Returns the contact as stored: with its id, revision 1 and times.",
        .stub = address_book_create_stub,
        .schema = &address_book_method_schemas[0],
    },
    {
        .name = "get",
        .oneway = FALSE,
        .arguments = "1: i64 id",
        .result = "Contact",
        .exceptions = "1: NotFound not_found",
        .doc = "One contact.",
        .stub = address_book_get_stub,
        .schema = &address_book_method_schemas[1],
    },
    {
        .name = "update",
        .oneway = FALSE,
        .arguments = "1: Contact contact",
        .result = "Contact",
        .exceptions = "1: NotFound not_found, 2: AlreadyExists exists, 3: RevisionConflict conflict, 4: InvalidArgument invalid",
        .doc = "Replaces the contact that has this id, provided that its revision is still the one given.\n"
               "Returns the contact as stored, with its new revision.",
        .stub = address_book_update_stub,
        .schema = &address_book_method_schemas[2],
    },
    {
        .name = "remove",
        .oneway = FALSE,
        .arguments = "1: i64 id, 2: i64 revision",
        .result = "void",
        .exceptions = "1: NotFound not_found, 2: RevisionConflict conflict",
        .doc = "Removes a contact, provided that its revision is still the one given; 0 stands for any.",
        .stub = address_book_remove_stub,
        .schema = &address_book_method_schemas[3],
    },
    {
        .name = "search",
        .oneway = FALSE,
        .arguments = "1: string prefix, 2: string cursor, 3: i32 limit",
        .result = "Page",
        .exceptions = "1: InvalidArgument invalid",
        .doc = "Contacts whose given name, family name, nickname or organisation begins with the prefix,\n"
               "whatever the case of its letters; an empty prefix finds all. limit 0 stands for DEFAULT_PAGE.\n"
               "The first page has an empty cursor, the next ones Page.next_cursor of the one before.",
        .stub = address_book_search_stub,
        .schema = &address_book_method_schemas[4],
    },
    {
        .name = "count",
        .oneway = FALSE,
        .arguments = "1: string prefix",
        .result = "i64",
        .exceptions = "",
        .doc = "How many contacts search() would find in all.",
        .stub = address_book_count_stub,
        .schema = &address_book_method_schemas[5],
    },
    {
        .name = "get_many",
        .oneway = FALSE,
        .arguments = "1: list<i64> ids",
        .result = "Batch",
        .exceptions = "1: InvalidArgument invalid",
        .doc = "Several contacts at once; at most MAX_BATCH.",
        .stub = address_book_get_many_stub,
        .schema = &address_book_method_schemas[6],
    },
    {
        .name = "mark_used",
        .oneway = TRUE,
        .arguments = "1: i64 id",
        .result = "void",
        .exceptions = "",
        .doc = "Notes that a contact was made use of now. An unknown id is ignored.",
        .stub = address_book_mark_used_stub,
        .schema = &address_book_method_schemas[7],
    },
};

static const guint8 address_book_slots[] = {
    6, 8, 1, 3, 7, 4, 5, 2,
};

const DunlinServiceInfo address_book_service = {
    .name = "AddressBook",
    .doc = "The address book.",
    .idl_name = "address_book",
    .idl_json = address_book_idl_json,
    .idl_sha256 = "2fb0d35f8dff29586ecd8a1e1be966fb0a9cecac0d43b2580907ffe7e977b891",
    .extends = &dunlin_base_service,
    .handler_type = address_book_address_book_handler_get_type,
    .methods = address_book_methods,
    .n_methods = G_N_ELEMENTS (address_book_methods),
    .ensure_types = address_book_idl_ensure_types,
    .schema = &address_book_schema,
    .slots = address_book_slots,
    .slot_bits = 3,
    .slot_seed = G_GUINT64_CONSTANT (0x27ec35ce03ead25b),
};
