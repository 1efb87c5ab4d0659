/* Words for the time of day, and bounds on words from elsewhere. */
#include "greeter/greeting.h"

#include <string.h>

/* What is longer is no saying. */
#define MAX_SAYING 200
/* "2024-02-29T" */
#define DATE_LENGTH 11

static const struct {
    int from; /* hour */
    const char *words;
} salutations[] = {
    { 18, "Good evening" },
    { 12, "Good afternoon" },
    { 5, "Good morning" },
    { 0, "Good night" },
};

int
greeting_hour (const char *iso8601)
{
    const char *hour = iso8601 + DATE_LENGTH;
    int value;

    if (strlen (iso8601) < DATE_LENGTH + 2 || iso8601[DATE_LENGTH - 1] != 'T' ||
        !g_ascii_isdigit (hour[0]) || !g_ascii_isdigit (hour[1]))
        return -1;
    value = g_ascii_digit_value (hour[0]) * 10 + g_ascii_digit_value (hour[1]);
    return value < 24 ? value : -1;
}

static const char *
salutation (int hour)
{
    for (guint i = 0; i < G_N_ELEMENTS (salutations); i++) {
        if (hour >= salutations[i].from)
            return salutations[i].words;
    }
    return "Hello";
}

char *
greeting_text (int hour, const char *name, const char *saying)
{
    return g_strdup_printf ("%s%s%s!%s%s", salutation (hour), name != NULL ? ", " : "",
                            name != NULL ? name : "", saying != NULL ? " " : "",
                            saying != NULL ? saying : "");
}

char *
greeting_saying (const char *text)
{
    g_autofree char *line = g_strndup (text, strcspn (text, "\r\n"));

    g_strstrip (line);
    if (line[0] == '\0' || !g_utf8_validate (line, -1, NULL) ||
        g_utf8_strlen (line, -1) > MAX_SAYING)
        return NULL;
    return g_steal_pointer (&line);
}
