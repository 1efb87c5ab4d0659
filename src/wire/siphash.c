/* Seeded hashes for the keys of generated maps and sets: SipHash-1-3 (Aumasson, Bernstein), with a
 * key drawn once a process, so that nobody who picks the keys can make them collide. */
#include "wire/repairs.h"

#include <string.h>
#include <sys/random.h>

typedef struct {
    guint64 v0, v1, v2, v3;
} State;

static guint64 seed[2];

static guint64
rotate (guint64 x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void
sip_round (State *s)
{
    s->v0 += s->v1;
    s->v1 = rotate (s->v1, 13) ^ s->v0;
    s->v0 = rotate (s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate (s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate (s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate (s->v1, 17) ^ s->v2;
    s->v2 = rotate (s->v2, 32);
}

static void
draw_seed (void)
{
    static gsize drawn;

    if (!g_once_init_enter (&drawn))
        return;
    /* 16 bytes are never given in parts; without a kernel that has getrandom, GLib's generator,
     * which reads /dev/urandom. */
    if (getrandom (seed, sizeof seed, 0) != (gssize)sizeof seed) {
        seed[0] = (guint64)g_random_int () << 32 | g_random_int ();
        seed[1] = (guint64)g_random_int () << 32 | g_random_int ();
    }
    g_once_init_leave (&drawn, 1);
}

static State
begin (void)
{
    draw_seed ();
    /* The constants are SipHash's own: "somepseudorandomlygeneratedbytes". */
    return (State){
        .v0 = seed[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
        .v1 = seed[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
        .v2 = seed[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
        .v3 = seed[1] ^ G_GUINT64_CONSTANT (0x7465646279746573),
    };
}

static void
mix (State *s, guint64 word)
{
    s->v3 ^= word;
    sip_round (s);
    s->v0 ^= word;
}

static guint
end (State *s)
{
    guint64 hash;

    s->v2 ^= 0xff;
    sip_round (s);
    sip_round (s);
    sip_round (s);
    hash = s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
    return (guint)(hash ^ hash >> 32);
}

static guint
hash_bytes (const char *bytes, gsize length)
{
    State s = begin ();
    guint64 word;
    gsize at;

    for (at = 0; at + sizeof word <= length; at += sizeof word) {
        memcpy (&word, bytes + at, sizeof word);
        mix (&s, word);
    }
    word = 0;
    memcpy (&word, bytes + at, length - at);
    mix (&s, word ^ (guint64)length << 56);
    return end (&s);
}

static guint
hash_word (guint64 word)
{
    State s = begin ();

    mix (&s, word);
    return end (&s);
}

guint
dunlin_repairs_str_hash (gconstpointer key)
{
    return hash_bytes ((const char *)key, strlen ((const char *)key));
}

guint
dunlin_repairs_int_hash (gconstpointer key)
{
    return hash_word ((guint64) * (const gint32 *)key);
}

guint
dunlin_repairs_int64_hash (gconstpointer key)
{
    return hash_word (*(const guint64 *)key);
}

guint
dunlin_repairs_double_hash (gconstpointer key)
{
    double value = *(const double *)key + 0.0; /* -0.0 equals 0.0, so it must hash alike */
    guint64 word;

    memcpy (&word, &value, sizeof word);
    return hash_word (word);
}

guint
dunlin_repairs_direct_hash (gconstpointer key)
{
    return hash_word ((guint64)GPOINTER_TO_SIZE (key));
}
