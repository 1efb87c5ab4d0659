/* Generated clients: their protocol object sends what they flush and gives them what came back.
 * Writing and reading never wait, so fibers of one loop may share a stub; the objects behind are
 * used again and again, for they cost more than a call. */
#include "client/application_exception.h"
#include "client/client_core.h"
#include "client/request.h"
#include "loop/loop.h"

/* Protocol objects that a loop keeps. */
#define KEPT 256

/* What a stub's protocol works on. */
typedef struct {
    ThriftProtocol *protocol; /* owned */
    DunlinClient *client;     /* owned reference while in use */
    DunlinLoop *loop;         /* borrowed, nullable: made there, and kept there */
    DunlinEncoding encoding;
    DunlinPayloadLimits limits;
    DunlinBuffer out;        /* the call, while it is written */
    DunlinResponse response; /* what the generated code reads */
} Wire;

typedef struct {
    GPtrArray *free; /* owned: of Wire */
} Pool;

static guint slot;

static G_DEFINE_QUARK (dunlin - client - wire, wire)

    static void free_wire (gpointer data)
{
    Wire *self = data;

    g_object_unref (self->protocol);
    dunlin_buffer_clear (&self->out);
    dunlin_response_clear (&self->response);
    g_free (self);
}

static void
free_pool (gpointer data)
{
    g_ptr_array_unref (((Pool *)data)->free);
    g_free (data);
}

/* Before any thread: a slot's number must not change under a loop. */
__attribute__ ((constructor)) static void
alloc_slot (void)
{
    slot = dunlin_loop_alloc_slot (free_pool);
}

static Pool *
pool_of (DunlinLoop *loop)
{
    Pool *pool = dunlin_loop_get_slot (loop, slot);

    if (pool == NULL) {
        pool = g_new0 (Pool, 1);
        pool->free = g_ptr_array_new_with_free_func (free_wire);
        dunlin_loop_set_slot (loop, slot, pool);
    }
    return pool;
}

/* --- what the generated code does --- */

static gboolean
on_write_begin (gpointer user, GError **error)
{
    Wire *self = user;

    dunlin_buffer_truncate (&self->out, 0);
    dunlin_payload_set_output (self->protocol, &self->out);
    return TRUE;
}

/* What a server says with TApplicationException, in our own words. */
static int
code_of (int type)
{
    switch (type) {
    case DUNLIN_TAPP_UNKNOWN_METHOD:
        return DUNLIN_ERROR_UNKNOWN_METHOD;
    case DUNLIN_TAPP_PROTOCOL_ERROR:
        return DUNLIN_ERROR_MALFORMED;
    default:
        return DUNLIN_ERROR_INTERNAL;
    }
}

static void
tell_exception (Wire *self, const DunlinMessageHeader *header, GError **error)
{
    const DunlinResponse *response = &self->response;
    DunlinSlice body = dunlin_slice (dunlin_buffer_bytes (&response->message) + response->body,
                                     dunlin_buffer_length (&response->message) - response->body);
    g_autofree char *text = NULL;
    DunlinSlice message;
    int type;

    dunlin_application_exception_read (body, self->encoding, &type, &message);
    text = dunlin_slice_to_utf8 (message);
    g_set_error (error, DUNLIN_ERROR, code_of (type), "%s: %.*s: %s answered: %s",
                 self->client->options.label, (int)header->name_length, header->name,
                 response->address, text);
}

/* The whole call happens here; reading is only reading. What was written is taken away first: while
 * this fiber waits, another may write. */
static gboolean
send (Wire *self, DunlinBuffer *out, GError **error)
{
    g_auto (DunlinResponse) response = { 0 };
    DunlinMessageHeader header;
    DunlinRequest request = { .deadline = DUNLIN_NEVER };
    gsize used;

    if (!dunlin_message_read (dunlin_buffer_bytes (out), dunlin_buffer_length (out), self->encoding,
                              &header, &used, error))
        return FALSE;
    request.method = header.name;
    request.method_length = header.name_length;
    request.arguments =
        dunlin_slice (dunlin_buffer_bytes (out) + used, dunlin_buffer_length (out) - used);
    request.oneway = header.type == DUNLIN_MESSAGE_ONEWAY;
    request.flags = dunlin_client_method_flags (self->client, header.name, header.name_length);
    if (!dunlin_request_run (self->client, &request, &response, error))
        return FALSE;
    dunlin_response_clear (&self->response);
    self->response = response;
    response = (DunlinResponse){ 0 };
    if (!request.oneway && self->response.type == DUNLIN_MESSAGE_EXCEPTION) {
        tell_exception (self, &header, error);
        return FALSE;
    }
    return TRUE;
}

static gboolean
on_flush (gpointer user, GError **error)
{
    Wire *self = user;
    g_auto (DunlinBuffer) out = self->out;
    gboolean well;

    self->out = (DunlinBuffer){ 0 };
    dunlin_payload_set_output (self->protocol, NULL);
    well = send (self, &out, error);
    if (self->out.data == NULL) {
        self->out = out; /* its storage, for the next */
        out = (DunlinBuffer){ 0 };
    }
    return well;
}

static gboolean
on_read_begin (gpointer user, GError **error)
{
    Wire *self = user;

    dunlin_payload_set_input (self->protocol, dunlin_buffer_bytes (&self->response.message),
                              dunlin_buffer_length (&self->response.message));
    return TRUE;
}

static gboolean
on_read_end (gpointer user, GError **error)
{
    Wire *self = user;

    dunlin_payload_set_input (self->protocol, NULL, 0);
    dunlin_response_clear (&self->response);
    return TRUE;
}

/* --- their lives --- */

static gboolean
fits (const Wire *self, const DunlinClient *client)
{
    const DunlinPayloadLimits *a = &self->limits, *b = &client->options.limits;

    return self->encoding == client->options.encoding && a->max_elements == b->max_elements &&
           a->max_depth == b->max_depth && a->max_output == b->max_output &&
           a->allow_invalid_utf8 == b->allow_invalid_utf8;
}

static Wire *
new_wire (DunlinClient *client, DunlinLoop *loop)
{
    Wire *self = g_new0 (Wire, 1);
    DunlinPayloadHooks hooks = { .on_write_begin = on_write_begin,
                                 .on_flush = on_flush,
                                 .on_read_begin = on_read_begin,
                                 .on_read_end = on_read_end,
                                 .user = self };

    self->loop = loop;
    self->encoding = client->options.encoding;
    self->limits = client->options.limits;
    self->protocol = dunlin_payload_new (self->encoding, &self->limits);
    dunlin_payload_set_hooks (self->protocol, &hooks);
    return self;
}

static Wire *
take_wire (DunlinClient *client)
{
    DunlinLoop *loop = dunlin_loop_current ();
    GPtrArray *free = loop != NULL ? pool_of (loop)->free : NULL;

    if (free != NULL && free->len > 0 && fits (g_ptr_array_index (free, free->len - 1), client))
        return g_ptr_array_steal_index (free, free->len - 1);
    return new_wire (client, loop);
}

/* The stub is gone. */
static void
give_back (gpointer data)
{
    Wire *self = data;
    DunlinLoop *loop = dunlin_loop_current ();

    g_clear_pointer (&self->client, dunlin_client_release);
    dunlin_payload_set_input (self->protocol, NULL, 0);
    dunlin_payload_set_output (self->protocol, NULL);
    dunlin_response_clear (&self->response);
    if (loop != NULL && loop == self->loop && pool_of (loop)->free->len < KEPT)
        g_ptr_array_add (pool_of (loop)->free, self);
    else
        free_wire (self);
}

gpointer
dunlin_client_stub (DunlinClient *self, GType type)
{
    Wire *wire;
    GObject *stub;

    g_return_val_if_fail (self != NULL, NULL);
    wire = take_wire (self);
    wire->client = dunlin_client_hold (self);
    stub = g_object_new (type, "input_protocol", wire->protocol, "output_protocol", wire->protocol,
                         NULL);
    g_object_set_qdata_full (stub, wire_quark (), wire, give_back);
    return stub;
}
