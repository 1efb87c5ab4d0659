/* What the text of each type means, at its bounds. */
#include "base/setting.h"

#include <string.h>

typedef struct {
    const char *text;
    gboolean good;
    gint64 number;
} Case;

static void
check_cases (const DunlinSetting *row, const Case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        gint64 number = -77;
        gboolean good = dunlin_setting_parse (row, cases[i].text, &number);

        if (good != cases[i].good || (good && number != cases[i].number))
            g_test_message ("%s \"%s\": %d %" G_GINT64_FORMAT, row->name, cases[i].text, good,
                            number);
        g_assert_cmpint (good, ==, cases[i].good);
        g_assert_cmpint (number, ==, good ? cases[i].number : -77);
    }
}

#define CHECK(row, ...)                                                                            \
    G_STMT_START                                                                                   \
    {                                                                                              \
        const Case cases_[] = { __VA_ARGS__ };                                                     \
        check_cases (&(row), cases_, G_N_ELEMENTS (cases_));                                       \
    }                                                                                              \
    G_STMT_END

static void
test_integers (void)
{
    DunlinSetting any = { .name = "a.any", .type = DUNLIN_SETTING_INT };
    DunlinSetting bounded = {
        .name = "a.bounded", .type = DUNLIN_SETTING_INT, .minimum = -1, .maximum = 10
    };

    CHECK (any, { "0", TRUE, 0 }, { "-5", TRUE, -5 }, { "9223372036854775807", TRUE, G_MAXINT64 },
           { "-9223372036854775808", TRUE, G_MININT64 }, { "9223372036854775808", FALSE, 0 },
           { "", FALSE, 0 }, { "-", FALSE, 0 }, { "1x", FALSE, 0 }, { " 1", FALSE, 0 },
           { "1 ", FALSE, 0 }, { "+1", FALSE, 0 }, { "0x10", FALSE, 0 }, { "1.5", FALSE, 0 });
    CHECK (bounded, { "-1", TRUE, -1 }, { "10", TRUE, 10 }, { "-2", FALSE, 0 }, { "11", FALSE, 0 });
}

static void
test_sizes (void)
{
    DunlinSetting any = { .name = "a.any", .type = DUNLIN_SETTING_SIZE };
    DunlinSetting bounded = {
        .name = "a.bounded", .type = DUNLIN_SETTING_SIZE, .minimum = 1024, .maximum = DUNLIN_MIB
    };

    CHECK (any, { "0", TRUE, 0 }, { "1", TRUE, 1 }, { "12B", TRUE, 12 }, { "64k", TRUE, 65536 },
           { "64K", TRUE, 65536 }, { "64KiB", TRUE, 65536 }, { "16MiB", TRUE, 16777216 },
           { "16m", TRUE, 16777216 }, { "2GiB", TRUE, G_GINT64_CONSTANT (2147483648) },
           { "1G", TRUE, 1073741824 }, { "8589934591GiB", TRUE, G_MAXINT64 - 1073741823 },
           { "8589934592GiB", FALSE, 0 }, { "64kB", FALSE, 0 }, { "1MB", FALSE, 0 },
           { "1 MiB", FALSE, 0 }, { "-1", FALSE, 0 }, { "1.5MiB", FALSE, 0 }, { "MiB", FALSE, 0 },
           { "", FALSE, 0 });
    CHECK (bounded, { "1023", FALSE, 0 }, { "1k", TRUE, 1024 }, { "1MiB", TRUE, 1048576 },
           { "1048577", FALSE, 0 });
}

static void
test_durations (void)
{
    DunlinSetting plain = { .name = "a.plain", .type = DUNLIN_SETTING_DURATION };
    DunlinSetting seconds = { .name = "a.seconds",
                              .type = DUNLIN_SETTING_DURATION,
                              .unit = "s",
                              .minimum = 0,
                              .maximum = DUNLIN_HOUR };

    CHECK (plain, { "5", TRUE, 5000 }, { "250us", TRUE, 250 }, { "100ms", TRUE, 100000 },
           { "20s", TRUE, 20000000 }, { "5m", TRUE, 300000000 }, { "5min", TRUE, 300000000 },
           { "1h", TRUE, G_GINT64_CONSTANT (3600000000) },
           { "2d", TRUE, G_GINT64_CONSTANT (172800000000) }, { "1y", FALSE, 0 },
           { "1h30m", FALSE, 0 }, { "-1s", FALSE, 0 }, { "s", FALSE, 0 }, { "1 s", FALSE, 0 },
           { "9223372036854775807s", FALSE, 0 });
    CHECK (seconds, { "5", TRUE, 5000000 }, { "0", TRUE, 0 }, { "60m", TRUE, DUNLIN_HOUR },
           { "3600001ms", FALSE, 0 });
}

static void
test_booleans (void)
{
    DunlinSetting row = { .name = "a.b", .type = DUNLIN_SETTING_BOOL };

    CHECK (row, { "true", TRUE, 1 }, { "yes", TRUE, 1 }, { "on", TRUE, 1 }, { "1", TRUE, 1 },
           { "TRUE", TRUE, 1 }, { "false", TRUE, 0 }, { "no", TRUE, 0 }, { "off", TRUE, 0 },
           { "0", TRUE, 0 }, { "2", FALSE, 0 }, { "", FALSE, 0 }, { "t", FALSE, 0 });
}

static void
test_enums (void)
{
    DunlinSetting row = { .name = "a.e", .type = DUNLIN_SETTING_ENUM, .allowed = "required|off" };

    CHECK (row, { "required", TRUE, 0 }, { "off", TRUE, 1 }, { "Off", FALSE, 0 },
           { "required|off", FALSE, 0 }, { "", FALSE, 0 });
}

static void
test_ports (void)
{
    DunlinSetting any = { .name = "a.p", .type = DUNLIN_SETTING_PORT };
    DunlinSetting nonzero = {
        .name = "a.q", .type = DUNLIN_SETTING_PORT, .minimum = 1, .maximum = 65535
    };

    CHECK (any, { "0", TRUE, 0 }, { "65535", TRUE, 65535 }, { "65536", FALSE, 0 },
           { "-1", FALSE, 0 }, { "http", FALSE, 0 }, { "", FALSE, 0 });
    CHECK (nonzero, { "0", FALSE, 0 }, { "1", TRUE, 1 });
}

static void
test_addresses (void)
{
    DunlinSetting row = { .name = "a.a", .type = DUNLIN_SETTING_ADDRESSES };
    DunlinSetting chroot = { .name = "a.c",
                             .type = DUNLIN_SETTING_ADDRESSES,
                             .flags = DUNLIN_SETTING_CHROOT };

    CHECK (row, { "", TRUE, 0 }, { "zk1:2181", TRUE, 0 }, { "zk1:2181,10.0.0.1:2181", TRUE, 0 },
           { "[::1]:2181", TRUE, 0 }, { "[fe80::1%eth0]:1", TRUE, 0 }, { "::1:2181", FALSE, 0 },
           { "zk1", FALSE, 0 }, { "zk1:", FALSE, 0 }, { ":2181", FALSE, 0 }, { "zk1:0", FALSE, 0 },
           { "zk1:65536", FALSE, 0 }, { "zk1:2181,", FALSE, 0 }, { ",zk1:2181", FALSE, 0 },
           { "zk1:2181, zk2:2181", FALSE, 0 }, { "zk1:2181/x", FALSE, 0 }, { "[]:1", FALSE, 0 });
    CHECK (chroot, { "a:1,b:2/x/y", TRUE, 0 }, { "/x", FALSE, 0 }, { "a:1", TRUE, 0 });
}

static gboolean
is_short (const char *text)
{
    return strlen (text) < 4;
}

static void
test_texts (void)
{
    DunlinSetting row = { .name = "a.t", .type = DUNLIN_SETTING_STRING };
    DunlinSetting checked = {
        .name = "a.s", .type = DUNLIN_SETTING_STRING, .check = is_short, .allowed = "short"
    };

    CHECK (row, { "", TRUE, 0 }, { "gr\xc3\xbc\xc3\x9f dich", TRUE, 0 }, { "\xff", FALSE, 0 });
    CHECK (checked, { "abc", TRUE, 0 }, { "abcd", FALSE, 0 });
}

static void
check_allowed (const DunlinSetting row, const char *expected)
{
    g_autofree char *allowed = dunlin_setting_allowed (&row);

    g_assert_cmpstr (allowed, ==, expected);
}

static void
test_says_what_is_allowed (void)
{
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_STRING }, "");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_STRING, .allowed = "HOST" }, "HOST");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_INT }, "a whole number");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_INT, .minimum = 1, .maximum = 9 },
                   "a whole number from 1 to 9");
    check_allowed (
        (DunlinSetting){ .type = DUNLIN_SETTING_SIZE, .minimum = 1536, .maximum = 2 * DUNLIN_GIB },
        "a size in bytes or with a unit (k, KiB, M, MiB, G, GiB), from 1536B to 2GiB");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_DURATION,
                                    .unit = "s",
                                    .minimum = 10 * DUNLIN_MILLISECOND,
                                    .maximum = DUNLIN_HOUR },
                   "a duration with a unit (us, ms, s, m, h, d; s when there is none), "
                   "from 10ms to 1h");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_BOOL }, "true or false");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_ENUM, .allowed = "a|b|c" },
                   "one of: a, b, c");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_PORT }, "a port from 0 to 65535");
    check_allowed ((DunlinSetting){ .type = DUNLIN_SETTING_ADDRESSES }, "HOST:PORT[,HOST:PORT]...");
}

static void
test_environment_names (void)
{
    g_autofree char *plain = dunlin_setting_environment ("thrift.max-frame");
    g_autofree char *named = dunlin_setting_environment ("client.my-taxa.dest");

    g_assert_cmpstr (plain, ==, "DUNLIN_THRIFT_MAX_FRAME");
    g_assert_cmpstr (named, ==, "DUNLIN_CLIENT_MY_TAXA_DEST");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/setting/integers", test_integers);
    g_test_add_func ("/base/setting/sizes", test_sizes);
    g_test_add_func ("/base/setting/durations", test_durations);
    g_test_add_func ("/base/setting/booleans", test_booleans);
    g_test_add_func ("/base/setting/enums", test_enums);
    g_test_add_func ("/base/setting/ports", test_ports);
    g_test_add_func ("/base/setting/addresses", test_addresses);
    g_test_add_func ("/base/setting/texts", test_texts);
    g_test_add_func ("/base/setting/says-what-is-allowed", test_says_what_is_allowed);
    g_test_add_func ("/base/setting/environment-names", test_environment_names);
    return g_test_run ();
}
