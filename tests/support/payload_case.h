/* For tests of wire/payload: bytes and what they are read as, bytes and why they are refused. */
#pragma once

#include "base/error.h"
#include "support/golden.h"
#include "support/thrift_values.h"
#include "wire/payload.h"

/* @text is the value as thrift_text.h writes it. */
typedef struct {
    const char *path;
    const char *hex;
    const char *text;
} ReadCase;

/* Refused, with an error that @says so. */
typedef struct {
    const char *path;
    const char *hex;
    DunlinError code;
    const char *says;
} RefuseCase;

/* Reads a struct from exactly @n of the bytes. Returns: (transfer full): the value as text. */
static inline char *
payload_case_text (ThriftProtocol *protocol, const DunlinBuffer *bytes, gsize n)
{
    g_autofree guint8 *exact = golden_prefix (bytes, n); /* overreads are seen */
    GString *text = g_string_new (NULL);

    dunlin_payload_set_input (protocol, exact, n);
    /* Never an error, whatever the bytes: it is to be asked for afterwards. */
    g_assert_true (text_of_value (protocol, T_STRUCT, text));
    return g_string_free (text, FALSE);
}

static inline void
payload_case_read (DunlinEncoding encoding, const ReadCase *test)
{
    g_autoptr (GObject) protocol = G_OBJECT (dunlin_payload_new (encoding, NULL));
    g_auto (DunlinBuffer) bytes = golden (test->hex);
    g_autofree char *text = NULL;

    text = payload_case_text (THRIFT_PROTOCOL (protocol), &bytes, dunlin_buffer_length (&bytes));
    g_assert_no_error (dunlin_payload_failure (THRIFT_PROTOCOL (protocol)));
    g_assert_cmpstr (text, ==, test->text);
    g_assert_cmpuint (dunlin_payload_consumed (THRIFT_PROTOCOL (protocol)), ==,
                      dunlin_buffer_length (&bytes));
}

/* Cut short anywhere, the same bytes are refused. */
static inline void
payload_case_cut_short (DunlinEncoding encoding, const ReadCase *test)
{
    g_autoptr (GObject) protocol = G_OBJECT (dunlin_payload_new (encoding, NULL));
    g_auto (DunlinBuffer) bytes = golden (test->hex);

    for (gsize n = 0; n < dunlin_buffer_length (&bytes); n++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *text = NULL;

        text = payload_case_text (THRIFT_PROTOCOL (protocol), &bytes, n);
        g_assert_false (dunlin_payload_check (THRIFT_PROTOCOL (protocol), &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        g_assert_cmpuint (dunlin_payload_consumed (THRIFT_PROTOCOL (protocol)), <=, n);
    }
}

static inline void
payload_case_refuse (DunlinEncoding encoding, const RefuseCase *test)
{
    g_autoptr (GObject) protocol = G_OBJECT (dunlin_payload_new (encoding, NULL));
    g_auto (DunlinBuffer) bytes = golden (test->hex);
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;

    text = payload_case_text (THRIFT_PROTOCOL (protocol), &bytes, dunlin_buffer_length (&bytes));
    g_assert_false (dunlin_payload_check (THRIFT_PROTOCOL (protocol), &error));
    g_assert_error (error, DUNLIN_ERROR, (int)test->code);
    if (strstr (error->message, test->says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, test->says);
    /* The failure also ends the message. */
    g_clear_error (&error);
    g_assert_cmpint (thrift_protocol_read_message_end (THRIFT_PROTOCOL (protocol), &error), ==, -1);
    g_assert_error (error, DUNLIN_ERROR, (int)test->code);
}

static inline void
payload_case_add (const char *group, const char *name, gconstpointer data, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf ("/wire/%s/%s", group, name);

    g_test_add_data_func (path, data, test);
}
