/* Loading, refusing, replacing: what files make a set, and which do not. */
#include "support/tls_folder.h"

#include "base/error.h"
#include "net/credentials.h"

#include <glib/gstdio.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY  (24 * 3600)
#define HOUR 3600

static void
assert_says (const GError *error, const char *what)
{
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    if (strstr (error->message, what) == NULL)
        g_error ("'%s' does not say '%s'", error->message, what);
}

static DunlinCredentials *
load (const DunlinTlsConfig *config)
{
    g_autoptr (GError) error = NULL;
    DunlinCredentials *credentials = dunlin_credentials_new (config, &error);

    g_assert_no_error (error);
    return credentials;
}

/* The error names the file and the trouble. */
static void
is_refused (const DunlinTlsConfig *config, const char *file, const char *what)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_credentials_new (config, &error));
    assert_says (error, what);
    if (file != NULL)
        assert_says (error, file);
}

static void
write_text (const char *path, const char *text)
{
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Inlined, gcc 12 takes what it returns for its variable's address. */
static G_GNUC_NO_INLINE char *
read_text (const char *path)
{
    char *text = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    return text;
}

/* --- what is loaded --- */

static void
a_good_set_tells_of_itself (TlsFolder *folder)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "server");
    gint64 now = g_get_real_time () / G_USEC_PER_SEC;

    g_assert_cmpint (dunlin_credentials_not_after (credentials), >, now + DAY - HOUR);
    g_assert_cmpint (dunlin_credentials_not_after (credentials), <, now + DAY + HOUR);
    g_assert_cmpint (dunlin_credentials_crl_next_update (credentials), ==, 0);
    g_assert_cmpuint (dunlin_credentials_generation (credentials), ==, 1);
    g_assert_true (dunlin_credentials_may_act_as_client (credentials));
    g_assert_false (dunlin_credentials_have_changed (credentials));
}

static gboolean
may_be_client (TlsFolder *folder, const char *usage)
{
    g_autoptr (DunlinCredentials) credentials = NULL;

    tls_folder_issue (folder, "other", &(TestLeaf){ .usage = usage, .san = "DNS:localhost" });
    credentials = tls_folder_credentials (folder, "other");
    return dunlin_credentials_may_act_as_client (credentials);
}

static void
the_purpose_says_who_may_be_a_client (TlsFolder *folder)
{
    g_assert_true (may_be_client (folder, "")); /* none: for everything */
    g_assert_true (may_be_client (folder, "clientAuth"));
    g_assert_true (may_be_client (folder, "serverAuth,clientAuth"));
    g_assert_false (may_be_client (folder, "serverAuth"));
}

static void
an_rsa_key_of_2048_bits_is_enough (TlsFolder *folder)
{
    g_autoptr (DunlinCredentials) credentials = NULL;

    tls_folder_issue (folder, "other", &(TestLeaf){ .rsa_bits = 2048, .san = "DNS:a" });
    credentials = tls_folder_credentials (folder, "other");
}

static void
an_intermediate_in_the_file_completes_the_chain (TlsFolder *folder)
{
    g_autoptr (TestCa) middle = test_ca_new_below (folder->ca, "Middle CA");
    g_autoptr (DunlinCredentials) credentials = NULL;

    test_ca_issue (middle, &(TestLeaf){ .san = "DNS:a" }, tls_folder_path (folder, "other", ""));
    credentials = tls_folder_credentials (folder, "other");
}

static void
the_first_crl_to_end_is_told (TlsFolder *folder)
{
    g_autoptr (TestCa) other = test_ca_new ("Other CA");
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autoptr (DunlinCredentials) credentials = NULL;
    gint64 soon = g_get_real_time () / G_USEC_PER_SEC + HOUR;

    config.crl = tls_folder_path (folder, "crl", ".pem");
    test_ca_write_crl (folder->ca, 1, DAY, FALSE, config.crl);
    test_ca_write_crl (other, 0, HOUR, TRUE, config.crl);
    credentials = load (&config);
    g_assert_cmpint (ABS (dunlin_credentials_crl_next_update (credentials) - soon), <, 60);
}

/* --- what is refused --- */

static void
a_missing_file_is_named (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.ca = tls_folder_path (folder, "gone", ".pem");
    is_refused (&config, "gone.pem", "No such file");
}

static void
a_folder_is_no_file (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.key = folder->path;
    is_refused (&config, folder->path, "not a file");
}

static void
a_pipe_does_not_hold_us_up (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.ca = tls_folder_path (folder, "pipe", "");
    g_assert_cmpint (mkfifo (config.ca, 0600), ==, 0);
    is_refused (&config, "pipe", "not a file");
}

static void
an_endless_file_is_refused (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.ca = tls_folder_path (folder, "large", "");
    write_text (config.ca, "x");
    g_assert_cmpint (truncate (config.ca, (off_t)1 << 40), ==, 0); /* sparse */
    is_refused (&config, "large", "larger than");
}

static void
text_is_no_certificate (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.certificate = tls_folder_path (folder, "text", "");
    write_text (config.certificate, "hello\n");
    is_refused (&config, "text", "BEGIN CERTIFICATE");
}

static void
half_a_certificate_is_refused (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autofree char *whole = read_text (config.certificate);

    whole[strlen (whole) / 2] = '\0';
    write_text (config.certificate, whole);
    is_refused (&config, "server.pem", "broken");
}

static void
one_broken_ca_spoils_the_file (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autofree char *good = read_text (config.ca);
    g_autofree char *both =
        g_strconcat (good, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", NULL);

    write_text (config.ca, both);
    is_refused (&config, "ca.pem", "broken");
}

static void
a_certificate_is_no_key (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autofree char *text = read_text (config.certificate);

    write_text (config.key, text);
    g_assert_cmpint (g_chmod (config.key, 0600), ==, 0);
    is_refused (&config, "server.key", "BEGIN PRIVATE KEY");
}

static void
anothers_key_does_not_fit (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.key = tls_folder_path (folder, "client", ".key");
    is_refused (&config, "client.key", "not the key of the certificate");
}

static void
an_encrypted_key_is_refused (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    test_ca_encrypt_key (config.key, "secret");
    is_refused (&config, "server.key", "password");
}

static void
key_mode (TlsFolder *folder, guint mode, gboolean good)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    g_assert_cmpint (g_chmod (config.key, mode), ==, 0);
    if (good)
        dunlin_credentials_unref (load (&config));
    else
        is_refused (&config, "server.key", "chmod 600");
}

static void
a_key_that_others_may_read_is_refused (TlsFolder *folder)
{
    static const guint bad[] = { 0644, 0604, 0666, 0777, 0660, 0620, 0601 };

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
        key_mode (folder, bad[i], FALSE);
    key_mode (folder, 0600, TRUE);
    key_mode (folder, 0400, TRUE);
}

static void
only_roots_key_may_be_shared_with_a_group (TlsFolder *folder)
{
    key_mode (folder, 0640, geteuid () == 0);
    key_mode (folder, 0440, geteuid () == 0);
}

static void
anothers_file_is_no_key_of_ours (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    if (geteuid () != 0) {
        g_test_skip ("only root can give a file away");
        return;
    }
    g_assert_cmpint (chown (config.key, 12345, (gid_t)-1), ==, 0);
    is_refused (&config, "server.key", "another user");
}

/* What counts is the file that the link leads to: certificate managers use links. */
static void
a_link_to_a_safe_key_is_fine (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    const char *link = tls_folder_path (folder, "link", ".key");

    g_assert_cmpint (symlink (config.key, link), ==, 0);
    config.key = link;
    dunlin_credentials_unref (load (&config));
    g_assert_cmpint (g_chmod (tls_folder_path (folder, "server", ".key"), 0644), ==, 0);
    is_refused (&config, "link.key", "chmod 600");
}

static void
leaf_is_refused (TlsFolder *folder, const TestLeaf *leaf, const char *what)
{
    DunlinTlsConfig config = tls_folder_config (folder, "other");

    tls_folder_issue (folder, "other", leaf);
    is_refused (&config, "other.pem", what);
}

static void
what_has_expired_is_refused (TlsFolder *folder)
{
    leaf_is_refused (folder, &(TestLeaf){ .begins = -2 * DAY, .ends = -DAY }, "expired");
}

static void
what_is_not_valid_yet_is_refused (TlsFolder *folder)
{
    leaf_is_refused (folder, &(TestLeaf){ .begins = HOUR }, "not yet valid");
}

static void
a_short_key_is_refused (TlsFolder *folder)
{
    leaf_is_refused (folder, &(TestLeaf){ .rsa_bits = 1024 }, "key too small");
}

static void
a_cas_certificate_is_refused (TlsFolder *folder)
{
    leaf_is_refused (folder, &(TestLeaf){ .is_ca = TRUE }, "CA's certificate");
}

static void
a_foreign_certificate_is_refused (TlsFolder *folder)
{
    g_autoptr (TestCa) foreign = test_ca_new ("Foreign CA");
    DunlinTlsConfig config = tls_folder_config (folder, "other");

    test_ca_issue (foreign, &(TestLeaf){ 0 }, tls_folder_path (folder, "other", ""));
    is_refused (&config, "other.pem", "does not verify against tls.ca");
}

static void
a_missing_intermediate_is_told (TlsFolder *folder)
{
    g_autoptr (TestCa) middle = test_ca_new_below (folder->ca, "Middle CA");
    DunlinTlsConfig config = tls_folder_config (folder, "other");
    g_autofree char *text = NULL;
    g_autofree char *first = NULL;

    test_ca_issue (middle, &(TestLeaf){ 0 }, tls_folder_path (folder, "other", ""));
    text = read_text (config.certificate);
    first = g_strndup (text, (gsize)(strstr (text + 1, "-----BEGIN") - text));
    write_text (config.certificate, first);
    is_refused (&config, "other.pem", "those between it and the CA");
}

static void
a_revoked_certificate_is_refused (TlsFolder *folder)
{
    long serial = tls_folder_issue (folder, "other", &(TestLeaf){ 0 });
    DunlinTlsConfig config = tls_folder_config (folder, "other");

    config.crl = tls_folder_path (folder, "crl", ".pem");
    test_ca_write_crl (folder->ca, serial, DAY, FALSE, config.crl);
    is_refused (&config, "other.pem", "revoked");
}

static void
a_crl_out_of_date_is_refused (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.crl = tls_folder_path (folder, "crl", ".pem");
    test_ca_write_crl (folder->ca, 1, -HOUR, FALSE, config.crl);
    is_refused (&config, "crl.pem", "out of date");
}

static void
a_crl_of_another_ca_is_refused (TlsFolder *folder)
{
    g_autoptr (TestCa) foreign = test_ca_new ("Foreign CA");
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.crl = tls_folder_path (folder, "crl", ".pem");
    test_ca_write_crl (foreign, 1, DAY, FALSE, config.crl);
    is_refused (&config, "server.pem", "CRL");
}

static void
a_certificate_is_no_crl (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.crl = config.ca;
    is_refused (&config, "ca.pem", "BEGIN X509 CRL");
}

static void
versions_below_1_2_are_refused (TlsFolder *folder)
{
    static const char *const bad[] = { "1.1", "1.0", "3", "", "TLSv1.2", NULL };

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        DunlinTlsConfig config = tls_folder_config (folder, "server");

        config.min_version = bad[i];
        is_refused (&config, NULL, "tls.min-version");
    }
}

static void
ciphers_are_refused (TlsFolder *folder, const char *ciphers, const char *suites, const char *what)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");

    config.ciphers = ciphers;
    config.ciphersuites = suites;
    is_refused (&config, NULL, what);
}

static void
unknown_ciphers_are_refused (TlsFolder *folder)
{
    ciphers_are_refused (folder, "ROT13", NULL, "tls.ciphers");
    ciphers_are_refused (folder, NULL, "ROT13", "tls.ciphersuites");
}

static void
ciphers_without_certificates_are_refused (TlsFolder *folder)
{
    ciphers_are_refused (folder, "aNULL@SECLEVEL=0", NULL, "tls.ciphers");
    ciphers_are_refused (folder, "eNULL@SECLEVEL=0", NULL, "tls.ciphers");
}

/* --- replacing --- */

static void
a_reload_takes_the_new_files (TlsFolder *folder)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "server");
    gint64 before = dunlin_credentials_not_after (credentials);
    g_autoptr (GError) error = NULL;

    tls_folder_issue (folder, "server", &(TestLeaf){ .san = "DNS:localhost", .ends = 2 * DAY });
    g_assert_true (dunlin_credentials_have_changed (credentials));
    g_assert_true (dunlin_credentials_reload (credentials, &error));
    g_assert_no_error (error);
    g_assert_cmpint (dunlin_credentials_not_after (credentials), >, before + DAY / 2);
    g_assert_cmpuint (dunlin_credentials_generation (credentials), ==, 2);
    g_assert_false (dunlin_credentials_have_changed (credentials));
}

static void
keeps_the_old (DunlinCredentials *credentials, const char *what)
{
    gint64 before = dunlin_credentials_not_after (credentials);
    guint generation = dunlin_credentials_generation (credentials);
    g_autoptr (GError) error = NULL;

    g_assert_true (dunlin_credentials_have_changed (credentials));
    g_assert_false (dunlin_credentials_reload (credentials, &error));
    assert_says (error, what);
    g_assert_cmpint (dunlin_credentials_not_after (credentials), ==, before);
    g_assert_cmpuint (dunlin_credentials_generation (credentials), ==, generation);
    /* Said once: the same files are not tried again. */
    g_assert_false (dunlin_credentials_have_changed (credentials));
}

static void
bad_files_leave_the_old_set_in_force (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autoptr (DunlinCredentials) credentials = load (&config);
    g_autofree char *good = read_text (config.certificate);
    g_autoptr (GError) error = NULL;

    write_text (config.certificate, "half a ");
    keeps_the_old (credentials, "server.pem");
    g_unlink (config.certificate);
    keeps_the_old (credentials, "No such file");
    tls_folder_issue (folder, "server", &(TestLeaf){ .begins = -2 * DAY, .ends = -DAY });
    keeps_the_old (credentials, "expired");
    tls_folder_issue (folder, "server", &(TestLeaf){ .san = "DNS:localhost" });
    g_assert_true (dunlin_credentials_reload (credentials, &error));
    g_assert_no_error (error);
}

static void
a_certificate_waits_for_its_key (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autoptr (DunlinCredentials) credentials = load (&config);
    g_autofree char *certificate = NULL;
    g_autofree char *key = NULL;
    g_autoptr (GError) error = NULL;

    tls_folder_issue (folder, "next", &(TestLeaf){ .san = "DNS:localhost" });
    certificate = read_text (tls_folder_path (folder, "next", ".pem"));
    key = read_text (tls_folder_path (folder, "next", ".key"));
    write_text (config.certificate, certificate);
    keeps_the_old (credentials, "not the key");
    write_text (config.key, key);
    g_assert_cmpint (g_chmod (config.key, 0600), ==, 0);
    g_assert_true (dunlin_credentials_have_changed (credentials));
    g_assert_true (dunlin_credentials_reload (credentials, &error));
    g_assert_no_error (error);
}

static void
a_mended_mode_counts_as_a_change (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    g_autoptr (DunlinCredentials) credentials = load (&config);
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (g_chmod (config.key, 0644), ==, 0);
    keeps_the_old (credentials, "chmod 600");
    g_assert_cmpint (g_chmod (config.key, 0600), ==, 0);
    g_assert_true (dunlin_credentials_have_changed (credentials));
    g_assert_true (dunlin_credentials_reload (credentials, &error));
    g_assert_no_error (error);
}

/* As Kubernetes replaces secrets: the files are links into a folder that is a link. */
static void
a_folder_that_is_swapped_counts_as_a_change (TlsFolder *folder)
{
    DunlinTlsConfig config = tls_folder_config (folder, "server");
    const char *link = tls_folder_path (folder, "current", "");
    g_autoptr (DunlinCredentials) credentials = NULL;
    g_autoptr (GError) error = NULL;

    tls_folder_issue (folder, "next", &(TestLeaf){ .san = "DNS:localhost", .ends = 3 * DAY });
    g_assert_cmpint (symlink ("server.pem", link), ==, 0);
    g_assert_cmpint (symlink ("server.key", tls_folder_path (folder, "current-key", "")), ==, 0);
    config.certificate = link;
    config.key = tls_folder_path (folder, "current-key", "");
    credentials = load (&config);
    g_unlink (link);
    g_unlink (config.key);
    g_assert_cmpint (symlink ("next.pem", link), ==, 0);
    g_assert_cmpint (symlink ("next.key", config.key), ==, 0);
    g_assert_true (dunlin_credentials_have_changed (credentials));
    g_assert_true (dunlin_credentials_reload (credentials, &error));
    g_assert_no_error (error);
}

/* Data loops take from it while the control loop replaces it. */
typedef struct {
    DunlinCredentials *credentials;
    int stop; /* atomic */
} Reader;

static gpointer
read_on (gpointer data)
{
    Reader *reader = data;

    while (!g_atomic_int_get (&reader->stop)) {
        g_assert_cmpint (dunlin_credentials_not_after (reader->credentials), >, 0);
        SSL_free (dunlin_credentials_new_ssl (reader->credentials, TRUE));
    }
    return NULL;
}

static void
may_be_replaced_while_in_use (TlsFolder *folder)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "server");
    Reader reader = { .credentials = credentials };
    GThread *threads[2];
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("reader", read_on, &reader);
    for (int i = 0; i < 20; i++)
        g_assert_true (dunlin_credentials_reload (credentials, &error));
    g_atomic_int_set (&reader.stop, 1);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
    g_assert_cmpuint (dunlin_credentials_generation (credentials), ==, 21);
}

typedef struct {
    const char *name;
    void (*body) (TlsFolder *folder);
} Case;

#define CASE(name, body)                                                                           \
    {                                                                                              \
        "/net/credentials/" name, body                                                             \
    }

static const Case cases[] = {
    CASE ("a-good-set-tells-of-itself", a_good_set_tells_of_itself),
    CASE ("the-purpose-says-who-may-be-a-client", the_purpose_says_who_may_be_a_client),
    CASE ("an-rsa-key-of-2048-bits-is-enough", an_rsa_key_of_2048_bits_is_enough),
    CASE ("an-intermediate-in-the-file-completes-the-chain",
          an_intermediate_in_the_file_completes_the_chain),
    CASE ("the-first-crl-to-end-is-told", the_first_crl_to_end_is_told),
    CASE ("a-missing-file-is-named", a_missing_file_is_named),
    CASE ("a-folder-is-no-file", a_folder_is_no_file),
    CASE ("a-pipe-does-not-hold-us-up", a_pipe_does_not_hold_us_up),
    CASE ("an-endless-file-is-refused", an_endless_file_is_refused),
    CASE ("text-is-no-certificate", text_is_no_certificate),
    CASE ("half-a-certificate-is-refused", half_a_certificate_is_refused),
    CASE ("one-broken-ca-spoils-the-file", one_broken_ca_spoils_the_file),
    CASE ("a-certificate-is-no-key", a_certificate_is_no_key),
    CASE ("anothers-key-does-not-fit", anothers_key_does_not_fit),
    CASE ("an-encrypted-key-is-refused", an_encrypted_key_is_refused),
    CASE ("a-key-that-others-may-read-is-refused", a_key_that_others_may_read_is_refused),
    CASE ("only-roots-key-may-be-shared-with-a-group", only_roots_key_may_be_shared_with_a_group),
    CASE ("anothers-file-is-no-key-of-ours", anothers_file_is_no_key_of_ours),
    CASE ("a-link-to-a-safe-key-is-fine", a_link_to_a_safe_key_is_fine),
    CASE ("what-has-expired-is-refused", what_has_expired_is_refused),
    CASE ("what-is-not-valid-yet-is-refused", what_is_not_valid_yet_is_refused),
    CASE ("a-short-key-is-refused", a_short_key_is_refused),
    CASE ("a-cas-certificate-is-refused", a_cas_certificate_is_refused),
    CASE ("a-foreign-certificate-is-refused", a_foreign_certificate_is_refused),
    CASE ("a-missing-intermediate-is-told", a_missing_intermediate_is_told),
    CASE ("a-revoked-certificate-is-refused", a_revoked_certificate_is_refused),
    CASE ("a-crl-out-of-date-is-refused", a_crl_out_of_date_is_refused),
    CASE ("a-crl-of-another-ca-is-refused", a_crl_of_another_ca_is_refused),
    CASE ("a-certificate-is-no-crl", a_certificate_is_no_crl),
    CASE ("versions-below-1.2-are-refused", versions_below_1_2_are_refused),
    CASE ("unknown-ciphers-are-refused", unknown_ciphers_are_refused),
    CASE ("ciphers-without-certificates-are-refused", ciphers_without_certificates_are_refused),
    CASE ("a-reload-takes-the-new-files", a_reload_takes_the_new_files),
    CASE ("bad-files-leave-the-old-set-in-force", bad_files_leave_the_old_set_in_force),
    CASE ("a-certificate-waits-for-its-key", a_certificate_waits_for_its_key),
    CASE ("a-mended-mode-counts-as-a-change", a_mended_mode_counts_as_a_change),
    CASE ("a-folder-that-is-swapped-counts-as-a-change",
          a_folder_that_is_swapped_counts_as_a_change),
    CASE ("may-be-replaced-while-in-use", may_be_replaced_while_in_use),
};

static void
test (gconstpointer data)
{
    g_autoptr (TlsFolder) folder = tls_folder_new ();

    ((const Case *)data)->body (folder);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        g_test_add_data_func (cases[i].name, &cases[i], test);
    return g_test_run ();
}
