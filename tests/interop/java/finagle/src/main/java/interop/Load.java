package interop;

import com.twitter.util.Await;
import com.twitter.util.Duration;
import com.twitter.util.Future;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls without a pause while something happens to the servers, which the driver does: it reads
 * "@running" from us, then stops a replica, or takes its ZooKeeper away, and tells us with a line
 * on our standard input ("end", or "mark TEXT" for a look at the counts so far). No call may fail.
 *
 * Options: --workers=N (default 8, per transport), --what=NAME of the test point.
 */
final class Load {
    private static final long PAUSE_MS = 5;

    private final Tap tap;
    private final Arguments args;
    private final String dest;
    private final AtomicBoolean running = new AtomicBoolean(true);

    /** The calls over one transport. */
    private final class Lane {
        final Peer peer;
        final Peer.Connection connection;
        final AtomicLong calls = new AtomicLong();
        final Map<String, AtomicLong> failures = new ConcurrentHashMap<>();
        final List<Thread> workers = new ArrayList<>();

        Lane(Peer.Transport transport) {
            peer = Peer.of(dest, transport, false, args);
            connection = peer.connect("load");
        }

        void start(int count) {
            for (int i = 0; i < count; i++) {
                Thread worker = new Thread(this::work, peer.transport.label + " " + i);
                worker.setDaemon(true);
                worker.start();
                workers.add(worker);
            }
        }

        private void work() {
            for (int i = 0; running.get(); i++) {
                try {
                    calls.incrementAndGet();
                    Await.result(one(i), Duration.fromSeconds(15));
                    Thread.sleep(PAUSE_MS);
                } catch (Exception e) {
                    failures.computeIfAbsent(Tap.brief(e), key -> new AtomicLong()).incrementAndGet();
                }
            }
        }

        /** Mostly quick calls, every fourth one long enough to be under way when a server stops. */
        private Future<?> one(int i) {
            return i % 4 == 3 ? connection.stub.sleep(150) : connection.stub.get(1);
        }

        long failed() {
            return failures.values().stream().mapToLong(AtomicLong::get).sum();
        }
    }

    Load(Tap tap, Arguments args, String dest) {
        this.tap = tap;
        this.args = args;
        this.dest = dest;
    }

    void run() throws Exception {
        List<Lane> lanes = new ArrayList<>();
        for (String name : args.get("lanes", "THRIFTMUX,TTWITTER").split(","))
            lanes.add(new Lane(Peer.Transport.valueOf(name)));
        for (Lane lane : lanes)
            Await.result(lane.connection.stub.ping(), Duration.fromSeconds(30));
        for (Lane lane : lanes)
            lane.start(args.get("workers", 8));
        System.out.println("@running");
        System.out.flush();

        listen(lanes);
        running.set(false);
        for (Lane lane : lanes) {
            for (Thread worker : lane.workers)
                worker.join(20_000);
            report(lane);
            lane.connection.close();
        }
    }

    private void listen(List<Lane> lanes) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine())
            for (Lane lane : lanes) {
                System.out.println("@" + line + " " + lane.peer.transport.label + " calls "
                    + lane.calls + " failed " + lane.failed() + " by host " + lane.connection.callsByHost());
                System.out.flush();
            }
    }

    private void report(Lane lane) {
        Tap.note(lane.peer.transport.label + ": " + lane.calls + " calls, " + lane.failed()
            + " failed, by host " + lane.connection.callsByHost());
        tap.point(lane.peer.group(), args.get("what", "no call fails"), () -> {
            Tap.check(lane.calls.get() > 50, "only " + lane.calls + " calls were made");
            Tap.check(lane.failed() == 0, lane.failed() + " of " + lane.calls + " calls failed: "
                + lane.failures);
        });
    }
}
