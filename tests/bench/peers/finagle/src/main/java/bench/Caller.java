package bench;

import com.sun.management.OperatingSystemMXBean;
import com.twitter.finagle.Name;
import com.twitter.finagle.Resolver;
import com.twitter.finagle.Service;
import com.twitter.finagle.Thrift;
import com.twitter.finagle.ThriftMux;
import com.twitter.finagle.ssl.KeyCredentials;
import com.twitter.finagle.ssl.TrustCredentials;
import com.twitter.finagle.ssl.client.SslClientConfiguration;
import com.twitter.finagle.thrift.RichClientParam;
import com.twitter.finagle.thrift.ThriftClientRequest;
import com.twitter.util.Future;
import com.twitter.util.FutureEventListener;
import conformance.Address;
import conformance.Conformance;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import scala.Option;

/**
 * Finagle's Thrift and ThriftMux clients as callers of the benchmark, as they come: each call that
 * ends begins the next one, so that a number of them is always under way. The command line is that
 * of all callers; plain framed Thrift is not asked for Finagle's headers, which limit servers do not
 * know.
 */
public final class Caller {
    private static final long RECORD_ID = 4711;
    private static final List<String> EMAILS = List.of("ada@analytical-engine.example",
        "countess@lovelace.example", "notes@menabrea.example");
    private static final int KEPT = 4_000_000;

    private final Options options;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final long[] latencies = new long[KEPT];
    private volatile String firstError = "";
    private volatile boolean measured;
    private volatile boolean over;
    private final Conformance.ServiceIface stub;
    private final boolean isGet;

    private Caller(String[] words) {
        options = new Options(words);
        isGet = options.get("call").equals("get");
        stub = new Conformance.ServiceToClient(connect(), new RichClientParam());
    }

    private Service<ThriftClientRequest, byte[]> connect() {
        Name name = Resolver.eval("inet!" + options.get("addresses"));

        if (options.get("protocol").equals("mux")) {
            ThriftMux.Client client = ThriftMux.client();
            return (isSecure() ? client.withTransport().tls(tls()) : client).newService(name, "bench");
        }
        Thrift.Client client = Thrift.client().withNoAttemptTTwitterUpgrade();
        return (isSecure() ? client.withTransport().tls(tls()) : client).newService(name, "bench");
    }

    private boolean isSecure() {
        return options.has("certificate");
    }

    private SslClientConfiguration tls() {
        return new SslClientConfiguration(Option.apply("localhost"), Option.empty(),
            new KeyCredentials.CertAndKey(options.file("certificate"), options.file("key")),
            new TrustCredentials.CertCollection(options.file("ca")),
            SslClientConfiguration.apply$default$5(), SslClientConfiguration.apply$default$6(),
            SslClientConfiguration.apply$default$7(), SslClientConfiguration.apply$default$8());
    }

    private static boolean isRight(Address record) {
        return record.getId() == RECORD_ID && record.getUpdated_at_ms() == 1700000000000L
            && record.getFull_name().equals("Augusta Ada King, Countess of Lovelace")
            && EMAILS.equals(record.getEmails())
            && Map.of("field", "mathematics").equals(record.getLabels());
    }

    private void next() {
        if (over)
            return;
        long start = System.nanoTime();
        Future<Boolean> reply = isGet ? stub.get(RECORD_ID).map(com.twitter.util.Function.func(Caller::isRight))
            : stub.ping().map(com.twitter.util.Function.func("pong"::equals));
        reply.addEventListener(new FutureEventListener<Boolean>() {
            @Override
            public void onSuccess(Boolean right) {
                if (!right)
                    wrong.incrementAndGet();
                else if (measured)
                    latencies[Math.min(calls.getAndIncrement(), KEPT - 1)] = System.nanoTime() - start;
                next();
            }

            @Override
            public void onFailure(Throwable cause) {
                if (over)
                    return;
                firstError = firstError.isEmpty() ? String.valueOf(cause) : firstError;
                errors.incrementAndGet();
                next();
            }
        });
    }

    private void run() throws InterruptedException {
        OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        for (int i = Integer.parseInt(options.get("at-once", "64")); i > 0; i--)
            next();
        Thread.sleep((long) (1000 * Double.parseDouble(options.get("warm-up", "5"))));
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        measured = true;
        Thread.sleep((long) (1000 * Double.parseDouble(options.get("seconds", "1"))));
        measured = false;
        report(system.getProcessCpuTime() - cpu, (System.nanoTime() - begin) / 1e9);
        over = true;
    }

    private void report(long cpu, double seconds) {
        int n = calls.get();
        long[] sorted = Arrays.copyOf(latencies, Math.min(n, KEPT));

        Arrays.sort(sorted);
        System.out.printf("{\"calls\": %d, \"errors\": %d, \"wrong\": %d, \"first_error\": \"%s\", "
            + "\"seconds\": %.6f, \"calls_per_second\": %.1f, \"cpu_us_per_call\": %.4f, "
            + "\"p50_us\": %.2f, \"p99_us\": %.2f}%n", n, errors.get(), wrong.get(),
            firstError.replaceAll("[\\\\\"\\p{Cntrl}]", " "), seconds, n / seconds,
            n == 0 ? 0.0 : cpu / 1e3 / n, percentile(sorted, 50), percentile(sorted, 99));
        System.out.flush();
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(int) ((long) sorted.length * percent / 100)] / 1e3;
    }

    public static void main(String[] words) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        Caller caller = new Caller(words);
        caller.run();
        Runtime.getRuntime().halt(caller.calls.get() == 0 || caller.errors.get() > 0
                                  || caller.wrong.get() > 0 ? 1 : 0);
    }
}
