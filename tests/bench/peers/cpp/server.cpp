/* Apache Thrift's three C++ servers as peers of the benchmark: TNonblockingServer, TThreadedServer
 * and TThreadPoolServer, framed and binary, with mutual TLS 1.3 or without.
 *
 * usage: server --server=nonblocking|threaded|pool --tls=off|1.3 --certificate=F --key=F --ca=F
 *               --loops=N --connections=N
 *
 * --loops is TNonblockingServer's; --connections the pool's, which needs a thread for each.
 *
 * TNonblockingServer must not be sent many calls at once over TLS: of those that share a record it
 * answers some, and looks at the others only when the socket has something more to read. */
#include "Conformance.h"

#include <thrift/concurrency/ThreadFactory.h>
#include <thrift/concurrency/ThreadManager.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadPoolServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingSSLServerSocket.h>
#include <thrift/transport/TSSLServerSocket.h>
#include <thrift/transport/TSSLSocket.h>

#include <openssl/ssl.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <unistd.h>

using namespace apache::thrift;
using namespace apache::thrift::concurrency;
using namespace apache::thrift::protocol;
using namespace apache::thrift::server;
using namespace apache::thrift::transport;
using namespace conformance;

static const char *const LOCALHOST = "127.0.0.1";

/* The calls of the benchmark; the others answer with nothing. */
class Handler : public ConformanceNull
{
  public:
    Handler ()
    {
        Address first;
        first.__set_id (1);
        first.__set_full_name ("Dunlin Calidris alpina");
        first.__set_emails ({ "dunlin@wader.example", "calidris.alpina@shore.example" });
        first.__set_labels ({ { "habitat", "mudflat" }, { "order", "Charadriiformes" } });
        first.__set_updated_at_ms (1700000000000);
        records_[1] = first;
    }

    void
    ping (std::string &_return) override
    {
        _return = "pong";
    }

    void
    put (Address &_return, const Address &address) override
    {
        _return = address;
        std::unique_lock<std::shared_mutex> lock (mutex_);
        if (!_return.__isset.id)
            _return.__set_id (next_id_++);
        records_[_return.id] = _return;
    }

    void
    get (Address &_return, const int64_t id) override
    {
        std::shared_lock<std::shared_mutex> lock (mutex_);
        auto found = records_.find (id);
        if (found != records_.end ()) {
            _return = found->second;
            return;
        }
        NotFound error;
        error.message = "no address has id " + std::to_string (id);
        throw error;
    }

    void
    echo (std::string &_return, const std::string &payload) override
    {
        _return = payload;
    }

    /* Holds its thread, for these servers know no other way; TNonblockingServer's is the loop. */
    void
    sleep (std::string &_return, const int32_t ms) override
    {
        std::this_thread::sleep_for (std::chrono::milliseconds (ms));
        _return = "slept " + std::to_string (ms);
    }

  private:
    std::shared_mutex mutex_;
    std::map<int64_t, Address> records_;
    int64_t next_id_ = 1000;
};

/* --name=value as a map, with what may be left out. */
class Options
{
  public:
    Options (int argc, char **argv)
    {
        for (int i = 1; i < argc; i++) {
            std::string word = argv[i];
            auto equals = word.find ('=');
            if (word.compare (0, 2, "--") != 0 || equals == std::string::npos)
                throw std::invalid_argument (word + ": want --NAME=VALUE");
            values_[word.substr (2, equals - 2)] = word.substr (equals + 1);
        }
    }

    std::string
    get (const std::string &name, const std::string &otherwise) const
    {
        auto found = values_.find (name);
        return found == values_.end () ? otherwise : found->second;
    }

    bool
    has_tls () const
    {
        return get ("tls", "off") != "off";
    }

  private:
    std::map<std::string, std::string> values_;
};

/* TLS 1.3 alone, and a name for its sessions: without one OpenSSL refuses to resume a session of a
 * client that showed a certificate. */
class SocketFactory : public TSSLSocketFactory
{
  public:
    explicit SocketFactory (const Options &options)
    {
        static const unsigned char context[] = "conformance";
        SSL_CTX_set_min_proto_version (ctx_->get (), TLS1_3_VERSION);
        SSL_CTX_set_session_id_context (ctx_->get (), context, sizeof context - 1);
        server (true);
        authenticate (true);
        loadTrustedCertificates (options.get ("ca", "").c_str ());
        loadCertificate (options.get ("certificate", "").c_str ());
        loadPrivateKey (options.get ("key", "").c_str ());
    }
};

/* Tells the port when the server listens. */
class Announcer : public TServerEventHandler
{
  public:
    explicit Announcer (std::function<int ()> port) : port_ (std::move (port))
    {
    }

    void
    preServe () override
    {
        std::cout << "listening thrift " << LOCALHOST << ":" << port_ () << std::endl;
    }

  private:
    std::function<int ()> port_;
};

static std::shared_ptr<TServer>
make_nonblocking (const Options &options, std::shared_ptr<TProcessor> processor)
{
    std::shared_ptr<TNonblockingServerSocket> socket;
    if (options.has_tls ())
        socket = std::make_shared<TNonblockingSSLServerSocket> (
            LOCALHOST, 0, std::make_shared<SocketFactory> (options));
    else
        socket = std::make_shared<TNonblockingServerSocket> (LOCALHOST, 0);

    auto server = std::make_shared<TNonblockingServer> (
        processor, std::make_shared<TBinaryProtocolFactory> (), socket);
    server->setNumIOThreads (std::stoul (options.get ("loops", "1")));
    server->setServerEventHandler (
        std::make_shared<Announcer> ([socket] { return socket->getListenPort (); }));
    return server;
}

static std::shared_ptr<TServerSocket>
make_socket (const Options &options)
{
    std::shared_ptr<TServerSocket> socket;
    if (options.has_tls ())
        socket = std::make_shared<TSSLServerSocket> (LOCALHOST, 0,
                                                     std::make_shared<SocketFactory> (options));
    else
        socket = std::make_shared<TServerSocket> (LOCALHOST, 0);
    return socket;
}

/* A worker per connection, since a connection keeps its worker. */
static std::shared_ptr<ThreadManager>
make_pool (const Options &options)
{
    auto pool =
        ThreadManager::newSimpleThreadManager (std::stoul (options.get ("connections", "64")) + 1);
    pool->threadFactory (std::make_shared<ThreadFactory> ());
    pool->start ();
    return pool;
}

static std::shared_ptr<TServer>
make_server (const Options &options)
{
    auto processor = std::make_shared<ConformanceProcessor> (std::make_shared<Handler> ());
    auto kind = options.get ("server", "nonblocking");
    if (kind == "nonblocking")
        return make_nonblocking (options, processor);

    auto socket = make_socket (options);
    auto transports = std::make_shared<TFramedTransportFactory> ();
    auto protocols = std::make_shared<TBinaryProtocolFactory> ();
    std::shared_ptr<TServer> server;
    if (kind == "threaded")
        server = std::make_shared<TThreadedServer> (processor, socket, transports, protocols);
    else if (kind == "pool")
        server = std::make_shared<TThreadPoolServer> (processor, socket, transports, protocols,
                                                      make_pool (options));
    else
        throw std::invalid_argument ("--server=" + kind + ": want nonblocking, threaded or pool");
    server->setServerEventHandler (
        std::make_shared<Announcer> ([socket] { return socket->getPort (); }));
    return server;
}

int
main (int argc, char **argv)
{
    /* A caller that is gone is an error of its write, and no reason to end. */
    std::signal (SIGPIPE, SIG_IGN);
    std::signal (SIGTERM, [] (int) { _exit (0); });
    try {
        make_server (Options (argc, argv))->serve ();
    } catch (const std::exception &error) {
        std::cerr << "server: " << error.what () << std::endl;
        return 1;
    }
    return 0;
}
