/* Values of EveryType that are worth a round trip, and how two of them are compared. */
#include "values.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace conformance;

static const std::string unicode
    = "Gr\u00fc\u00dfe, \u4e16\u754c, \u041f\u0440\u0438\u0432\u0435\u0442, "
      "\u05e9\u05dc\u05d5\u05dd, e\u0301, \u200d, \U0001F30D, \x01, \ufffd";

static Leaf
leaf (int32_t number, const std::string &text)
{
    Leaf leaf;
    leaf.__set_number (number);
    leaf.__set_text (text);
    return leaf;
}

static Choice
choice (int64_t number)
{
    Choice choice;
    choice.__set_number (number);
    return choice;
}

static EveryType
full ()
{
    EveryType value;
    value.__set_flag (true);
    value.__set_tiny (12);
    value.__set_small (-1234);
    value.__set_medium (123456789);
    value.__set_large (-1234567890123456789);
    value.__set_real (3.141592653589793);
    value.__set_text ("text");
    value.__set_blob (std::string ("\1\2\3", 3));
    value.__set_color (Color::BLUE);
    value.__set_leaf (leaf (7, "seven"));
    value.__set_longs ({ 0, 1, -1, INT64_MAX, INT64_MIN });
    value.__set_words ({ "one", "two", "three" });
    value.__set_counts ({ { "a", 1 }, { "b", -2 }, { "c", INT32_MIN } });
    value.__set_leaves ({ leaf (1, "one"), leaf (-1, "") });
    value.__set_groups ({ { 1, { leaf (1, "x"), leaf (2, "y") } }, { -1, {} } });
    value.__set_matrix ({ { 1.5, -2.5 }, {}, { 0.0 } });
    value.__set_choice (choice (INT64_MIN));
    value.__set_maybe_flag (true);
    value.__set_maybe_large (1LL << 40);
    value.__set_maybe_text ("maybe");
    value.__set_blobs ({ "\x09\x08\x07", "" });
    value.__set_names ({ { Color::RED, "red" }, { Color::NEGATIVE, "negative" } });
    value.__set_numbers ({ 0, -1, INT32_MAX, INT32_MIN });
    value.__set_with_default (43);
    value.__set_flags ({ true, false, false, true });
    value.__set_nested ({ { "x", { { "y", 0.5 } } }, { "z", {} } });
    value.__set_far_away ("far away");
    return value;
}

static EveryType
numbers (int8_t tiny, int16_t small, int32_t medium, int64_t large)
{
    EveryType value = full ();
    value.__set_tiny (tiny);
    value.__set_small (small);
    value.__set_medium (medium);
    value.__set_large (large);
    value.__set_maybe_large (large);
    value.__set_with_default (medium);
    value.__set_longs ({ large, 0, large });
    value.__set_numbers ({ medium });
    value.__set_counts ({ { "n", medium } });
    value.__set_leaf (leaf (medium, "n"));
    value.__set_choice (choice (large));
    value.__set_groups ({ { medium, { leaf (medium, "n") } } });
    return value;
}

static std::vector<double>
reals ()
{
    using limits = std::numeric_limits<double>;
    return { 0.0,
             -0.0,
             limits::quiet_NaN (),
             limits::infinity (),
             -limits::infinity (),
             limits::denorm_min (),
             limits::max () };
}

static EveryType
with_real (double real)
{
    EveryType value = full ();
    value.__set_real (real);
    return value;
}

static EveryType
with_reals_in_lists ()
{
    EveryType value = full ();
    value.__set_matrix ({ reals (), {}, reals () });
    return value;
}

static EveryType
with_zeros ()
{
    EveryType value = full ();
    value.__set_blob (std::string ("\0\0\1\0\xff\0", 6));
    value.__set_blobs ({ std::string (1, '\0'), std::string (2, '\0'), "" });
    return value;
}

static EveryType
with_unicode ()
{
    EveryType value = full ();
    Choice text;
    text.__set_text (unicode);
    value.__set_text (unicode);
    value.__set_far_away (unicode);
    value.__set_maybe_text (unicode);
    value.__set_words ({ unicode, "\u00e9", "e\u0301" });
    value.__set_counts ({ { unicode, 1 } });
    value.__set_names ({ { Color::GREEN, unicode } });
    value.__set_leaf (leaf (1, unicode));
    value.__set_choice (text);
    value.__set_nested ({ { unicode, { { unicode, 1.0 } } } });
    return value;
}

static EveryType
empty ()
{
    EveryType value = full ();
    Choice nothing;
    nothing.__set_numbers ({});
    value.__set_text ("");
    value.__set_blob ("");
    value.__set_longs ({});
    value.__set_words ({});
    value.__set_counts ({});
    value.__set_leaves ({});
    value.__set_groups ({});
    value.__set_matrix ({});
    value.__set_choice (nothing);
    value.__set_blobs ({});
    value.__set_names ({});
    value.__set_numbers ({});
    value.__set_flags ({});
    value.__set_nested ({});
    value.__set_far_away ("");
    return value;
}

static EveryType
large ()
{
    EveryType value = full ();
    value.longs.clear ();
    value.flags.clear ();
    value.leaves.clear ();
    value.counts.clear ();
    for (int64_t i = 0; i < 20000; i++) {
        value.longs.push_back (i * i * i);
        value.flags.push_back (i % 3 == 0);
    }
    for (int i = 0; i < 5000; i++) {
        value.leaves.push_back (leaf (i, "leaf " + std::to_string (i)));
        value.counts["key " + std::to_string (i)] = i;
    }
    value.__set_text (std::string (200000, 'x'));
    return value;
}

static EveryType
without_optionals ()
{
    EveryType value = full ();
    value.__isset.choice = false;
    value.__isset.maybe_flag = false;
    value.__isset.maybe_large = false;
    value.__isset.maybe_text = false;
    return value;
}

static EveryType
with_zero_optionals ()
{
    EveryType value = full ();
    value.__set_maybe_flag (false);
    value.__set_maybe_large (0);
    value.__set_maybe_text ("");
    return value;
}

static EveryType
far_away_alone ()
{
    EveryType value;
    value.__set_far_away ("far");
    return value;
}

static EveryType
with_color (int number)
{
    EveryType value = full ();
    value.__set_color (static_cast<Color::type> (number));
    /* c_glib takes a key of 0 for none: an enum with a member 0 is no key there. */
    if (number != 0)
        value.__set_names ({ { static_cast<Color::type> (number), "?" } });
    return value;
}

static std::vector<std::pair<std::string, EveryType>>
every_choice ()
{
    std::vector<std::pair<std::string, EveryType>> values;
    Choice choices[4];
    choices[0].__set_number (0);
    choices[1].__set_text ("t");
    choices[2].__set_leaf (leaf (3, "three"));
    choices[3].__set_numbers ({ 1, 2, -3 });

    static const char *const names[] = { "number", "text", "leaf", "numbers" };
    for (int i = 0; i < 4; i++) {
        EveryType value = full ();
        value.__set_choice (choices[i]);
        values.emplace_back (std::string ("union holding ") + names[i], value);
    }
    return values;
}

std::vector<std::pair<std::string, EveryType>>
every_value ()
{
    std::vector<std::pair<std::string, EveryType>> values = {
        { "every field set", full () },
        { "smallest integers", numbers (INT8_MIN, INT16_MIN, INT32_MIN, INT64_MIN) },
        { "largest integers", numbers (INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX) },
        { "minus one everywhere", numbers (-1, -1, -1, -1) },
        { "nan and infinities in lists", with_reals_in_lists () },
        { "zeros in binary", with_zeros () },
        { "unicode", with_unicode () },
        { "empty containers and strings", empty () },
        { "large containers", large () },
        { "only defaults", EveryType () },
        { "optionals set to zero values", with_zero_optionals () },
        { "optionals unset", without_optionals () },
        { "field 32767 alone", far_away_alone () },
    };
    for (double real : reals ())
        values.emplace_back ("double " + std::to_string (real), with_real (real));
    for (int number : { 1, 2, 10, -5 })
        values.emplace_back ("enum " + std::to_string (number), with_color (number));
    for (int number : { 99, 0, -1, INT32_MAX, INT32_MIN })
        values.emplace_back ("enum value " + std::to_string (number) + ", which nobody knows",
                             with_color (number));
    for (const auto &value : every_choice ())
        values.push_back (value);
    return values;
}

/* Bit for bit, but NaN is like NaN. */
static bool
same (double a, double b)
{
    return std::memcmp (&a, &b, sizeof a) == 0 || (std::isnan (a) && std::isnan (b));
}

static bool
same (const std::vector<std::vector<double>> &a, const std::vector<std::vector<double>> &b)
{
    if (a.size () != b.size ())
        return false;
    for (size_t i = 0; i < a.size (); i++) {
        if (a[i].size () != b[i].size ())
            return false;
        for (size_t k = 0; k < a[i].size (); k++)
            if (!same (a[i][k], b[i][k]))
                return false;
    }
    return true;
}

std::string
difference (const EveryType &sent, const EveryType &got)
{
    if (!same (sent.real, got.real))
        return "real: expected " + std::to_string (sent.real) + ", got "
               + std::to_string (got.real);
    if (!same (sent.matrix, got.matrix))
        return "matrix differs";

    /* Doubles have been looked at; a plain field that was not set is its zero value in both. */
    EveryType a = sent, b = got;
    a.real = b.real = 0;
    a.matrix.clear ();
    b.matrix.clear ();
    if (a == b)
        return "";

#define LOOK(field)                                                                               \
    if (!(a.field == b.field))                                                                    \
    return #field " differs"
    LOOK (flag);
    LOOK (tiny);
    LOOK (small);
    LOOK (medium);
    LOOK (large);
    LOOK (text);
    LOOK (blob);
    LOOK (color);
    LOOK (leaf);
    LOOK (longs);
    LOOK (words);
    LOOK (counts);
    LOOK (leaves);
    LOOK (groups);
    LOOK (__isset.choice);
    LOOK (choice);
    LOOK (__isset.maybe_flag);
    LOOK (__isset.maybe_large);
    LOOK (__isset.maybe_text);
    LOOK (blobs);
    LOOK (names);
    LOOK (numbers);
    LOOK (with_default);
    LOOK (flags);
    LOOK (nested);
    LOOK (far_away);
#undef LOOK
    return "something differs";
}
