/* How a line looks as text and as JSON, and that nothing in it can forge another. */
#include "base/log_line.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef void (*Form) (GString *out, const DunlinLogRecord *record);

static void
as_text (GString *out, const DunlinLogRecord *record)
{
    dunlin_log_line_text (out, record, FALSE);
}

static DunlinLogRecord
record_of (const char *message)
{
    return (DunlinLogRecord){ .level = DUNLIN_LOG_WARNING,
                              .message = message,
                              .message_length = strlen (message),
                              .domain = "shop" };
}

static GString *
line_of (Form form, const DunlinLogRecord *record)
{
    GString *line = g_string_new (NULL);

    form (line, record);
    /* One line, whatever is in it. */
    g_assert_nonnull (strchr (line->str, '\n'));
    g_assert_cmpuint (strcspn (line->str, "\n"), ==, line->len - 1);
    g_assert_true (g_utf8_validate (line->str, (gssize)line->len, NULL));
    return line;
}

/* @expected is what follows the time, "2026-11-21T06:45:00.123Z ". */
static void
assert_text (const DunlinLogRecord *record, const char *expected)
{
    g_autoptr (GString) line = line_of (as_text, record);

    g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ",
                                         line->str, 0, 0));
    g_assert_cmpstr (line->str + strlen ("2026-11-21T06:45:00.123Z "), ==, expected);
}

static JsonNode *
parse (const DunlinLogRecord *record)
{
    g_autoptr (GString) line = line_of (dunlin_log_line_json, record);
    g_autoptr (GError) error = NULL;
    JsonNode *node = json_from_string (line->str, &error);

    g_assert_no_error (error);
    g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
    return node;
}

static void
assert_member (JsonNode *node, const char *name, const char *expected)
{
    g_assert_cmpstr (
        json_object_get_string_member_with_default (json_node_get_object (node), name, NULL), ==,
        expected);
}

static void
fill_context (DunlinLogRecord *record)
{
    record->context = (DunlinLogContext){ .service = "Shop",
                                          .method = "buy",
                                          .client = "",
                                          .peer = "127.0.0.1:7",
                                          .trace_id = "4bf92f3577b34da6" };
}

static void
test_text (void)
{
    DunlinLogRecord record = record_of ("sold out");

    assert_text (&record, "WARNING shop: sold out\n");
}

static void
test_text_context (void)
{
    DunlinLogRecord record = record_of ("sold out");

    fill_context (&record);
    assert_text (&record, "WARNING shop: sold out  [service=Shop method=buy peer=127.0.0.1:7 "
                          "trace_id=4bf92f3577b34da6]\n");
}

/* What g_log_structured () of a program may bring; of these, ORDER is the program's own. */
static const GLogField fields[] = {
    { "MESSAGE", "sold out", -1 }, { "PRIORITY", "4", -1 },
    { "GLIB_DOMAIN", "shop", -1 }, { "CODE_FILE", "/build/shop/src/till/buy.c", -1 },
    { "CODE_LINE", "12", -1 },     { "SYSLOG_PID", "1", -1 },
    { "ORDER", "7\n8", -1 },       { "BINARY", "\x01\x02", 2 },
    { "lower\" :", "forged", -1 },
};

static void
test_text_fields (void)
{
    DunlinLogRecord record = record_of ("sold out");

    record.fields = fields;
    record.n_fields = G_N_ELEMENTS (fields);
    assert_text (&record, "WARNING shop: sold out  [order=7\\n8]\n");
}

static void
test_text_is_escaped (void)
{
    DunlinLogRecord record = record_of ("a\r\nERROR shop: forged \033[2J\\ \xff \u202e\xc2\x85 é");

    record.domain = "sh\nop";
    assert_text (&record, "WARNING sh\\nop: a\\r\\nERROR shop: forged \\x1b[2J\\\\ \\xff "
                          "\\u202e\\x85 é\n");
}

static void
test_zeros_are_shown (void)
{
    DunlinLogRecord record = record_of ("");

    record.message = "a\0b";
    record.message_length = 3;
    assert_text (&record, "WARNING shop: a\\x00b\n");
}

static void
test_long_messages_are_cut (void)
{
    g_autofree char *message = g_strnfill (100000, 'x');
    DunlinLogRecord record = record_of (message);
    g_autoptr (GString) text = line_of (as_text, &record);
    g_autoptr (GString) json = line_of (dunlin_log_line_json, &record);

    g_assert_true (g_str_has_suffix (text->str, "xxx... (91808 more bytes)\n"));
    g_assert_cmpuint (text->len, <, 9000);
    g_assert_cmpuint (json->len, <, 9000);
}

/* The limit counts bytes, but falls between characters. */
static void
test_a_cut_keeps_characters_whole (void)
{
    for (gsize start = 0; start < 4; start++) {
        g_autoptr (GString) message = g_string_new ("xxx");
        g_autoptr (GString) line = NULL;

        g_string_truncate (message, start);
        for (int i = 0; i < 3000; i++)
            g_string_append (message, "\u20ac");
        DunlinLogRecord record = record_of (message->str);
        line = line_of (as_text, &record);
        g_assert_null (strstr (line->str, "\\x"));
    }
}

static void
test_a_terminal_gets_colour (void)
{
    DunlinLogRecord record = record_of ("sold out");
    g_autoptr (GString) line = g_string_new (NULL);

    dunlin_log_line_text (line, &record, TRUE);
    g_assert_true (g_regex_match_simple ("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\x1b\\[33mWARNING"
                                         "\\x1b\\[0m shop: sold out\\n$",
                                         line->str, 0, 0));
}

static void
test_json (void)
{
    DunlinLogRecord record = record_of ("sold out");
    g_autoptr (JsonNode) node = parse (&record);

    assert_member (node, "level", "warning");
    assert_member (node, "domain", "shop");
    assert_member (node, "message", "sold out");
    assert_member (node, "service", NULL);
    assert_member (node, "source", NULL);
    g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==, 4);
}

static void
test_json_time (void)
{
    DunlinLogRecord record = record_of ("sold out");
    g_autoptr (JsonNode) node = parse (&record);
    g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (
        json_object_get_string_member (json_node_get_object (node), "time"), NULL);

    g_assert_nonnull (time);
    g_assert_cmpint (ABS (g_date_time_to_unix (time) - g_get_real_time () / G_USEC_PER_SEC), <=, 5);
}

static void
test_json_members (void)
{
    DunlinLogRecord record = record_of ("sold out");
    g_autoptr (JsonNode) node = NULL;

    fill_context (&record);
    record.fields = fields;
    record.n_fields = G_N_ELEMENTS (fields);
    record.file = fields[3].value;
    record.line = fields[4].value;
    node = parse (&record);
    assert_member (node, "service", "Shop");
    assert_member (node, "method", "buy");
    assert_member (node, "client", NULL);
    assert_member (node, "peer", "127.0.0.1:7");
    assert_member (node, "trace_id", "4bf92f3577b34da6");
    assert_member (node, "span_id", NULL);
    assert_member (node, "order", "7\n8");
    assert_member (node, "source", "till/buy.c:12");
    g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==, 10);
}

static void
test_json_is_escaped (void)
{
    DunlinLogRecord record = record_of ("a\"},{\"level\":\"error\\\n\t\033\x7f\xff\u2028é");
    g_autoptr (JsonNode) node = parse (&record);

    assert_member (node, "level", "warning");
    assert_member (node, "message", "a\"},{\"level\":\"error\\\n\t\033\x7f\xef\xbf\xbd\u2028é");
}

/* Every byte, alone and before each other: no line is torn, no JSON broken. */
static void
test_any_bytes (void)
{
    char bytes[3] = { 0 };

    for (int first = 0; first < 256; first++) {
        for (int second = 0; second < 256; second += 5) {
            DunlinLogRecord record = record_of ("");
            g_autoptr (JsonNode) node = NULL;
            g_autoptr (GString) line = NULL;

            bytes[0] = (char)first;
            bytes[1] = (char)second;
            record.message = bytes;
            record.message_length = 2;
            node = parse (&record);
            line = line_of (as_text, &record);
            g_assert_null (strpbrk (line->str, "\033\r\x7f"));
        }
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/log_line/text", test_text);
    g_test_add_func ("/base/log_line/text-names-the-call", test_text_context);
    g_test_add_func ("/base/log_line/text-has-the-programs-own-fields", test_text_fields);
    g_test_add_func ("/base/log_line/text-cannot-forge-a-line", test_text_is_escaped);
    g_test_add_func ("/base/log_line/zeros-are-shown", test_zeros_are_shown);
    g_test_add_func ("/base/log_line/long-messages-are-cut", test_long_messages_are_cut);
    g_test_add_func ("/base/log_line/a-cut-keeps-characters-whole",
                     test_a_cut_keeps_characters_whole);
    g_test_add_func ("/base/log_line/a-terminal-gets-colour", test_a_terminal_gets_colour);
    g_test_add_func ("/base/log_line/json", test_json);
    g_test_add_func ("/base/log_line/json-time-is-now", test_json_time);
    g_test_add_func ("/base/log_line/json-has-a-member-a-fact", test_json_members);
    g_test_add_func ("/base/log_line/json-cannot-be-broken-out-of", test_json_is_escaped);
    g_test_add_func ("/base/log_line/any-bytes-stay-one-line", test_any_bytes);
    return g_test_run ();
}
