package interop;

import com.twitter.util.Await;
import com.twitter.util.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Holds a conformance server against real Finagle clients, as test points on standard output.
 *
 * Words of the command line, done in turn:
 *   conformance DEST   every case over thriftmux and ttwitter, the main ones over the other ways
 *   full DEST          every case over thriftmux and ttwitter
 *   brief DEST         the main cases over thriftmux and ttwitter
 *   sees DEST, blind DEST   whether a name leads anywhere
 *   load DEST          calls without a pause until a line comes on standard input; see Load
 * Options: --tls-certificate= --tls-key= --tls-ca= --tls-host=, --only=TEXT
 */
public final class FinagleSuite {
    private FinagleSuite() {
    }

    public static void main(String[] argv) throws Exception {
        Arguments args = new Arguments(argv);
        Tap tap = new Tap(args.get("only", null));

        Logger.getLogger("").setLevel(Level.parse(args.get("log", "SEVERE")));
        for (int i = 0; i + 1 < args.words().size(); i += 2)
            run(tap, args, args.words().get(i), args.words().get(i + 1));
        tap.end();
        System.exit(tap.failures() == 0 ? 0 : 1);
    }

    private static void run(Tap tap, Arguments args, String what, String dest) throws Exception {
        switch (what) {
        case "conformance":
            cases(tap, args, dest, Peer.Transport.THRIFTMUX, false, true);
            cases(tap, args, dest, Peer.Transport.TTWITTER, false, true);
            cases(tap, args, dest, Peer.Transport.FRAGMENTS, false, false);
            cases(tap, args, dest, Peer.Transport.FRAMED, false, true);
            cases(tap, args, dest, Peer.Transport.THRIFTMUX, true, false);
            cases(tap, args, dest, Peer.Transport.TTWITTER, true, true);
            break;
        case "full":
            cases(tap, args, dest, Peer.Transport.THRIFTMUX, false, true);
            cases(tap, args, dest, Peer.Transport.TTWITTER, false, true);
            break;
        case "brief":
            cases(tap, args, dest, Peer.Transport.THRIFTMUX, false, false);
            cases(tap, args, dest, Peer.Transport.TTWITTER, false, false);
            break;
        case "sees":
            sight(tap, args, dest, true);
            break;
        case "blind":
            sight(tap, args, dest, false);
            break;
        case "load":
            new Load(tap, args, dest).run();
            break;
        default:
            throw new IllegalArgumentException("there is no " + what);
        }
    }

    private static void cases(Tap tap, Arguments args, String dest, Peer.Transport transport,
                              boolean compact, boolean all) throws Exception {
        Cases cases = new Cases(tap, Peer.of(dest, transport, compact, args));

        if (all)
            cases.all();
        else
            cases.brief();
        cases.close();
    }

    /** A set with a malformed member in it: zk2! passes it over, zk! never resolves, and calls hang. */
    private static void sight(Tap tap, Arguments args, String dest, boolean sees) throws Exception {
        Peer peer = Peer.of(dest, Peer.Transport.THRIFTMUX, false, args);

        try (Peer.Connection connection = peer.connect("sight")) {
            tap.point(peer.group(), "beside a malformed member: " + (sees ? "seen" : "not seen"), () -> {
                boolean answered = true;
                try {
                    Await.result(connection.stub.ping(), Duration.fromSeconds(sees ? 20 : 3));
                } catch (com.twitter.util.TimeoutException e) {
                    answered = false;
                }
                Tap.equal(sees, answered, "whether a ping was answered");
            });
        }
    }
}
