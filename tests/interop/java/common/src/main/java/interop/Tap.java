package interop;

/**
 * Test points on standard output. Every name is "client | transport | protocol | security | case":
 * the driver makes its table of the first four.
 */
final class Tap {
    interface Body {
        void run() throws Exception;
    }

    /** What a case throws when something is not as it should be. */
    static final class Wrong extends Exception {
        Wrong(String message) {
            super(message);
        }
    }

    private final String only;
    private int points;
    private int failures;

    Tap(String only) {
        this.only = only;
    }

    int failures() {
        return failures;
    }

    void point(String group, String name, Body body) {
        if (only != null && !(group + " | " + name).contains(only))
            return;

        long start = System.nanoTime();
        String why = null;
        try {
            body.run();
        } catch (Wrong e) {
            why = e.getMessage();
        } catch (Throwable e) {
            why = trace(e);
        }

        points++;
        long ms = (System.nanoTime() - start) / 1_000_000;
        System.out.println((why == null ? "ok " : "not ok ") + points + " - " + group + " | " + name
            + " # " + ms + " ms");
        if (why != null) {
            failures++;
            for (String line : why.split("\n"))
                System.out.println("#   " + line);
        }
        System.out.flush();
    }

    /** What happened and where in this program: the libraries' own frames help nobody here. */
    private static String trace(Throwable e) {
        StringBuilder text = new StringBuilder(brief(e));

        for (StackTraceElement frame : e.getStackTrace())
            if (frame.getClassName().startsWith("interop."))
                text.append("\n  at ").append(frame);
        if (e.getCause() != null && e.getCause() != e)
            text.append("\nby ").append(trace(e.getCause()));
        return text.toString();
    }

    void end() {
        System.out.println("1.." + points);
        System.out.println("# " + (points - failures) + " passed, " + failures + " failed");
        System.out.flush();
    }

    static void note(String text) {
        System.out.println("# " + text);
        System.out.flush();
    }

    static void check(boolean holds, String otherwise) throws Wrong {
        if (!holds)
            throw new Wrong(otherwise);
    }

    static void equal(Object expected, Object got, String what) throws Wrong {
        if (expected == null ? got != null : !expected.equals(got))
            throw new Wrong(what + ": expected " + brief(expected) + ", got " + brief(got));
    }

    static String brief(Object value) {
        String text = String.valueOf(value);
        return text.length() > 300 ? text.substring(0, 300) + "... (" + text.length() + ")" : text;
    }
}
