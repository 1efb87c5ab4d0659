package bench;

import java.io.File;
import java.util.HashMap;
import java.util.Map;

/** A command line of --NAME=VALUE words. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    Options(String[] words) {
        for (String word : words) {
            String[] parts = word.split("=", 2);
            if (!word.startsWith("--") || parts.length != 2)
                throw new IllegalArgumentException(word + ": want --NAME=VALUE");
            values.put(parts[0].substring(2), parts[1]);
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String get(String name) {
        return values.get(name);
    }

    String get(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    File file(String name) {
        return new File(values.get(name));
    }
}
