package interop;

import com.twitter.finagle.Name;
import com.twitter.finagle.Resolver;
import com.twitter.finagle.Service;
import com.twitter.finagle.Thrift;
import com.twitter.finagle.ThriftMux;
import com.twitter.finagle.loadbalancer.LoadBalancerFactory;
import com.twitter.finagle.ssl.KeyCredentials;
import com.twitter.finagle.ssl.TrustCredentials;
import com.twitter.finagle.ssl.client.SslClientConfiguration;
import com.twitter.finagle.stats.InMemoryStatsReceiver;
import com.twitter.finagle.stats.StatsReceiver;
import com.twitter.finagle.thrift.ClientId;
import com.twitter.finagle.thrift.RichClientParam;
import com.twitter.finagle.thrift.ThriftClientRequest;
import com.twitter.util.Await;
import com.twitter.util.Duration;
import com.twitter.util.StorageUnit;
import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import scala.Option;

/**
 * How to reach a service with Finagle's own clients: what a caller would write in its
 * configuration. Each call of {@link #connect} makes a client of its own.
 */
final class Peer {
    /** The four ways of speaking that a Finagle client has. */
    enum Transport {
        THRIFTMUX("thriftmux"),
        /** With small frames on our side, so that replies must come in fragments. */
        FRAGMENTS("thriftmux fragments"),
        TTWITTER("ttwitter"),
        /** Without the upgrade: what Apache Thrift's clients speak, too. */
        FRAMED("framed");

        final String label;

        Transport(String label) {
            this.label = label;
        }

        boolean isMux() {
            return this == THRIFTMUX || this == FRAGMENTS;
        }
    }

    /** A client and what it counted. */
    static final class Connection implements AutoCloseable {
        final Service<ThriftClientRequest, byte[]> service;
        final RichClientParam param;
        final conformance.Conformance.ServiceIface stub;
        final InMemoryStatsReceiver stats;

        Connection(Service<ThriftClientRequest, byte[]> service, RichClientParam param,
                   InMemoryStatsReceiver stats) {
            this.service = service;
            this.param = param;
            this.stub = new conformance.Conformance.ServiceToClient(service, param);
            this.stats = stats;
        }

        /** How many calls each address got, of those that have been answered or failed. */
        Map<String, Long> callsByHost() {
            Map<String, Long> hosts = new TreeMap<>();
            scala.collection.Iterator<scala.Tuple2<scala.collection.immutable.Seq<String>, Object>> all =
                stats.counters().iterator();

            while (all.hasNext()) {
                scala.Tuple2<scala.collection.immutable.Seq<String>, Object> one = all.next();
                String name = one._1().mkString(" ");
                if (name.startsWith("host ") && name.endsWith(" requests"))
                    hosts.merge(name.split(" ")[2], (Long) one._2(), Long::sum);
            }
            return hosts;
        }

        @Override
        public void close() throws Exception {
            Await.ready(service.close(Duration.apply(2, TimeUnit.SECONDS)),
                        Duration.apply(5, TimeUnit.SECONDS));
        }
    }

    static {
        /* Without it Finagle gives the receivers of LoadBalancerFactory.HostStats nothing. */
        System.setProperty("com.twitter.finagle.loadbalancer.perHostStats", "true");
    }

    static final String CLIENT_ID = "interop.finagle";

    final String dest;
    final Transport transport;
    final boolean compact;
    private final SslClientConfiguration tls;
    private final Duration timeout;
    private final String clientId;

    private Peer(String dest, Transport transport, boolean compact, SslClientConfiguration tls,
                 Duration timeout, String clientId) {
        this.dest = dest;
        this.transport = transport;
        this.compact = compact;
        this.tls = tls;
        this.timeout = timeout;
        this.clientId = clientId;
    }

    /** TLS as the options say: --tls-certificate --tls-key --tls-ca, none of them for none. */
    static Peer of(String dest, Transport transport, boolean compact, Arguments args) {
        return new Peer(dest, transport, compact, tlsOf(args), null, CLIENT_ID);
    }

    Peer withTimeout(long ms) {
        return new Peer(dest, transport, compact, tls, Duration.fromMilliseconds(ms), clientId);
    }

    Peer withClientId(String id) {
        return new Peer(dest, transport, compact, tls, timeout, id);
    }

    boolean isSecure() {
        return tls != null;
    }

    String protocol() {
        return compact ? "compact" : "binary";
    }

    /** The first four parts of a test point's name. */
    String group() {
        String resolver = dest.substring(0, dest.indexOf('!'));

        return "finagle | " + transport.label + (resolver.equals("inet") ? "" : " by " + resolver + "!")
            + " | " + protocol() + " | " + (isSecure() ? "mutual TLS" : "plain");
    }

    Connection connect(String label) {
        InMemoryStatsReceiver stats = new InMemoryStatsReceiver();
        Name name = Resolver.eval(dest);
        Service<ThriftClientRequest, byte[]> service =
            transport.isMux() ? mux(stats).newService(name, label) : framed(stats).newService(name, label);

        return new Connection(service, new RichClientParam(factory()), stats);
    }

    private TProtocolFactory factory() {
        return compact ? new TCompactProtocol.Factory() : new TBinaryProtocol.Factory();
    }

    private ThriftMux.Client mux(StatsReceiver stats) {
        ThriftMux.Client client = ThriftMux.client()
            .withProtocolFactory(factory())
            .withStatsReceiver(stats)
            .configured(new LoadBalancerFactory.HostStats(stats.scope("host")).mk());

        if (transport == Transport.FRAGMENTS)
            client = client.configured(
                new com.twitter.finagle.Mux$param$MaxFrameSize(StorageUnit.fromKilobytes(64)).mk());
        if (clientId != null)
            client = client.withClientId(new ClientId(clientId));
        if (timeout != null)
            client = client.withRequestTimeout(timeout);
        return tls == null ? client : client.withTransport().tls(tls);
    }

    private Thrift.Client framed(StatsReceiver stats) {
        Thrift.Client client = (Thrift.Client) Thrift.client()
            .withProtocolFactory(factory())
            .withStatsReceiver(stats)
            .configured(new LoadBalancerFactory.HostStats(stats.scope("host")).mk());

        if (transport == Transport.FRAMED)
            client = client.withNoAttemptTTwitterUpgrade();
        if (clientId != null)
            client = client.withClientId(new ClientId(clientId));
        if (timeout != null)
            client = client.withRequestTimeout(timeout);
        return tls == null ? client : client.withTransport().tls(tls);
    }

    private static SslClientConfiguration tlsOf(Arguments args) {
        if (!args.has("tls-ca"))
            return null;

        KeyCredentials own = new KeyCredentials.CertAndKey(
            new File(args.need("tls-certificate")), new File(args.need("tls-key")));

        /* The host name is the configured one: addresses from ZooKeeper are bare. */
        return new SslClientConfiguration(
            Option.apply(args.get("tls-host", "localhost")), Option.empty(), own,
            new TrustCredentials.CertCollection(new File(args.need("tls-ca"))),
            SslClientConfiguration.apply$default$5(), SslClientConfiguration.apply$default$6(),
            SslClientConfiguration.apply$default$7(), SslClientConfiguration.apply$default$8());
    }
}
