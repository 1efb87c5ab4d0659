/* Holds a conformance server against Apache Thrift's own C++ library: framed and buffered, binary
 * and compact, with mutual TLS or without.
 *
 * usage: suite HOST PORT [CA CERTIFICATE KEY] */
#include "Conformance.h"
#include "values.h"

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLSocket.h>
#include <thrift/transport/TSocket.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <thread>

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;
using namespace conformance;

using Clock = std::chrono::steady_clock;

struct Options {
    std::string host;
    int port = 0;
    std::string ca, certificate, key;
};

/* Something is not as it should be. */
struct Wrong : std::runtime_error {
    using std::runtime_error::runtime_error;
};

static void
check (bool holds, const std::string &otherwise)
{
    if (!holds)
        throw Wrong (otherwise);
}

static int points, failures;

static void
point (const std::string &group, const std::string &name, const std::function<void ()> &body)
{
    auto start = Clock::now ();
    std::string why;
    try {
        body ();
    } catch (const std::exception &error) {
        why = error.what ();
        if (why.empty ())
            why = "failed";
    }

    auto ms = std::chrono::duration_cast<std::chrono::milliseconds> (Clock::now () - start);
    points++;
    failures += !why.empty ();
    std::cout << (why.empty () ? "ok " : "not ok ") << points << " - " << group << " | " << name
              << " # " << ms.count () << " ms" << std::endl;
    if (!why.empty ())
        std::cout << "#   " << why.substr (0, 500) << std::endl;
}

/* One connection and the client on it. */
struct Connection {
    std::shared_ptr<TSocket> socket;
    std::shared_ptr<TTransport> transport;
    std::shared_ptr<TProtocol> protocol;
    std::unique_ptr<ConformanceClient> client;
};

static std::shared_ptr<TSocket>
make_socket (const Options &options)
{
    if (options.ca.empty ())
        return std::make_shared<TSocket> (options.host, options.port);

    static std::shared_ptr<TSSLSocketFactory> factory;
    if (!factory) {
        factory = std::make_shared<TSSLSocketFactory> (TLSv1_2);
        factory->loadTrustedCertificates (options.ca.c_str ());
        factory->loadCertificate (options.certificate.c_str ());
        factory->loadPrivateKey (options.key.c_str ());
        factory->authenticate (true);
    }
    return factory->createSocket (options.host, options.port);
}

static Connection
connect (const Options &options, bool framed, bool compact, int timeout_ms)
{
    Connection self;
    self.socket = make_socket (options);
    self.socket->setRecvTimeout (timeout_ms);
    self.socket->setSendTimeout (timeout_ms);
    if (framed)
        self.transport = std::make_shared<TFramedTransport> (self.socket);
    else
        self.transport = std::make_shared<TBufferedTransport> (self.socket);
    if (compact)
        self.protocol = std::make_shared<TCompactProtocol> (self.transport);
    else
        self.protocol = std::make_shared<TBinaryProtocol> (self.transport);
    self.client = std::make_unique<ConformanceClient> (self.protocol);
    self.transport->open ();
    return self;
}

static void
eventually (const std::string &what, const std::function<bool ()> &holds)
{
    for (int i = 0; i < 100; i++) {
        if (holds ())
            return;
        std::this_thread::sleep_for (std::chrono::milliseconds (30));
    }
    throw Wrong ("in three seconds not seen: " + what);
}

static int64_t
wall_ms ()
{
    return std::chrono::duration_cast<std::chrono::milliseconds> (
               std::chrono::system_clock::now ().time_since_epoch ())
        .count ();
}

/* The cases over one transport and protocol, on one connection except where said. */
class Cases {
  public:
    Cases (const Options &options, bool framed, bool compact)
        : options (options), framed (framed), compact (compact),
          connection (connect (options, framed, compact, 30000)), client (*connection.client)
    {
        group = std::string ("c++ | ") + (framed ? "framed | " : "buffered | ")
                + (compact ? "compact | " : "binary | ")
                + (options.ca.empty () ? "plain" : "mutual TLS");
    }

    void
    run ()
    {
        point (group, "ping", [this] { ping (); });
        point (group, "now_ms is about now", [this] {
            check (std::llabs (client.now_ms () - wall_ms ()) < 10000, "the clocks are apart");
        });
        point (group, "nothing", [this] { client.nothing (); });
        point (group, "put, get, search", [this] { addresses (); });
        point (group, "get of an unknown id", [this] { not_found (); });
        for (const auto &value : every_value ())
            point (group, "everything: " + value.first, [&] { everything (value.second); });
        for (size_t size : { 0, 1, 1000, 1 << 20, 8 << 20 })
            point (group, "echo of " + std::to_string (size) + " bytes", [&] { echo (size); });
        point (group, "oneway", [this] { oneway (); });
        point (group, "fail: a declared exception", [this] { declared (); });
        point (group, "fail: an undeclared one says nothing of the inside",
               [this] { undeclared (); });
        point (group, "fail: a nack is an exception here", [this] { nack (); });
        point (group, "an unknown method", [this] { unknown_method (); });
        point (group, "context", [this] { context (); });
        point (group, "sleep, spin, block", [this] { waiting (); });
        point (group, "20 connections at once", [this] { many (); });
        point (group, "hanging up cancels the call", [this] { hang_up (); });
    }

  private:
    void
    ping ()
    {
        std::string answer;
        client.ping (answer);
        check (answer == "pong", "ping answered " + answer);
    }

    void
    addresses ()
    {
        std::string prefix = "Gr\u00fc\u00dfe " + std::to_string (Clock::now ().time_since_epoch ().count ());
        Address address, stored, got;
        address.__set_full_name (prefix + "1");
        address.__set_emails ({ "a@example.org" });
        address.__set_labels ({ { "", "v" } });

        client.put (stored, address);
        check (stored.id >= 1000, "id " + std::to_string (stored.id));
        client.get (got, stored.id);
        check (got.full_name == address.full_name && got.emails == address.emails
                   && got.labels == address.labels,
               "it was not stored as it was put");

        Address second;
        second.__set_full_name (prefix + "2");
        client.put (stored, second);
        std::vector<Address> found;
        client.search (found, prefix, 10);
        check (found.size () == 2 && found[0].full_name == prefix + "1", "search");
        client.search (found, prefix + "nobody", 10);
        check (found.empty (), "search found nobody");
        client.get (got, 1);
        check (got.id == 1, "the one that is always there");
    }

    void
    not_found ()
    {
        Address got;
        try {
            client.get (got, 987654321);
        } catch (const NotFound &error) {
            return check (!error.message.empty (), "no message");
        }
        throw Wrong ("it found one");
    }

    void
    everything (const EveryType &value)
    {
        EveryType got;
        client.everything (got, value);
        std::string text = difference (value, got);
        check (text.empty (), text);
    }

    void
    echo (size_t size)
    {
        std::string payload (size, '\0'), got;
        for (size_t i = 0; i < size; i++)
            payload[i] = static_cast<char> (i * 7 + i / 256);
        client.echo (got, payload);
        check (got == payload, "other bytes came back, or others many");
    }

    void
    oneway ()
    {
        Address touched, stored;
        touched.__set_full_name ("Touched");
        client.put (stored, touched);
        int64_t before = wall_ms () - 5000, id = stored.id;
        client.touch (id);
        ping ();
        eventually ("updated_at_ms", [&] {
            client.get (stored, id);
            return stored.updated_at_ms >= before;
        });
    }

    void
    declared ()
    {
        std::string answer;
        try {
            client.fail (answer, "declared");
        } catch (const Refused &error) {
            return check (!error.reason.empty (), "no reason");
        }
        throw Wrong ("it returned");
    }

    TApplicationException
    application_exception (const std::string &kind)
    {
        std::string answer;
        try {
            client.fail (answer, kind);
        } catch (const TApplicationException &error) {
            std::string text = error.what ();
            check (text.find ('/') == std::string::npos, "the inside is told: " + text);
            return error;
        }
        throw Wrong ("it returned");
    }

    void
    undeclared ()
    {
        check (application_exception ("undeclared").getType ()
                   == TApplicationException::INTERNAL_ERROR,
               "another type");
        ping ();
    }

    void
    nack ()
    {
        application_exception ("nack");
        ping ();
    }

    void
    unknown_method ()
    {
        TProtocol &wire = *connection.protocol;
        wire.writeMessageBegin ("no_such_method", T_CALL, 5);
        wire.writeStructBegin ("args");
        wire.writeFieldStop ();
        wire.writeStructEnd ();
        wire.writeMessageEnd ();
        wire.getTransport ()->writeEnd ();
        wire.getTransport ()->flush ();

        std::string name;
        TMessageType type;
        int32_t seqid;
        wire.readMessageBegin (name, type, seqid);
        check (name == "no_such_method" && type == T_EXCEPTION && seqid == 5, "another header");
        TApplicationException error;
        error.read (&wire);
        wire.readMessageEnd ();
        wire.getTransport ()->readEnd ();
        check (error.getType () == TApplicationException::UNKNOWN_METHOD, "another type");
        ping ();
    }

    void
    context ()
    {
        std::map<std::string, std::string> facts;
        client.context (facts);
        bool secure = !options.ca.empty ();
        check (facts["method"] == "context", "method " + facts["method"]);
        check (facts["peer_address"].find ("127.0.0.1") != std::string::npos, "no peer_address");
        check (facts.count ("peer_identity") == secure, "peer_identity");
        check (facts.count ("tls_version") == secure, "tls_version");
    }

    void
    waiting ()
    {
        std::string answer;
        client.sleep (answer, 30);
        check (answer == "slept 30", answer);
        client.spin (answer, 10);
        client.block (answer, 10);
    }

    void
    many ()
    {
        std::atomic<int> good { 0 };
        std::vector<std::thread> threads;
        for (int i = 0; i < 20; i++)
            threads.emplace_back ([this, &good] {
                try {
                    Connection other = connect (options, framed, compact, 30000);
                    std::string answer;
                    other.client->sleep (answer, 100);
                    good += answer == "slept 100";
                } catch (const std::exception &) {
                    /* It is missing in the count. */
                }
            });
        for (std::thread &thread : threads)
            thread.join ();
        check (good == 20, std::to_string (good) + " of 20 were answered");
    }

    void
    hang_up ()
    {
        int64_t before = client.cancelled ();
        try {
            std::string answer;
            Connection other = connect (options, framed, compact, 300);
            other.client->sleep (answer, 20000);
            throw Wrong ("it returned");
        } catch (const TTransportException &) {
            /* It timed out, and the connection is closed. */
        }
        eventually ("cancelled() rises", [&] { return client.cancelled () > before; });
    }

    const Options &options;
    bool framed, compact;
    Connection connection;
    ConformanceClient &client;
    std::string group;
};

int
main (int argc, char **argv)
{
    if (argc != 3 && argc != 6) {
        std::cerr << "usage: suite HOST PORT [CA CERTIFICATE KEY]" << std::endl;
        return 2;
    }

    Options options;
    options.host = argv[1];
    options.port = std::atoi (argv[2]);
    if (argc == 6) {
        options.ca = argv[3];
        options.certificate = argv[4];
        options.key = argv[5];
    }

    std::signal (SIGPIPE, SIG_IGN);
    for (bool framed : { true, false })
        for (bool compact : { false, true })
            Cases (options, framed, compact).run ();
    std::cout << "1.." << points << std::endl;
    std::cout << "# " << points - failures << " passed, " << failures << " failed" << std::endl;
    return failures != 0;
}
