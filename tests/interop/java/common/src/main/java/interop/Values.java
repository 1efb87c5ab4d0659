package interop;

import conformance.Choice;
import conformance.Color;
import conformance.EveryType;
import conformance.Leaf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of EveryType that are worth a round trip, by the name of what is special in them. */
final class Values {
    static final String UNICODE =
        "Grüße, 世界, Привет, שלום, e\u0301, \u200d, \uD83C\uDF0D, \u0001, \uFFFD";

    private Values() {
    }

    static Map<String, EveryType> all() {
        Map<String, EveryType> values = new LinkedHashMap<>();

        values.put("every field set", full());
        values.put("smallest integers", numbers(Byte.MIN_VALUE, Short.MIN_VALUE, Integer.MIN_VALUE,
                                                Long.MIN_VALUE));
        values.put("largest integers", numbers(Byte.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE,
                                               Long.MAX_VALUE));
        values.put("minus one everywhere", numbers((byte) -1, (short) -1, -1, -1L));
        for (double real : reals())
            values.put("double " + real, full().setReal(real));
        values.put("nan and infinities in lists",
                   full().setMatrix(List.of(list(reals()), List.of(), list(reals()))));
        values.put("zeros in binary", full().setBlob(new byte[] {0, 0, 1, 0, (byte) 255, 0})
            .setBlobs(List.of(bytes(0), bytes(0, 0), bytes(), bytes(1, 0, 2))));
        values.put("unicode", unicode());
        values.put("empty containers and strings", empty());
        values.put("large containers", large());
        values.put("only defaults", new EveryType());
        values.put("a default overwritten", new EveryType().setWith_default(-7));
        values.put("optionals set to zero values",
                   full().setMaybe_flag(false).setMaybe_large(0).setMaybe_text(""));
        values.put("optionals unset", unsetOptionals());
        values.put("field 32767 alone", new EveryType().setFar_away("far"));
        values.put("a leaf's default left out", full().setLeaf(new Leaf().setNumber(0)));
        for (Choice choice : choices())
            values.put("union holding " + choice.getSetField().getFieldName(),
                       full().setChoice(choice));
        for (Color color : Color.values())
            values.put("enum " + color, full().setColor(color));
        return values;
    }

    static EveryType full() {
        return new EveryType()
            .setFlag(true).setTiny((byte) 12).setSmall((short) -1234).setMedium(123456789)
            .setLarge(-1234567890123456789L).setReal(3.141592653589793).setText("text")
            .setBlob(new byte[] {1, 2, 3}).setColor(Color.BLUE).setLeaf(leaf(7, "seven"))
            .setLongs(Arrays.asList(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE))
            .setWords(new HashSet<>(Arrays.asList("one", "two", "three")))
            .setCounts(new HashMap<>(Map.of("a", 1, "b", -2, "c", Integer.MIN_VALUE)))
            .setLeaves(Arrays.asList(leaf(1, "one"), leaf(-1, "")))
            .setGroups(new HashMap<>(Map.of(1, List.of(leaf(1, "x"), leaf(2, "y")), -1, List.of())))
            .setMatrix(List.of(List.of(1.5, -2.5), List.of(), List.of(0.0)))
            .setChoice(Choice.number(Long.MIN_VALUE))
            .setMaybe_flag(true).setMaybe_large(1L << 40).setMaybe_text("maybe")
            .setBlobs(List.of(bytes(9, 8, 7), bytes()))
            .setNames(new HashMap<>(Map.of(Color.RED, "red", Color.NEGATIVE, "negative")))
            .setNumbers(new HashSet<>(Arrays.asList(0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE)))
            .setWith_default(43)
            .setFlags(Arrays.asList(true, false, false, true))
            .setNested(new HashMap<>(Map.of("x", new HashMap<>(Map.of("y", 0.5)), "z", new HashMap<>())))
            .setFar_away("far away");
    }

    /**
     * What differs in the answer. Bit for bit in doubles; a plain field that was not set may come
     * back as its zero value, as many languages write it, but an optional one may not.
     *
     * @return null when nothing does
     */
    static String difference(EveryType sent, EveryType got) {
        long expected = Double.doubleToRawLongBits(sent.real);
        if (expected != Double.doubleToRawLongBits(got.real)
            && !(Double.isNaN(sent.real) && Double.isNaN(got.real)))
            return "real: expected " + sent.real + ", got " + got.real;

        for (EveryType._Fields field : EveryType._Fields.values()) {
            if (field == EveryType._Fields.REAL)
                continue;
            if (sent.isSet(field) && !value(sent, field).equals(value(got, field)))
                return field.getFieldName() + ": expected " + Tap.brief(value(sent, field))
                    + ", got " + Tap.brief(value(got, field));
            if (!sent.isSet(field) && got.isSet(field) && OPTIONALS.contains(field))
                return field.getFieldName() + " was not set and came back as "
                    + Tap.brief(got.getFieldValue(field));
        }
        return null;
    }

    private static Object value(EveryType from, EveryType._Fields field) {
        return field == EveryType._Fields.BLOB ? from.blob : from.getFieldValue(field);
    }

    private static final Set<EveryType._Fields> OPTIONALS = EnumSet.of(
        EveryType._Fields.CHOICE, EveryType._Fields.MAYBE_FLAG, EveryType._Fields.MAYBE_LARGE,
        EveryType._Fields.MAYBE_TEXT);

    private static EveryType numbers(byte tiny, short small, int medium, long large) {
        return full().setTiny(tiny).setSmall(small).setMedium(medium).setLarge(large)
            .setMaybe_large(large).setWith_default(medium).setLongs(List.of(large, 0L, large))
            .setNumbers(new HashSet<>(List.of(medium))).setCounts(new HashMap<>(Map.of("n", medium)))
            .setLeaf(leaf(medium, "n")).setChoice(Choice.number(large))
            .setGroups(new HashMap<>(Map.of(medium, List.of(leaf(medium, "n")))));
    }

    private static double[] reals() {
        return new double[] {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY,
                             Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE};
    }

    private static EveryType unicode() {
        return full().setText(UNICODE).setFar_away(UNICODE).setMaybe_text(UNICODE)
            .setWords(new HashSet<>(List.of(UNICODE, "é", "e\u0301")))
            .setCounts(new HashMap<>(Map.of(UNICODE, 1)))
            .setNames(new HashMap<>(Map.of(Color.GREEN, UNICODE)))
            .setLeaf(leaf(1, UNICODE)).setChoice(Choice.text(UNICODE))
            .setNested(new HashMap<>(Map.of(UNICODE, new HashMap<>(Map.of(UNICODE, 1.0)))));
    }

    private static EveryType empty() {
        return full().setText("").setBlob(new byte[0]).setLongs(List.of()).setWords(new HashSet<>())
            .setCounts(new HashMap<>()).setLeaves(List.of()).setGroups(new HashMap<>())
            .setMatrix(List.of()).setChoice(Choice.numbers(List.of())).setBlobs(List.of())
            .setNames(new HashMap<>()).setNumbers(new HashSet<>()).setFlags(List.of())
            .setNested(new HashMap<>()).setFar_away("");
    }

    private static EveryType large() {
        EveryType value = full();
        List<Long> longs = new ArrayList<>();
        List<Leaf> leaves = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        List<Boolean> flags = new ArrayList<>();

        for (int i = 0; i < 20_000; i++) {
            longs.add((long) i * i * i);
            flags.add(i % 3 == 0);
        }
        for (int i = 0; i < 5_000; i++) {
            leaves.add(leaf(i, "leaf " + i));
            counts.put("key " + i, i);
        }
        return value.setLongs(longs).setLeaves(leaves).setCounts(counts).setFlags(flags)
            .setText(String.join("", Collections.nCopies(100_000, "é")));
    }

    private static EveryType unsetOptionals() {
        EveryType value = full();

        value.unsetChoice();
        value.unsetMaybe_flag();
        value.unsetMaybe_large();
        value.unsetMaybe_text();
        return value;
    }

    private static List<Choice> choices() {
        return List.of(Choice.number(0), Choice.text("t"), Choice.leaf(leaf(3, "three")),
                       Choice.numbers(List.of(1, 2, -3)));
    }

    private static Leaf leaf(int number, String text) {
        return new Leaf().setNumber(number).setText(text);
    }

    private static ByteBuffer bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
            bytes[i] = (byte) values[i];
        return ByteBuffer.wrap(bytes);
    }

    private static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>();
        for (double value : values)
            list.add(value);
        return list;
    }
}
