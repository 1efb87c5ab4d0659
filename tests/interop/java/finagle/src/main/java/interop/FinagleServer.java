package interop;

import com.twitter.finagle.ListeningServer;
import com.twitter.finagle.Thrift;
import com.twitter.finagle.ThriftMux;
import com.twitter.finagle.ssl.ClientAuth;
import com.twitter.finagle.ssl.KeyCredentials;
import com.twitter.finagle.ssl.TrustCredentials;
import com.twitter.finagle.ssl.server.SslServerConfiguration;
import com.twitter.util.Await;
import com.twitter.util.Duration;
import conformance.Conformance;
import java.io.File;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The conformance service on Finagle's own server, with the same words on its command line and the
 * same line on standard output as ours.
 *
 * Options: --thrift.port=N, --thrift.host=, --protocol=mux|thrift (a mux server speaks both),
 * --tls.mode=required|off, --tls.certificate= --tls.key= --tls.ca=,
 * --zookeeper.servers=, --zookeeper.path=, --zookeeper.shard=, --server.drain-timeout=SECONDS
 */
public final class FinagleServer {
    private FinagleServer() {
    }

    public static void main(String[] argv) throws Exception {
        Arguments args = new Arguments(argv);
        Logger.getLogger("").setLevel(Level.parse(args.get("log", "WARNING")));

        InetSocketAddress address = new InetSocketAddress(args.get("thrift.host", "127.0.0.1"),
                                                          args.get("thrift.port", 0));
        ListeningServer server = listen(args, address);
        InetSocketAddress bound = (InetSocketAddress) server.boundAddress();
        System.out.println("listening thrift 127.0.0.1:" + bound.getPort());
        System.out.flush();

        if (args.has("zookeeper.servers"))
            Await.result(server.announce("zk!" + args.need("zookeeper.servers") + "!"
                + args.need("zookeeper.path") + "!" + args.get("zookeeper.shard", "0")));
        Duration limit = Duration.fromSeconds(args.get("server.drain-timeout", 5));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, limit)));
        Thread.currentThread().join();
    }

    private static void stop(ListeningServer server, Duration limit) {
        try {
            Await.ready(server.close(limit), limit.plus(Duration.fromSeconds(1)));
        } catch (Exception e) {
            System.err.println("closing: " + e);
        }
    }

    private static ListeningServer listen(Arguments args, InetSocketAddress address) {
        SslServerConfiguration tls = tlsOf(args);

        if (args.get("protocol", "mux").equals("thrift")) {
            Thrift.Server server = Thrift.server();
            if (tls != null)
                server = server.withTransport().tls(tls);
            return server.serve(address, new Conformance.Service(new Handler()));
        }

        ThriftMux.Server server = ThriftMux.server();
        if (tls != null)
            server = server.withTransport().tls(tls);
        return server.serve(address, new Conformance.Service(new Handler()));
    }

    private static SslServerConfiguration tlsOf(Arguments args) {
        if (args.get("tls.mode", "required").equals("off"))
            return null;

        return new SslServerConfiguration(
            new KeyCredentials.CertAndKey(new File(args.need("tls.certificate")),
                                          new File(args.need("tls.key"))),
            ClientAuth.Needed$.MODULE$,
            new TrustCredentials.CertCollection(new File(args.need("tls.ca"))),
            SslServerConfiguration.apply$default$4(), SslServerConfiguration.apply$default$5(),
            SslServerConfiguration.apply$default$6(), SslServerConfiguration.apply$default$7());
    }
}
