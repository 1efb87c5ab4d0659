"""Values of EveryType that are worth a round trip, by the name of what is special in them."""
import math
import struct

from conformance.ttypes import Choice, Color, EveryType, Leaf

UNICODE = "Grüße, 世界, Привет, שלום, e\u0301, \u200d, \U0001F30D, \u0001, \uFFFD"
OPTIONALS = ("choice", "maybe_flag", "maybe_large", "maybe_text")
REALS = (0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308)


def full(**changes):
    value = EveryType(
        flag=True, tiny=12, small=-1234, medium=123456789, large=-1234567890123456789,
        real=math.pi, text="text", blob=b"\1\2\3", color=Color.BLUE, leaf=Leaf(7, "seven"),
        longs=[0, 1, -1, 2**63 - 1, -2**63], words={"one", "two", "three"},
        counts={"a": 1, "b": -2, "c": -2**31}, leaves=[Leaf(1, "one"), Leaf(-1, "")],
        groups={1: [Leaf(1, "x"), Leaf(2, "y")], -1: []}, matrix=[[1.5, -2.5], [], [0.0]],
        choice=Choice(number=-2**63), maybe_flag=True, maybe_large=2**40, maybe_text="maybe",
        blobs=[b"\x09\x08\x07", b""], names={Color.RED: "red", Color.NEGATIVE: "negative"},
        numbers={0, -1, 2**31 - 1, -2**31}, with_default=43, flags=[True, False, False, True],
        nested={"x": {"y": 0.5}, "z": {}}, far_away="far away")
    for name, changed in changes.items():
        setattr(value, name, changed)
    return value


def numbers(tiny, small, medium, large):
    return full(tiny=tiny, small=small, medium=medium, large=large, maybe_large=large,
                with_default=medium, longs=[large, 0, large], numbers={medium},
                counts={"n": medium}, leaf=Leaf(medium, "n"), choice=Choice(number=large),
                groups={medium: [Leaf(medium, "n")]})


def every_value():
    yield "every field set", full()
    yield "smallest integers", numbers(-2**7, -2**15, -2**31, -2**63)
    yield "largest integers", numbers(2**7 - 1, 2**15 - 1, 2**31 - 1, 2**63 - 1)
    yield "minus one everywhere", numbers(-1, -1, -1, -1)
    for real in REALS:
        yield f"double {real}", full(real=real)
    yield "nan and infinities in lists", full(matrix=[list(REALS), [], list(REALS)])
    yield "zeros in binary", full(blob=b"\0\0\1\0\xff\0", blobs=[b"\0", b"\0\0", b"", b"\1\0\2"])
    yield "unicode", full(
        text=UNICODE, far_away=UNICODE, maybe_text=UNICODE, words={UNICODE, "é", "e\u0301"},
        counts={UNICODE: 1}, names={Color.GREEN: UNICODE}, leaf=Leaf(1, UNICODE),
        choice=Choice(text=UNICODE), nested={UNICODE: {UNICODE: 1.0}})
    yield "empty containers and strings", full(
        text="", blob=b"", longs=[], words=set(), counts={}, leaves=[], groups={}, matrix=[],
        choice=Choice(numbers=[]), blobs=[], names={}, numbers=set(), flags=[], nested={},
        far_away="")
    yield "large containers", full(
        longs=[i**3 for i in range(20_000)], flags=[i % 3 == 0 for i in range(20_000)],
        leaves=[Leaf(i, f"leaf {i}") for i in range(5_000)],
        counts={f"key {i}": i for i in range(5_000)}, text="é" * 100_000)
    yield "only defaults", EveryType()
    yield "a default overwritten", EveryType(with_default=-7)
    yield "optionals set to zero values", full(maybe_flag=False, maybe_large=0, maybe_text="")
    yield "optionals unset", full(choice=None, maybe_flag=None, maybe_large=None, maybe_text=None)
    yield "field 32767 alone", EveryType(far_away="far")
    yield "union holding number", full(choice=Choice(number=0))
    yield "union holding text", full(choice=Choice(text="t"))
    yield "union holding leaf", full(choice=Choice(leaf=Leaf(3, "three")))
    yield "union holding numbers", full(choice=Choice(numbers=[1, 2, -3]))
    for name, number in (("RED", 1), ("BLUE", 10), ("NEGATIVE", -5)):
        yield f"enum {name}", full(color=number)
    for number in (99, 0, -1, 2**31 - 1, -2**31):
        # c_glib takes a key of 0 for none: an enum with a member 0 is no key there.
        names = {number: "?"} if number else {}
        yield f"enum value {number}, which nobody knows", full(color=number, names=names)


def same(sent, got):
    """Bit for bit in doubles, also inside containers; NaN is like NaN."""
    if isinstance(sent, float):
        return isinstance(got, float) and (struct.pack("!d", sent) == struct.pack("!d", got)
                                           or math.isnan(sent) and math.isnan(got))
    if isinstance(sent, list):
        return len(sent) == len(got) and all(map(same, sent, got))
    if isinstance(sent, dict):
        return sent.keys() == got.keys() and all(same(sent[key], got[key]) for key in sent)
    return sent == got


def difference(sent, got):
    """What differs; None when nothing does. A plain field that was not set may come back as its
    zero value, as many languages write it, but an optional one may not."""
    for name in vars(sent):
        before, after = getattr(sent, name), getattr(got, name)
        if before is not None and not same(before, after):
            return f"{name}: expected {before!r:.300}, got {after!r:.300}"
        if before is None and after is not None and name in OPTIONALS:
            return f"{name} was not set and came back as {after!r:.300}"
    return None
