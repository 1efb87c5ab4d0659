/* Lines of the access log, put together without printf: this runs once a call. */
#include "base/access_line.h"

#include <string.h>
#include <time.h>

/* Enough for every honest name; a peer's longer ones are cut. */
#define TEXT_MAX 128

/* What a byte of a word is, in every byte. */
#define EVERY(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

static const char hex[] = "0123456789abcdef";

static char *
put_literal (char *out, const char *text, gsize length)
{
    memcpy (out, text, length);
    return out + length;
}

#define PUT(out, literal) put_literal (out, literal, sizeof (literal) - 1)

/* The last digits first, where they will be: their number is known by then. */
static char *
put_number (char *out, guint64 number)
{
    char digits[20];
    char *first = digits + sizeof digits;

    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return put_literal (out, first, (gsize)(digits + sizeof digits - first));
}

/* Eight digits at once: a nibble to each byte, then what its digit is above it. */
static char *
put_hex_half (char *out, guint32 half)
{
    guint64 word = half;

    word = (word & 0xffff) | (word & 0xffff0000) << 16;
    word = (word & 0x000000ff000000ff) | (word & 0x0000ff000000ff00) << 8;
    word = (word & 0x000f000f000f000f) | (word & 0x00f000f000f000f0) << 4;
    word += EVERY ('0') + ((word + EVERY (6)) >> 4 & EVERY (1)) * ('a' - '0' - 10);
    word = GUINT64_TO_BE (word);
    return put_literal (out, (const char *)&word, sizeof word);
}

static char *
put_hex (char *out, guint64 number)
{
    return put_hex_half (put_hex_half (out, (guint32)(number >> 32)), (guint32)number);
}

static char *
put_trace (char *out, const DunlinAccessEntry *entry)
{
    if (entry->trace_id_high != 0)
        out = put_hex (out, entry->trace_id_high);
    return put_hex (out, entry->trace_id);
}

static gboolean
has_trace (const DunlinAccessEntry *entry)
{
    return (entry->trace_id | entry->trace_id_high) != 0;
}

/* Printable ASCII but space, quote and backslash, which would blur where a field ends. */
static inline gboolean
is_plain (guchar c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The same of eight bytes. A byte's highest bit says that it passes; sums of bytes below 0x80 do
 * not spill over, and others do not pass. */
static inline gboolean
is_plain_word (guint64 word)
{
    guint64 pass = ~word & (word + EVERY (0x7f - 0x20)) & ~(word + EVERY (0x80 - 0x7f)) &
                   ((word ^ EVERY ('"')) + EVERY (0x7f)) & ((word ^ EVERY ('\\')) + EVERY (0x7f));

    return (pass & EVERY (0x80)) == EVERY (0x80);
}

static inline guint64
load_word (const char *at)
{
    guint64 word;

    memcpy (&word, at, sizeof word);
    return word;
}

/* Less than a word, as a word: some bytes twice, or harmless ones. */
static inline guint64
load_short (const char *at, gsize length)
{
    guint64 word = EVERY ('-');
    guint32 first;
    guint32 last;

    if (length < sizeof first) {
        for (gsize i = 0; i < length; i++)
            word = word << 8 | (guchar)at[i];
        return word;
    }
    memcpy (&first, at, sizeof first);
    memcpy (&last, at + length - sizeof last, sizeof last);
    return (guint64)last << 32 | first;
}

/* Nearly all are. The last bytes are looked at once more, so that they make a whole word. */
static gboolean
is_plain_text (const char *text, gsize length)
{
    if (length < sizeof (guint64))
        return is_plain_word (load_short (text, length));
    for (gsize i = 0; i + sizeof (guint64) < length; i += sizeof (guint64))
        if (!is_plain_word (load_word (text + i)))
            return FALSE;
    return is_plain_word (load_word (text + length - sizeof (guint64)));
}

/* Every other byte becomes \xNN: a line is always one line of ASCII with the same fields. */
static char *
put_text (char *out, const char *text)
{
    gsize length;

    if (text == NULL || text[0] == '\0')
        return PUT (out, "-");
    length = strnlen (text, TEXT_MAX);
    if (G_LIKELY (is_plain_text (text, length)))
        return put_literal (out, text, length);
    for (const char *end = text + length; text < end; text++) {
        guchar c = (guchar)*text;

        if (G_LIKELY (is_plain (c))) {
            *out++ = (char)c;
            continue;
        }
        out = PUT (out, "\\x");
        *out++ = hex[c >> 4];
        *out++ = hex[c & 15];
    }
    return out;
}

/* The bytes of the character at @text, or 0 when there is none that is UTF-8. */
static gsize
char_length (const char *text, gsize left)
{
    gunichar c = g_utf8_get_char_validated (text, (gssize)left);

    if (c == (gunichar)-1 || c == (gunichar)-2)
        return 0;
    return (gsize)g_unichar_to_utf8 (c, NULL);
}

/* One character that is not plain; *text moves on. */
static char *
put_json_char (char *out, const char **text, gsize left)
{
    guchar c = (guchar) * *text;
    gsize length = 1;

    if (c == ' ') {
        *out++ = ' ';
    } else if (c == '"' || c == '\\') {
        *out++ = '\\';
        *out++ = (char)c;
    } else if (c < 0x80) {
        out = PUT (out, "\\u00");
        *out++ = hex[c >> 4];
        *out++ = hex[c & 15];
    } else {
        length = char_length (*text, left);
        if (length == 0)
            out = PUT (out, "\xef\xbf\xbd");
        else
            out = put_literal (out, *text, length);
        length = MAX (length, 1);
    }
    *text += length;
    return out;
}

static char *
put_json_text (char *out, const char *text)
{
    gsize length = strnlen (text, TEXT_MAX);
    const char *end = text + length;

    *out++ = '"';
    if (G_LIKELY (is_plain_text (text, length))) {
        out = put_literal (out, text, length);
        text = end;
    }
    while (text < end) {
        if (G_LIKELY (is_plain ((guchar)*text)))
            *out++ = *text++;
        else
            out = put_json_char (out, &text, (gsize)(end - text));
    }
    *out++ = '"';
    return out;
}

/* What is the same in all lines of a caller */

typedef struct {
    DunlinAccessFormat format;
    gsize length;
    char text[];
} Caller;

typedef char *(*PutCaller) (char *out, const DunlinAccessEntry *entry);

static gpointer
keep_caller (DunlinAccessFormat format, const char *text, gsize length)
{
    Caller *self = g_malloc (sizeof *self + length);

    self->format = format;
    self->length = length;
    memcpy (self->text, text, length);
    return self;
}

static char *
put_caller (char *out, const DunlinAccessEntry *entry, DunlinAccessFormat format, PutCaller put)
{
    const Caller *known = entry->caller != NULL ? *entry->caller : NULL;
    char *end;

    if (known != NULL && known->format == format)
        return put_literal (out, known->text, known->length);
    end = put (out, entry);
    if (entry->caller != NULL && known == NULL)
        *entry->caller = keep_caller (format, out, (gsize)(end - out));
    return end;
}

/* Text */

static char *
put_text_caller (char *out, const DunlinAccessEntry *entry)
{
    out = put_text (out, entry->peer);
    out = PUT (out, " - ");
    out = put_text (out, entry->client);
    return PUT (out, " [");
}

static char *
put_text_head (char *out, const DunlinAccessEntry *entry, const char *time)
{
    out = put_caller (out, entry, DUNLIN_ACCESS_TEXT, put_text_caller);
    return put_literal (out, time, strlen (time));
}

static char *
put_text_middle (char *out, const DunlinAccessEntry *entry)
{
    out = PUT (out, "] \"");
    if (entry->service != NULL && entry->service[0] != '\0') {
        out = put_text (out, entry->service);
        *out++ = '.';
    }
    out = put_text (out, entry->method);
    *out++ = ' ';
    out = put_text (out, entry->protocol);
    out = PUT (out, "\" ");
    out = put_text (out, entry->outcome);
    *out++ = ' ';
    return out;
}

static char *
put_text_tail (char *out, const DunlinAccessEntry *entry)
{
    out = put_number (out, entry->request_bytes);
    *out++ = ' ';
    out = put_number (out, entry->response_bytes);
    *out++ = ' ';
    out = put_number (out, (guint64)MAX (entry->duration, 0));
    *out++ = ' ';
    out = has_trace (entry) ? put_trace (out, entry) : PUT (out, "-");
    *out++ = '\n';
    return out;
}

/* JSON */

static char *
put_json_pair (char *out, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return out;
    out = PUT (out, ",\"");
    out = put_literal (out, name, strlen (name));
    out = PUT (out, "\":");
    return put_json_text (out, text);
}

static char *
put_json_caller (char *out, const DunlinAccessEntry *entry)
{
    out = put_json_pair (out, "peer", entry->peer);
    return put_json_pair (out, "client", entry->client);
}

static char *
put_json_head (char *out, const DunlinAccessEntry *entry, const char *time)
{
    out = PUT (out, "{\"time\":\"");
    out = put_literal (out, time, strlen (time));
    *out++ = '"';
    return put_caller (out, entry, DUNLIN_ACCESS_JSON, put_json_caller);
}

static char *
put_json_middle (char *out, const DunlinAccessEntry *entry)
{
    out = put_json_pair (out, "service", entry->service);
    out = put_json_pair (out, "method", entry->method);
    out = put_json_pair (out, "protocol", entry->protocol);
    return put_json_pair (out, "outcome", entry->outcome);
}

static char *
put_json_tail (char *out, const DunlinAccessEntry *entry)
{
    out = PUT (out, ",\"request_bytes\":");
    out = put_number (out, entry->request_bytes);
    out = PUT (out, ",\"response_bytes\":");
    out = put_number (out, entry->response_bytes);
    out = PUT (out, ",\"duration_us\":");
    out = put_number (out, (guint64)MAX (entry->duration, 0));
    if (has_trace (entry)) {
        out = PUT (out, ",\"trace_id\":\"");
        out = put_trace (out, entry);
        *out++ = '"';
    }
    return PUT (out, "}\n");
}

static const struct {
    const char *time;
    char *(*put_head) (char *, const DunlinAccessEntry *, const char *);
    char *(*put_middle) (char *, const DunlinAccessEntry *);
    char *(*put_tail) (char *, const DunlinAccessEntry *);
} formats[DUNLIN_N_ACCESS_FORMATS] = {
    [DUNLIN_ACCESS_TEXT] = { "%d/%b/%Y:%H:%M:%S +0000", put_text_head, put_text_middle,
                             put_text_tail },
    [DUNLIN_ACCESS_JSON] = { "%Y-%m-%dT%H:%M:%SZ", put_json_head, put_json_middle, put_json_tail },
};

void
dunlin_access_time (DunlinAccessFormat format, gint64 seconds, char out[DUNLIN_ACCESS_TIME_MAX])
{
    time_t then = (time_t)seconds;
    struct tm parts;

    gmtime_r (&then, &parts);
    strftime (out, DUNLIN_ACCESS_TIME_MAX, formats[format].time, &parts);
}

static gboolean
is_middle_of (const DunlinAccessMiddle *self, const DunlinAccessEntry *entry)
{
    return self->of[0] == entry->service && self->of[1] == entry->method &&
           self->of[2] == entry->protocol && self->of[3] == entry->outcome && self->length > 0;
}

static void
keep_middle (DunlinAccessMiddle *self, const DunlinAccessEntry *entry, const char *text,
             gsize length)
{
    if (length > sizeof self->text)
        return;
    *self = (DunlinAccessMiddle){
        .of = { entry->service, entry->method, entry->protocol, entry->outcome }, .length = length
    };
    memcpy (self->text, text, length);
}

gsize
dunlin_access_line (DunlinAccessFormat format, const DunlinAccessEntry *entry, const char *time,
                    DunlinAccessMiddle *middle, char *out)
{
    char *start = out;
    char *begun;

    out = begun = formats[format].put_head (out, entry, time);
    if (middle != NULL && is_middle_of (middle, entry)) {
        out = put_literal (out, middle->text, middle->length);
    } else {
        out = formats[format].put_middle (out, entry);
        if (middle != NULL)
            keep_middle (middle, entry, begun, (gsize)(out - begun));
    }
    out = formats[format].put_tail (out, entry);
    return (gsize)(out - start);
}
