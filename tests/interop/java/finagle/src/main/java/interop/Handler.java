package interop;

import com.twitter.finagle.Failure;
import com.twitter.finagle.context.Deadline;
import com.twitter.finagle.ssl.session.SslSessionInfo;
import com.twitter.finagle.thrift.ClientId;
import com.twitter.finagle.tracing.Trace;
import com.twitter.finagle.tracing.TraceId;
import com.twitter.finagle.transport.Transport;
import com.twitter.finagle.util.DefaultTimer;
import com.twitter.util.Duration;
import com.twitter.util.Future;
import com.twitter.util.FuturePools;
import com.twitter.util.Promise;
import com.twitter.util.TimerTask;
import conformance.Address;
import conformance.Conformance;
import conformance.EveryType;
import conformance.NotFound;
import conformance.Refused;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import scala.Option;
import scala.runtime.BoxedUnit;

/** The conformance service as a Finagle server has it: what ours is compared with. */
final class Handler implements Conformance.ServiceIface {
    private final ConcurrentSkipListMap<Long, Address> addresses = new ConcurrentSkipListMap<>();
    private final AtomicLong nextId = new AtomicLong(1000);
    private final AtomicLong cancelled = new AtomicLong();

    Handler() {
        addresses.put(1L, new Address().setId(1).setFull_name("Augusta Ada King, Countess of Lovelace")
            .setEmails(new ArrayList<>(List.of("ada@example.org", "countess@example.org")))
            .setLabels(new HashMap<>(Map.of("field", "mathematics", "country", "England")))
            .setUpdated_at_ms(1_700_000_000_000L));
    }

    @Override
    public Future<String> ping() {
        return Future.value("pong");
    }

    @Override
    public Future<Long> now_ms() {
        return Future.value(System.currentTimeMillis());
    }

    @Override
    public Future<Address> put(Address address) {
        Address stored = new Address(address);

        if (!stored.isSetId())
            stored.setId(nextId.getAndIncrement());
        addresses.put(stored.getId(), stored);
        return Future.value(stored);
    }

    @Override
    public Future<Address> get(long id) {
        Address found = addresses.get(id);

        return found != null ? Future.value(found)
                             : Future.exception(new NotFound().setMessage("there is no address " + id));
    }

    @Override
    public Future<List<Address>> search(String prefix, int limit) {
        List<Address> found = new ArrayList<>();

        for (Address address : addresses.values())
            if (found.size() < limit && address.getFull_name().startsWith(prefix))
                found.add(address);
        return Future.value(found);
    }

    @Override
    public Future<Void> touch(long id) {
        addresses.computeIfPresent(
            id, (key, old) -> new Address(old).setUpdated_at_ms(System.currentTimeMillis()));
        return Future.value(null);
    }

    @Override
    public Future<ByteBuffer> echo(ByteBuffer payload) {
        return Future.value(payload);
    }

    @Override
    public Future<String> sleep(int ms) {
        Promise<String> answer = new Promise<>();
        TimerTask task = DefaultTimer.getInstance().schedule(
            Duration.fromMilliseconds(ms).fromNow(), () -> {
                answer.updateIfEmpty(new com.twitter.util.Return<>("slept " + ms));
                return BoxedUnit.UNIT;
            });

        answer.setInterruptHandler(new com.twitter.util.ExceptionalFunction<Throwable, BoxedUnit>() {
            @Override
            public BoxedUnit applyE(Throwable why) {
                task.cancel();
                if (answer.updateIfEmpty(new com.twitter.util.Throw<>(why)))
                    cancelled.incrementAndGet();
                return BoxedUnit.UNIT;
            }
        });
        return answer;
    }

    @Override
    public Future<String> spin(int ms) {
        long end = System.nanoTime() + ms * 1_000_000L;

        while (System.nanoTime() < end)
            Thread.onSpinWait();
        return Future.value("spun " + ms);
    }

    @Override
    public Future<String> block(int ms) {
        return FuturePools.unboundedPool().apply(() -> {
            try {
                Thread.sleep(ms);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "blocked " + ms;
        });
    }

    @Override
    public Future<Long> cancelled() {
        return Future.value(cancelled.get());
    }

    @Override
    public Future<EveryType> everything(EveryType value) {
        return Future.value(value);
    }

    @Override
    public Future<Map<String, String>> context() {
        Map<String, String> facts = new HashMap<>();
        TraceId trace = Trace.id();

        facts.put("method", "context");
        facts.put("protocol", "finagle");
        if (ClientId.current().isDefined())
            facts.put("client_id", ClientId.current().get().name());
        facts.put("trace_id", trace.traceId().toString());
        facts.put("span_id", trace.spanId().toString());
        facts.put("parent_id", trace.parentId().toString());
        if (trace.sampled().isDefined())
            facts.put("sampled", String.valueOf(trace.sampled().get()));
        Option<Deadline> deadline = Deadline.current();
        if (deadline.isDefined())
            facts.put("deadline_ms", String.valueOf(deadline.get().remaining().inMilliseconds()));
        facts.put("peer_address",
                  String.valueOf(com.twitter.finagle.context.RemoteInfo.Upstream$.MODULE$.addr().get()));
        SslSessionInfo session = Transport.sslSessionInfo();
        if (session.usingSsl()) {
            facts.put("tls_version", session.session().getProtocol());
            facts.put("peer_identity", ((X509Certificate) session.peerCertificates().head())
                                           .getSubjectX500Principal().getName());
        }
        return Future.value(facts);
    }

    @Override
    public Future<String> fail(String kind) {
        switch (kind) {
        case "declared":
            return Future.exception(new Refused().setCode(42).setReason("as asked"));
        case "undeclared":
            return Future.exception(new IllegalStateException("the inside of the handler"));
        case "nack":
            return Future.exception(Failure.rejected("as asked"));
        default:
            return Future.value("ok");
        }
    }

    @Override
    public Future<Void> nothing() {
        return Future.value(null);
    }
}
