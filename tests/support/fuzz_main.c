/*
 * fuzz_main: replays a fuzz target's seeds and a fixed number of their mutations, the same ones in
 * every run, so that every build tests its decoders against hostile bytes. It looks for nothing
 * new: that is what libFuzzer is for (preset `fuzz`).
 *
 * usage: fuzz_x SEEDS...      folders or files
 * On a failure it says which input it was and leaves it in the file "<program>.failed".
 */
#include <glib.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MUTATIONS        2000  /* of each seed: about a second for a dozen seeds under ASan */
#define INPUT_BYTES_MAX  65536 /* bytes; mutations do not grow beyond */
#define SECONDS_AN_INPUT 10    /* then it counts as a hang */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
int LLVMFuzzerInitialize (int *argc, char ***argv) __attribute__ ((weak));
void __sanitizer_set_death_callback (void (*callback) (void)) __attribute__ ((weak));

static char *left_file;       /* owned; where on_death () leaves the input */
static const char *seed_name; /* borrowed: the caller's, while its seed runs */
static int mutation;          /* 0: the seed itself */
static GByteArray *input;     /* owned; what runs now */
static char description[512]; /* of it; made beforehand, because on_death () can format nothing */
static gulong executed;

static void
put (int fd, const void *data, gsize size)
{
    if (write (fd, data, size) != (gssize)size)
        _exit (1);
}

static void
on_death (void)
{
    int file = open (left_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    put (STDERR_FILENO, description, strlen (description));
    put (file, input->data, input->len);
    close (file);
}

static void
on_signal (int number)
{
    const char *text = number == SIGALRM ? "fuzz: too slow\n" : "fuzz: the target died\n";

    put (STDERR_FILENO, text, strlen (text));
    on_death ();
    _exit (1);
}

static void
watch_for_death (void)
{
    signal (SIGALRM, on_signal);
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback (on_death);
        return;
    }
    signal (SIGABRT, on_signal);
    signal (SIGSEGV, on_signal);
}

/* The copy has exactly the input's size, so that a sanitizer sees the first byte read past it. */
static void
run_input (void)
{
    g_autofree guint8 *exact = g_memdup2 (input->data, input->len);

    g_snprintf (description, sizeof description, "fuzz: seed %s, mutation %d: see %s\n", seed_name,
                mutation, left_file);
    alarm (SECONDS_AN_INPUT);
    LLVMFuzzerTestOneInput (exact, input->len);
    executed++;
}

static guint
below (GRand *rand, guint limit)
{
    return limit == 0 ? 0 : (guint)g_rand_int_range (rand, 0, (gint32)limit);
}

static void
flip_bit (GRand *rand)
{
    if (input->len > 0)
        input->data[below (rand, input->len)] ^= (guint8)(1u << below (rand, 8));
}

static void
set_byte (GRand *rand)
{
    static const guint8 edges[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

    if (input->len > 0)
        input->data[below (rand, input->len)] = edges[below (rand, G_N_ELEMENTS (edges))];
}

/* Lengths and counts are what decoders trust too soon. */
static void
set_length (GRand *rand)
{
    static const guint32 edges[] = { 0,          1,          0x7f,       0x80,      0xffff,
                                     0x00ffffff, 0x7fffffff, 0x80000000, 0xffffffff };
    guint32 value = GUINT32_TO_BE (edges[below (rand, G_N_ELEMENTS (edges))]);

    if (input->len >= sizeof value)
        memcpy (input->data + below (rand, input->len - (guint)sizeof value + 1), &value,
                sizeof value);
}

static void
truncate_tail (GRand *rand)
{
    g_byte_array_set_size (input, below (rand, input->len + 1));
}

static void
remove_part (GRand *rand)
{
    guint start = below (rand, input->len);
    guint length = below (rand, MIN (input->len - start, 16u) + 1);

    if (length > 0)
        g_byte_array_remove_range (input, start, length);
}

static void
repeat_part (GRand *rand)
{
    guint start = below (rand, input->len);
    guint length = below (rand, MIN (input->len - start, 64u) + 1);
    g_autofree guint8 *part = length > 0 ? g_memdup2 (input->data + start, length) : NULL;

    if (part != NULL && input->len + length <= INPUT_BYTES_MAX)
        g_byte_array_append (input, part, length);
}

static void (*const mutators[]) (GRand *) = {
    flip_bit, set_byte, set_length, truncate_tail, remove_part, repeat_part,
};

static void
mutate (GRand *rand)
{
    guint rounds = 1 + below (rand, 4);

    for (guint i = 0; i < rounds; i++)
        mutators[below (rand, G_N_ELEMENTS (mutators))](rand);
}

static void
run_seed (const char *name, const guint8 *data, gsize size)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (name));

    seed_name = name;
    for (mutation = 0; mutation <= MUTATIONS; mutation++) {
        g_byte_array_set_size (input, 0);
        g_byte_array_append (input, data, (guint)size);
        if (mutation > 0)
            mutate (rand);
        run_input ();
    }
}

static void
run_file (const char *path)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *name = g_path_get_basename (path);
    g_autofree char *data = NULL;
    gsize size = 0;

    if (!g_file_get_contents (path, &data, &size, &error))
        g_error ("%s", error->message);
    run_seed (name, (const guint8 *)data, size);
}

static void
run_folder (const char *path)
{
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    const char *name = NULL;

    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *file = g_build_filename (path, name, NULL);
        run_file (file);
    }
}

int
main (int argc, char *argv[])
{
    input = g_byte_array_new ();
    left_file = g_strconcat (argv[0], ".failed", NULL);
    watch_for_death ();
    if (LLVMFuzzerInitialize != NULL)
        LLVMFuzzerInitialize (&argc, &argv);

    run_seed ("(empty)", (const guint8 *)"", 0);
    for (int i = 1; i < argc; i++) {
        if (g_file_test (argv[i], G_FILE_TEST_IS_DIR))
            run_folder (argv[i]);
        else
            run_file (argv[i]);
    }
    alarm (0);
    g_print ("ok: %lu inputs\n", executed);
    g_byte_array_unref (input);
    g_free (left_file);
    return 0;
}
