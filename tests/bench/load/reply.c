/* Headers and contexts are passed over, the message is compared with the only right one; a server
 * may write the fields of a struct in an order of its own. */
#include "bench/load/reply.h"

#include "bench/load/bytes.h"

#define RDISPATCH  0xfe
#define STATUS_OK  0
#define NESTED_MAX 16

typedef struct {
    const guint8 *at;
    gsize left;
    gboolean failed;
} Cursor;

static const guint8 *
take (Cursor *self, gsize n)
{
    const guint8 *at = self->at;

    if (n > self->left) {
        self->failed = TRUE;
        self->left = 0;
        return NULL;
    }
    self->at += n;
    self->left -= n;
    return at;
}

static guint32
take_number (Cursor *self, gsize bytes)
{
    const guint8 *at = take (self, bytes);
    guint32 v = 0;

    for (gsize i = 0; at != NULL && i < bytes; i++)
        v = v << 8 | at[i];
    return v;
}

static void skip_struct (Cursor *self, int depth);

/* Only what a ResponseHeader and a result are made of. */
static void
skip_value (Cursor *self, guint8 type, int depth)
{
    guint32 n;
    guint8 key;
    guint8 element;

    switch (type) {
    case LOAD_TEXT:
        take (self, take_number (self, 4));
        break;
    case LOAD_STRUCT:
        skip_struct (self, depth + 1);
        break;
    case LOAD_LIST:
        element = (guint8)take_number (self, 1);
        n = take_number (self, 4);
        for (guint32 i = 0; i < n && !self->failed; i++)
            skip_value (self, element, depth + 1);
        break;
    case LOAD_MAP:
        key = (guint8)take_number (self, 1);
        element = (guint8)take_number (self, 1);
        n = take_number (self, 4);
        for (guint32 i = 0; i < n && !self->failed; i++) {
            skip_value (self, key, depth + 1);
            skip_value (self, element, depth + 1);
        }
        break;
    case LOAD_I64:
        take (self, 8);
        break;
    case LOAD_I32:
        take (self, 4);
        break;
    case LOAD_BOOL:
    case LOAD_BYTE:
        take (self, 1);
        break;
    default:
        self->failed = TRUE;
    }
}

static void
skip_struct (Cursor *self, int depth)
{
    guint8 type;

    if (depth > NESTED_MAX)
        self->failed = TRUE;
    while (!self->failed && (type = (guint8)take_number (self, 1)) != LOAD_STOP) {
        take (self, 2);
        skip_value (self, type, depth);
    }
}

typedef struct {
    guint8 type;
    guint32 id;
    Cursor value;
} Field;

/* Returns: FALSE at the end of the struct, and when it is none. */
static gboolean
take_field (Cursor *self, Field *field)
{
    field->type = (guint8)take_number (self, 1);
    if (self->failed || field->type == LOAD_STOP)
        return FALSE;
    field->id = take_number (self, 2);
    field->value = *self;
    skip_value (self, field->type, 0);
    field->value.left -= self->left;
    return !self->failed;
}

static gboolean is_same_struct (Cursor found, Cursor expected, int depth);

static gboolean
has_field (Cursor found, const Field *wanted, int depth)
{
    Field field;

    while (take_field (&found, &field)) {
        if (field.type != wanted->type || field.id != wanted->id)
            continue;
        if (field.type == LOAD_STRUCT && depth < NESTED_MAX)
            return is_same_struct (field.value, wanted->value, depth + 1);
        return field.value.left == wanted->value.left &&
               memcmp (field.value.at, wanted->value.at, field.value.left) == 0;
    }
    return FALSE;
}

/* Every field that is expected is there; and since both are as long, there is nothing else. */
static gboolean
is_same_struct (Cursor found, Cursor expected, int depth)
{
    Field wanted;

    if (found.left != expected.left)
        return FALSE;
    while (take_field (&expected, &wanted))
        if (!has_field (found, &wanted, depth))
            return FALSE;
    return !expected.failed;
}

/* Returns: FALSE when it is no Rdispatch that says that all is well. */
static gboolean
skip_dispatch (Cursor *self)
{
    guint32 n;

    if (take_number (self, 1) != RDISPATCH)
        return FALSE;
    take (self, 3);
    if (take_number (self, 1) != STATUS_OK)
        return FALSE;
    n = 2 * take_number (self, 2);
    for (guint32 i = 0; i < n && !self->failed; i++)
        take (self, take_number (self, 2));
    return TRUE;
}

/* Moves to the Thrift message. Returns: FALSE when there is none. */
static gboolean
skip_to_message (Cursor *self, LoadProtocol protocol)
{
    if (protocol == LOAD_TTWITTER)
        skip_struct (self, 0);
    if (protocol == LOAD_MUX && !skip_dispatch (self))
        return FALSE;
    return !self->failed;
}

gint64
load_reply_id (const LoadMessage *self, const guint8 *frame, gsize n)
{
    Cursor cursor = { .at = frame, .left = n };
    gint64 id;

    if (self->protocol == LOAD_MUX) {
        take (&cursor, 1);
        id = take_number (&cursor, 3);
        return cursor.failed ? -1 : id;
    }
    if (!skip_to_message (&cursor, self->protocol))
        return -1;
    take (&cursor, 4);
    take (&cursor, take_number (&cursor, 4));
    id = take_number (&cursor, 4);
    return cursor.failed ? -1 : id;
}

const char *
load_reply_check (const LoadMessage *self, const guint8 *frame, gsize n, guint32 id)
{
    Cursor cursor = { .at = frame, .left = n };
    guint32 expected_id = GUINT32_TO_BE (self->protocol == LOAD_MUX ? LOAD_MUX_SEQID : id);
    const guint8 *expected = self->reply->data;
    gsize after = self->reply_id + 4;
    Cursor result;

    if (!skip_to_message (&cursor, self->protocol))
        return "it is no reply, or says that the call failed";
    if (cursor.left != self->reply->len)
        return "it has another length";
    if (memcmp (cursor.at + self->reply_id, &expected_id, sizeof expected_id) != 0)
        return "it bears another sequence id";
    if (memcmp (cursor.at, expected, self->reply_id) != 0)
        return "it is another message";
    if (memcmp (cursor.at + after, expected + after, cursor.left - after) == 0)
        return NULL;
    take (&cursor, after);
    result = (Cursor){ .at = expected + after, .left = cursor.left };
    return is_same_struct (cursor, result, 0) ? NULL : "it holds another result";
}
