package bench;

import com.twitter.finagle.ListeningServer;
import com.twitter.finagle.Thrift;
import com.twitter.finagle.ThriftMux;
import com.twitter.finagle.ssl.CipherSuites;
import com.twitter.finagle.ssl.ClientAuth;
import com.twitter.finagle.ssl.KeyCredentials;
import com.twitter.finagle.ssl.Protocols;
import com.twitter.finagle.ssl.TrustCredentials;
import com.twitter.finagle.ssl.server.SslServerConfiguration;
import conformance.Conformance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Finagle's Thrift and ThriftMux servers as peers of the benchmark, as they come: with mutual TLS 1.3
 * or without.
 *
 * Options: --protocol=thrift|mux --tls=off|1.3 --certificate=F --key=F --ca=F. How many threads serve
 * is a system property of Finagle's: com.twitter.finagle.netty4.numWorkers. The keystore.pkcs12
 * properties that it is started with are in its favour: Finagle makes a key store for each TLS
 * connection, which else hashes passwords ten thousand times over, and cold many handshakes at once
 * take longer than they may.
 */
public final class Server {
    private final Options options;

    private Server(String[] words) {
        options = new Options(words);
    }

    public static void main(String[] words) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        ListeningServer server = new Server(words).listen();
        InetSocketAddress bound = (InetSocketAddress) server.boundAddress();
        System.out.println("listening thrift 127.0.0.1:" + bound.getPort());
        Thread.currentThread().join();
    }

    private ListeningServer listen() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Conformance.Service service = new Conformance.Service(new Handler());
        boolean secure = !options.get("tls", "off").equals("off");

        if (options.get("protocol", "mux").equals("thrift")) {
            Thrift.Server server = Thrift.server();
            return (secure ? server.withTransport().tls(tls()) : server).serve(address, service);
        }
        ThriftMux.Server server = ThriftMux.server();
        return (secure ? server.withTransport().tls(tls()) : server).serve(address, service);
    }

    private SslServerConfiguration tls() {
        return new SslServerConfiguration(
            new KeyCredentials.CertAndKey(options.file("certificate"), options.file("key")),
            ClientAuth.Needed$.MODULE$, new TrustCredentials.CertCollection(options.file("ca")),
            CipherSuites.Unspecified$.MODULE$,
            new Protocols.Enabled(CollectionConverters.asScala(List.of("TLSv1.3")).toSeq()),
            SslServerConfiguration.apply$default$6(), SslServerConfiguration.apply$default$7());
    }
}
