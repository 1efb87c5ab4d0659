/* Blackman and Vigna's xoshiro256**, seeded by splitmix64: small, fast, and even in all its bits.
 */
#include "base/random.h"

static guint64
split_mix (guint64 *state)
{
    guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void
dunlin_random_init_with_seed (DunlinRandom *self, guint64 seed)
{
    for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
        self->words[i] = split_mix (&seed);
}

void
dunlin_random_init (DunlinRandom *self)
{
    dunlin_random_init_with_seed (self, (guint64)g_random_int () << 32 | g_random_int ());
}

static guint64
rotate (guint64 x, guint bits)
{
    return x << bits | x >> (64 - bits);
}

guint64
dunlin_random_next (DunlinRandom *self)
{
    guint64 *words = self->words;
    guint64 result = rotate (words[1] * 5, 7) * 9;
    guint64 shifted = words[1] << 17;

    words[2] ^= words[0];
    words[3] ^= words[1];
    words[1] ^= words[2];
    words[0] ^= words[3];
    words[2] ^= shifted;
    words[3] = rotate (words[3], 45);
    return result;
}

/* Lemire's: the upper half of a product instead of a division, and what would make some numbers
 * likelier than others is drawn again. */
guint64
dunlin_random_below (DunlinRandom *self, guint64 n)
{
    unsigned __int128 product = 0;
    guint64 low = 0;

    g_assert (n > 0);
    product = (unsigned __int128)dunlin_random_next (self) * n;
    low = (guint64)product;
    if (low < n) {
        guint64 threshold = (0 - n) % n;

        for (; low < threshold; low = (guint64)product)
            product = (unsigned __int128)dunlin_random_next (self) * n;
    }
    return (guint64)(product >> 64);
}

double
dunlin_random_fraction (DunlinRandom *self)
{
    return (double)(dunlin_random_next (self) >> 11) * 0x1p-53;
}
