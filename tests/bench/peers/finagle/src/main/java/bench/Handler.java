package bench;

import com.twitter.finagle.util.DefaultTimer;
import com.twitter.util.Duration;
import com.twitter.util.Future;
import conformance.Address;
import conformance.Conformance;
import conformance.EveryType;
import conformance.NotFound;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The calls of the benchmark; the others fail. */
final class Handler implements Conformance.ServiceIface {
    private static final Future<String> PONG = Future.value("pong");

    private final ConcurrentMap<Long, Address> records = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1000);

    Handler() {
        records.put(1L, new Address()
            .setId(1)
            .setFull_name("Dunlin Calidris alpina")
            .setEmails(List.of("dunlin@wader.example", "calidris.alpina@shore.example"))
            .setLabels(Map.of("habitat", "mudflat", "order", "Charadriiformes"))
            .setUpdated_at_ms(1_700_000_000_000L));
    }

    @Override
    public Future<String> ping() {
        return PONG;
    }

    /** Keeps what it was given: nobody writes to a record that is stored. */
    @Override
    public Future<Address> put(Address address) {
        if (!address.isSetId())
            address.setId(nextId.getAndIncrement());
        records.put(address.getId(), address);
        return Future.value(address);
    }

    @Override
    public Future<Address> get(long id) {
        Address found = records.get(id);

        if (found != null)
            return Future.value(found);
        return Future.exception(new NotFound().setMessage("no address has id " + id));
    }

    @Override
    public Future<ByteBuffer> echo(ByteBuffer payload) {
        return Future.value(payload);
    }

    @Override
    public Future<String> sleep(int ms) {
        return Future.sleep(Duration.fromMilliseconds(ms), DefaultTimer.getInstance())
            .map(slept -> "slept " + ms);
    }

    @Override
    public Future<Void> nothing() {
        return Future.value(null);
    }

    @Override
    public Future<Long> now_ms() {
        return notHere();
    }

    @Override
    public Future<List<Address>> search(String prefix, int limit) {
        return notHere();
    }

    @Override
    public Future<Void> touch(long id) {
        return notHere();
    }

    @Override
    public Future<String> spin(int ms) {
        return notHere();
    }

    @Override
    public Future<String> block(int ms) {
        return notHere();
    }

    @Override
    public Future<Long> cancelled() {
        return notHere();
    }

    @Override
    public Future<EveryType> everything(EveryType value) {
        return notHere();
    }

    @Override
    public Future<Map<String, String>> context() {
        return notHere();
    }

    @Override
    public Future<String> fail(String kind) {
        return notHere();
    }

    private static <T> Future<T> notHere() {
        return Future.exception(new UnsupportedOperationException("not a call of the benchmark"));
    }
}
