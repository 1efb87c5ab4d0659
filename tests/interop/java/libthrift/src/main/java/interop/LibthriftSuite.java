package interop;

import static interop.Tap.check;
import static interop.Tap.equal;

import conformance.Address;
import conformance.Conformance;
import conformance.EveryType;
import conformance.NotFound;
import conformance.Refused;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TMultiplexedProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;
import org.apache.thrift.transport.layered.TFramedTransport;

/**
 * Holds a conformance server against Apache Thrift's own Java library: framed and unframed, binary,
 * compact and "Service:method", with mutual TLS or without.
 *
 * Usage: HOST PORT [--tls-certificate= --tls-key= --tls-ca=] [--only=TEXT]
 */
public final class LibthriftSuite {
    enum Protocol { BINARY, COMPACT, MULTIPLEXED }

    /** Where and how to call. */
    private static final class Peer {
        final String host;
        final int port;
        final boolean framed;
        final Protocol protocol;
        final SSLContext tls;

        Peer(String host, int port, boolean framed, Protocol protocol, SSLContext tls) {
            this.host = host;
            this.port = port;
            this.framed = framed;
            this.protocol = protocol;
            this.tls = tls;
        }
    }

    /** One connection and the client on it. */
    private static final class Connection implements AutoCloseable {
        final TTransport transport;
        final TProtocol protocol;
        final Conformance.Client client;

        Connection(Peer peer, int timeoutMs) throws Exception {
            TSocket socket = peer.tls == null
                ? new TSocket(peer.host, peer.port, timeoutMs)
                : new TSocket(peer.tls.getSocketFactory().createSocket(peer.host, peer.port));
            socket.setTimeout(timeoutMs);
            if (peer.tls == null)
                socket.open();
            transport = peer.framed ? new TFramedTransport(socket) : socket;
            TProtocol plain = peer.protocol == Protocol.COMPACT ? new TCompactProtocol(transport)
                                                                : new TBinaryProtocol(transport);
            protocol = peer.protocol == Protocol.MULTIPLEXED
                ? new TMultiplexedProtocol(plain, "Conformance") : plain;
            client = new Conformance.Client(plain, protocol);
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    private final Tap tap;
    private final Peer peer;
    private final String group;
    private Connection connection;
    private Conformance.Client client;

    private LibthriftSuite(Tap tap, Peer peer) {
        this.tap = tap;
        this.peer = peer;
        this.group = "java (libthrift) | " + (peer.framed ? "framed" : "buffered") + " | "
            + peer.protocol.name().toLowerCase() + " | " + (peer.tls == null ? "plain" : "mutual TLS");
    }

    public static void main(String[] argv) throws Exception {
        Arguments args = new Arguments(argv);
        Tap tap = new Tap(args.get("only", null));
        SSLContext tls = args.has("tls-ca") ? tlsOf(args) : null;

        for (boolean framed : new boolean[] {true, false})
            for (Protocol protocol : Protocol.values())
                new LibthriftSuite(tap, new Peer(args.words().get(0),
                                                 Integer.parseInt(args.words().get(1)), framed,
                                                 protocol, tls)).run();
        tap.end();
        System.exit(tap.failures() == 0 ? 0 : 1);
    }

    private void run() throws Exception {
        connection = new Connection(peer, 30_000);
        client = connection.client;

        point("ping", this::ping);
        point("now_ms is about now", () -> {
            long apart = Math.abs(client.now_ms() - System.currentTimeMillis());
            check(apart < 10_000, "the clocks are " + apart + " ms apart");
        });
        point("nothing", client::nothing);
        point("put, get, search", this::addresses);
        point("get of an unknown id", () -> {
            try {
                client.get(987654321);
                throw new Tap.Wrong("it found one");
            } catch (NotFound e) {
                check(e.message != null && !e.message.isEmpty(), "no message");
            }
        });
        for (Map.Entry<String, EveryType> value : Values.all().entrySet())
            point("everything: " + value.getKey(), () -> {
                String difference =
                    Values.difference(value.getValue(), client.everything(value.getValue()));
                check(difference == null, difference);
            });
        for (int size : new int[] {0, 1, 1000, 1 << 20, 8 << 20})
            point("echo of " + size + " bytes", () -> echo(size));
        point("oneway", this::oneway);
        point("fail: a declared exception", () -> {
            try {
                client.fail("declared");
                throw new Tap.Wrong("it returned");
            } catch (Refused e) {
                check(e.reason != null && !e.reason.isEmpty(), "no reason");
            }
        });
        point("fail: an undeclared one says nothing of the inside", () ->
            equal(TApplicationException.INTERNAL_ERROR, applicationException("undeclared").getType(),
                  "type"));
        point("fail: a nack is an exception here", () -> applicationException("nack"));
        point("an unknown method", this::unknownMethod);
        point("context", this::context);
        point("sleep, spin, block", () -> {
            equal("slept 30", client.sleep(30), "sleep");
            check(client.spin(10) != null && client.block(10) != null, "no answer");
        });
        point("20 connections at once", this::many);
        point("hanging up cancels the call", this::hangUp);
        connection.close();
    }

    private void point(String name, Tap.Body body) {
        tap.point(group, name, body);
    }

    private void ping() throws Exception {
        equal("pong", client.ping(), "ping");
    }

    private void addresses() throws Exception {
        String prefix = Values.UNICODE + new Random().nextInt();
        Address put = client.put(new Address().setFull_name(prefix + "1")
            .setEmails(List.of("a@example.org")).setLabels(new HashMap<>(Map.of("", "v"))));
        Address got = client.get(put.id);

        check(put.id >= 1000, "id " + put.id);
        equal(prefix + "1", got.full_name, "full_name");
        equal(List.of("a@example.org"), got.emails, "emails");
        equal(Map.of("", "v"), got.labels, "labels");
        client.put(new Address().setFull_name(prefix + "2"));
        equal(2, client.search(prefix, 10).size(), "how many were found");
        equal(prefix + "1", client.search(prefix, 1).get(0).full_name, "the first found");
        equal(List.of(), client.search(prefix + "nobody", 10), "nobody");
        equal(1L, client.get(1).id, "the one that is always there");
    }

    private void echo(int size) throws Exception {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        check(client.echo(ByteBuffer.wrap(payload)).equals(ByteBuffer.wrap(payload)),
              "other bytes came back, or others many");
    }

    private void oneway() throws Exception {
        long id = client.put(new Address().setFull_name("Touched")).id;
        long before = System.currentTimeMillis() - 5_000;

        client.touch(id);
        ping();
        eventually("updated_at_ms", () -> client.get(id).updated_at_ms >= before);
    }

    private TApplicationException applicationException(String kind) throws Exception {
        try {
            String answer = client.fail(kind);
            throw new Tap.Wrong("it returned " + answer);
        } catch (TApplicationException e) {
            check(!String.valueOf(e.getMessage()).contains("/"),
                  "the inside is told: " + e.getMessage());
            ping();
            return e;
        }
    }

    private void unknownMethod() throws Exception {
        TProtocol out = connection.protocol;
        out.writeMessageBegin(new TMessage("no_such_method", TMessageType.CALL, 5));
        out.writeStructBegin(new TStruct("args"));
        out.writeFieldStop();
        out.writeStructEnd();
        out.writeMessageEnd();
        out.getTransport().flush();

        TProtocol in = client.getInputProtocol();
        TMessage reply = in.readMessageBegin();
        equal(TMessageType.EXCEPTION, reply.type, "the reply's type");
        equal(5, reply.seqid, "its number");
        TApplicationException error = TApplicationException.readFrom(in);
        in.readMessageEnd();
        equal(TApplicationException.UNKNOWN_METHOD, error.getType(), "the exception's type");
        ping();
    }

    private void context() throws Exception {
        Map<String, String> facts = client.context();

        equal("context", facts.get("method"), "method");
        check(String.valueOf(facts.get("peer_address")).contains("127.0.0.1"), "no peer_address");
        equal(peer.tls != null, facts.containsKey("peer_identity"), "peer_identity there");
        equal(peer.tls != null, facts.containsKey("tls_version"), "tls_version there");
    }

    private void many() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        List<Future<String>> answers = new ArrayList<>();

        for (int i = 0; i < 20; i++)
            answers.add(threads.submit((Callable<String>) () -> {
                try (Connection other = new Connection(peer, 30_000)) {
                    return other.client.sleep(100);
                }
            }));
        for (Future<String> answer : answers)
            equal("slept 100", answer.get(), "sleep");
        threads.shutdown();
    }

    private void hangUp() throws Exception {
        long before = client.cancelled();

        try (Connection other = new Connection(peer, 300)) {
            other.client.sleep(20_000);
            throw new Tap.Wrong("it returned");
        } catch (TTransportException e) {
            /* It timed out, and the connection is closed. */
        }
        eventually("cancelled() rises", () -> client.cancelled() > before);
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

    // --- TLS from PEM files ---

    private static SSLContext tlsOf(Arguments args) throws Exception {
        char[] none = new char[0];
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, none);
        own.setKeyEntry("own", keyOf(args.need("tls-key")), none,
                        new Certificate[] {certificateOf(args.need("tls-certificate"))});
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, none);
        trusted.setCertificateEntry("ca", certificateOf(args.need("tls-ca")));

        KeyManagerFactory keys =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, none);
        TrustManagerFactory trust =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificateOf(String file) throws Exception {
        return CertificateFactory.getInstance("X.509")
            .generateCertificate(Files.newInputStream(new File(file).toPath()));
    }

    private static PrivateKey keyOf(String file) throws Exception {
        String pem = Files.readString(new File(file).toPath(), StandardCharsets.US_ASCII);
        String base64 = pem.replaceAll("-----[A-Z ]*-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));

        return KeyFactory.getInstance("EC").generatePrivate(key);
    }
}
