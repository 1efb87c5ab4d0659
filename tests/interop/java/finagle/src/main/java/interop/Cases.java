package interop;

import static interop.Tap.check;
import static interop.Tap.equal;

import com.twitter.finagle.Failure;
import com.twitter.finagle.context.Contexts;
import com.twitter.finagle.context.Deadline;
import com.twitter.finagle.tracing.Flags;
import com.twitter.finagle.tracing.SpanId;
import com.twitter.finagle.tracing.Trace;
import com.twitter.finagle.tracing.TraceId;
import com.twitter.util.Await;
import com.twitter.util.Awaitable;
import com.twitter.util.Duration;
import com.twitter.util.Future;
import com.twitter.util.Time;
import conformance.Address;
import conformance.Conformance;
import conformance.EveryType;
import conformance.NotFound;
import conformance.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TApplicationException;
import scala.Option;

/** Every case of one way to reach the conformance service. */
final class Cases {
    private final Tap tap;
    private final Peer peer;
    private final String group;
    private final Peer.Connection connection;
    private final Conformance.ServiceIface stub;

    Cases(Tap tap, Peer peer) {
        this.tap = tap;
        this.peer = peer;
        this.group = peer.group();
        this.connection = peer.connect("conformance");
        this.stub = connection.stub;
    }

    /** What every way must be able to do. */
    void brief() throws Exception {
        point("ping", () -> equal("pong", get(stub.ping()), "ping"));
        point("now_ms is about now", () -> {
            long apart = Math.abs(get(stub.now_ms()) - System.currentTimeMillis());
            check(apart < 10_000, "the clocks are " + apart + " ms apart");
        });
        point("nothing", () -> get(stub.nothing()));
        addresses();
        everything();
        exceptions();
        payloads(new int[] {0, 1, 1000, 1 << 20});
    }

    /** All of it. */
    void all() throws Exception {
        brief();
        payloads(new int[] {8 << 20});
        oneway();
        context();
        waiting();
        cancellation();
    }

    void close() throws Exception {
        connection.close();
    }

    private void point(String name, Tap.Body body) {
        tap.point(group, name, body);
    }

    private static <T> T get(Awaitable<T> future) throws Exception {
        return Await.result(future, Duration.fromSeconds(30));
    }

    // --- records ---

    private void addresses() {
        point("put gives an id", () -> {
            Address put = get(stub.put(address("Ada Lovelace")));

            check(put.id >= 1000, "id " + put.id);
            Address got = get(stub.get(put.id));
            equal("Ada Lovelace", got.full_name, "full_name");
            equal(List.of("ada@example.org", "al@example.org"), got.emails, "emails");
            equal(Map.of("k", "v", "", "empty"), got.labels, "labels");
        });
        point("put keeps an id", () -> {
            Address put = get(stub.put(address("Kept").setId(500)));
            equal(500L, put.id, "id");
            equal("Kept", get(stub.get(500)).full_name, "full_name");
        });
        point("put in unicode", () -> {
            Address put = get(stub.put(address(Values.UNICODE)));
            equal(Values.UNICODE, get(stub.get(put.id)).full_name, "full_name");
        });
        point("get 1 is always there", () -> equal(1L, get(stub.get(1)).id, "id"));
        point("get of an unknown id", () -> {
            try {
                get(stub.get(987654321));
                throw new Tap.Wrong("it found one");
            } catch (NotFound e) {
                check(e.message != null && !e.message.isEmpty(), "no message");
            }
        });
        point("search in the order of ids", () -> {
            String prefix = "search" + new Random().nextInt();
            for (int i = 0; i < 5; i++)
                get(stub.put(address(prefix + i)));

            List<Address> found = get(stub.search(prefix, 3));
            equal(3, found.size(), "how many");
            for (int i = 0; i < 3; i++)
                equal(prefix + i, found.get(i).full_name, "full_name");
            equal(List.of(), get(stub.search(prefix + "nobody", 10)), "nobody");
        });
    }

    private static Address address(String name) {
        return new Address().setFull_name(name)
            .setEmails(List.of("ada@example.org", "al@example.org"))
            .setLabels(new java.util.HashMap<>(Map.of("k", "v", "", "empty")));
    }

    private void oneway() {
        if (peer.transport.isMux())
            point("oneway is refused by the client itself", () -> {
                try {
                    get(stub.touch(1));
                    throw new Tap.Wrong("it was sent");
                } catch (Exception e) {
                    check(String.valueOf(e.getMessage()).contains("one-way"), "other error: " + e);
                }
                equal("pong", get(stub.ping()), "ping afterwards");
            });
        else
            point("oneway", () -> {
                long id = get(stub.put(address("Touched"))).id;
                long before = System.currentTimeMillis() - 5_000;

                get(stub.touch(id));
                equal("pong", get(stub.ping()), "ping right behind it");
                eventually("updated_at_ms", () -> get(stub.get(id)).updated_at_ms >= before);
            });
    }

    // --- values ---

    private void everything() {
        for (Map.Entry<String, EveryType> value : Values.all().entrySet())
            point("everything: " + value.getKey(), () -> {
                String difference =
                    Values.difference(value.getValue(), get(stub.everything(value.getValue())));
                check(difference == null, difference);
            });

        Raw raw = new Raw(peer, connection.service);
        point("everything: enum values that nobody knows", () -> {
            for (int number : new int[] {99, 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
                equal(number, raw.colour(number), "color");
        });
        point("everything: fields that nobody knows", () -> equal(10, raw.strangers(10), "color"));
    }

    private void payloads(int[] sizes) {
        for (int size : sizes)
            point("echo of " + size + " bytes", () -> {
                byte[] payload = new byte[size];
                new Random(size).nextBytes(payload);
                ByteBuffer got = get(stub.echo(ByteBuffer.wrap(payload)));
                check(got.equals(ByteBuffer.wrap(payload)), "other bytes came back, or others many");
            });
    }

    // --- failures ---

    private void exceptions() {
        point("fail: ok", () -> check(get(stub.fail("ok")) != null, "no answer"));
        point("fail: a declared exception", () -> {
            try {
                get(stub.fail("declared"));
                throw new Tap.Wrong("it returned");
            } catch (Refused e) {
                check(e.reason != null && !e.reason.isEmpty(), "no reason");
            }
        });
        point("fail: an undeclared one says nothing of the inside", () -> {
            TApplicationException e = applicationException(stub.fail("undeclared"));
            equal(TApplicationException.INTERNAL_ERROR, e.getType(), "type");
        });
        point("fail: a nack", this::nack);
        point("an unknown method", () -> {
            try {
                new Raw(peer, connection.service).call("no_such_method");
                throw new Tap.Wrong("it returned");
            } catch (TApplicationException e) {
                equal(TApplicationException.UNKNOWN_METHOD, e.getType(), "type");
            }
            equal("pong", get(stub.ping()), "ping afterwards");
        });
    }

    /** On mux it is a nack, which Finagle sends again until its budget says no; else an exception. */
    private void nack() throws Exception {
        if (!peer.transport.isMux()) {
            applicationException(stub.fail("nack"));
            return;
        }

        try {
            get(stub.fail("nack"));
            throw new Tap.Wrong("it returned");
        } catch (Exception e) {
            Failure failure = failureIn(e);
            check(failure != null, "no Failure: " + e);
        }
        check(counter("retries/requeues") > 0, "Finagle did not send it again");
        equal("pong", get(stub.ping()), "ping afterwards");
    }

    private static Failure failureIn(Throwable e) {
        for (; e != null; e = e.getCause())
            if (e instanceof Failure)
                return (Failure) e;
        return null;
    }

    private static TApplicationException applicationException(Future<String> future)
        throws Exception {
        try {
            String answer = get(future);
            throw new Tap.Wrong("it returned " + answer);
        } catch (TApplicationException e) {
            String message = String.valueOf(e.getMessage());
            check(!message.contains("/") && !message.contains("GError"),
                  "the inside is told: " + message);
            return e;
        }
    }

    // --- what the handler knows of its caller ---

    private void context() {
        point("context: method, protocol, peer", () -> {
            Map<String, String> context = get(stub.context());
            Tap.note(String.valueOf(context));
            equal("context", context.get("method"), "method");
            check(context.get("protocol") != null, "no protocol");
            check(String.valueOf(context.get("peer_address")).contains("127.0.0.1"),
                  "peer_address " + context.get("peer_address"));
            check(!context.containsKey("deadline_ms"), "a deadline out of nowhere: " + context);
        });
        point("context: the certificate's identity and the TLS version", () -> {
            Map<String, String> context = get(stub.context());
            equal(peer.isSecure(), context.containsKey("peer_identity"), "peer_identity there");
            equal(peer.isSecure(), context.containsKey("tls_version"), "tls_version there");
            if (peer.isSecure())
                check(context.get("tls_version").contains("1.3"), context.get("tls_version"));
        });
        if (peer.transport == Peer.Transport.FRAMED)
            return;

        point("context: the client id", () ->
            equal(Peer.CLIENT_ID, get(stub.context()).get("client_id"), "client_id"));
        point("context: no client id", () -> {
            try (Peer.Connection other = peer.withClientId(null).connect("nobody")) {
                String id = get(other.stub.context()).get("client_id");
                check(id == null || id.isEmpty(), "client_id " + id);
            }
        });
        point("context: trace ids, sampled", () -> trace(true));
        point("context: trace ids, not sampled", () -> trace(false));
        point("context: deadline_ms is what is left", () -> {
            try (Peer.Connection other = peer.withTimeout(7_000).connect("deadline")) {
                long left = Long.parseLong(get(other.stub.context()).get("deadline_ms"));
                check(left > 0 && left <= 7_000, "deadline_ms " + left);
            }
        });
        point("an expired call is not run", this::expired);
    }

    private void trace(boolean sampled) throws Exception {
        TraceId id = new TraceId(
            Option.apply(new SpanId(0x1122334455667788L)), Option.apply(new SpanId(0x42L)),
            new SpanId(0x99aabbccddeeff00L), Option.apply((Object) sampled), Flags.apply(0L));
        Map<String, String> context = Trace.letId(id, false, () -> {
            try {
                return get(stub.context());
            } catch (Exception e) {
                throw new RuntimeException(e);
            }
        });

        equal("1122334455667788", context.get("trace_id"), "trace_id");
        check(context.get("span_id") != null && context.get("span_id").matches("[0-9a-f]{16}"),
              "span_id " + context.get("span_id"));
        /* Finagle's client makes a child span for the call. */
        equal("99aabbccddeeff00", context.get("parent_id"), "parent_id");
        check(Set.of(sampled ? "true" : "false", sampled ? "1" : "0")
                  .contains(String.valueOf(context.get("sampled"))),
              "sampled " + context.get("sampled"));
    }

    private void expired() throws Exception {
        String name = "expired" + new Random().nextInt();
        Time now = Time.now();
        Deadline past = new Deadline(now.minus(Duration.fromSeconds(20)),
                                     now.minus(Duration.fromSeconds(10)));
        Future<Address> call = Contexts.broadcast().let(
            com.twitter.finagle.context.Deadline$.MODULE$, past, () -> stub.put(address(name)));

        Await.ready(call, Duration.fromSeconds(10));
        /* Finagle's own server runs it all the same, so that the answer is no proof; the record is. */
        equal(List.of(), get(stub.search(name, 10)), "what was stored");
    }

    // --- time ---

    private void waiting() {
        point("sleep", () -> equal("slept 50", get(stub.sleep(50)), "sleep"));
        point("spin", () -> check(get(stub.spin(20)) != null, "no answer"));
        point("block", () -> check(get(stub.block(20)) != null, "no answer"));
        /* Without mux each is a connection, and with TLS a handshake, for which a JVM takes long. */
        int count = peer.transport.isMux() ? 200 : 40;
        point(count + " calls in flight" + (peer.transport.isMux() ? " on one connection" : ""), () -> {
            long start = System.nanoTime();
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++)
                calls.add(stub.sleep(1_000 + i));

            List<String> answers = get(Future.collect(calls));
            for (int i = 0; i < count; i++)
                equal("slept " + (1_000 + i), answers.get(i), "answer " + i);
            long ms = (System.nanoTime() - start) / 1_000_000;
            check(ms < (peer.transport.isMux() ? 10_000 : 25_000), "it took " + ms + " ms");
        });
        point("a small call is quick beside blocking ones", () -> {
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                calls.add(stub.block(2_000));

            long start = System.nanoTime();
            get(stub.ping());
            long ms = (System.nanoTime() - start) / 1_000_000;
            check(ms < 1_800, "ping took " + ms + " ms");
            get(Future.collect(calls));
        });
        point("deadline exceeded", () -> {
            long before = get(stub.cancelled());
            long start = System.nanoTime();
            try (Peer.Connection other = peer.withTimeout(300).connect("hurried")) {
                try {
                    get(other.stub.sleep(20_000));
                    throw new Tap.Wrong("it returned");
                } catch (com.twitter.finagle.RequestTimeoutException e) {
                    long ms = (System.nanoTime() - start) / 1_000_000;
                    check(ms < 5_000, "it took " + ms + " ms");
                }
                eventually("cancelled() rises", () -> get(stub.cancelled()) > before);
            }
        });
    }

    private void cancellation() {
        point("cancellation", () -> {
            long before = get(stub.cancelled());
            Future<String> call = stub.sleep(20_000);

            Thread.sleep(200); /* so that it is on its way */
            call.raise(new Exception("interop gives up"));
            eventually("cancelled() rises", () -> get(stub.cancelled()) > before);
            equal("pong", get(stub.ping()), "ping afterwards");
        });
        /* Without mux each of them has to make its connection first. */
        boolean mux = peer.transport.isMux();
        int count = mux ? 40 : 8;
        point(count + " cancelled among " + 2 * count + " calls", () -> {
            long before = get(stub.cancelled());
            List<Future<String>> lost = new ArrayList<>();
            List<Future<String>> kept = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                lost.add(stub.sleep(20_000));
                kept.add(stub.sleep(mux ? 700 : 3_000));
            }

            Thread.sleep(mux ? 400 : 1_500);
            for (Future<String> call : lost)
                call.raise(new Exception("interop gives up"));
            get(Future.collect(kept));
            eventually("cancelled() rises by " + count, () -> get(stub.cancelled()) >= before + count);
        });
    }

    private interface Holds {
        boolean now() throws Exception;
    }

    private static void eventually(String what, Holds holds) throws Exception {
        for (int i = 0; i < 100; i++) {
            if (holds.now())
                return;
            Thread.sleep(30);
        }
        throw new Tap.Wrong("in three seconds not seen: " + what);
    }

    private long counter(String end) {
        long sum = 0;
        scala.collection.Iterator<scala.Tuple2<scala.collection.immutable.Seq<String>, Object>> all =
            connection.stats.counters().iterator();

        while (all.hasNext()) {
            scala.Tuple2<scala.collection.immutable.Seq<String>, Object> one = all.next();
            if (one._1().mkString("/").endsWith(end))
                sum += (Long) one._2();
        }
        return sum;
    }
}
