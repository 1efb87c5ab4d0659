package interop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command line of --name=value and plain words. */
final class Arguments {
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();

    Arguments(String[] args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--"))
                words.add(arg);
            else if (equals < 0)
                options.put(arg.substring(2), "true");
            else
                options.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
    }

    List<String> words() {
        return words;
    }

    boolean has(String name) {
        return options.containsKey(name);
    }

    String get(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    int get(String name, int otherwise) {
        return has(name) ? Integer.parseInt(options.get(name)) : otherwise;
    }

    String need(String name) {
        if (!has(name))
            throw new IllegalArgumentException("--" + name + "= is missing");
        return options.get(name);
    }
}
