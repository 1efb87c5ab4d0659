// Apache Thrift's Go server, TSimpleServer, as a peer of the benchmark: a goroutine for each
// connection, framed and binary, with mutual TLS 1.3 or without.
//
// usage: server --tls=off|1.3 --certificate=F --key=F --ca=F --loops=N
package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"runtime"

	"github.com/apache/thrift/lib/go/thrift"

	"dunlin/bench/peer/conformance"
)

var (
	tlsVersion  = flag.String("tls", "off", "off or 1.3")
	certificate = flag.String("certificate", "", "file of the server's certificate")
	key         = flag.String("key", "", "file of its key")
	ca          = flag.String("ca", "", "file of the certificates that sign the callers'")
	loops       = flag.Int("loops", 1, "threads that run Go code")
)

// socket is a listener as Thrift wants it. Thrift's own do not tell which port they were given.
type socket struct {
	net.Listener
	config *thrift.TConfiguration
}

func (s *socket) Listen() error {
	return nil
}

func (s *socket) Accept() (thrift.TTransport, error) {
	conn, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if _, ok := conn.(*tls.Conn); ok {
		return thrift.NewTSSLSocketFromConnConf(conn, s.config), nil
	}
	return thrift.NewTSocketFromConnConf(conn, s.config), nil
}

func (s *socket) Interrupt() error {
	return s.Close()
}

func makeTLS() (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(*certificate, *key)
	if err != nil {
		return nil, err
	}
	signers, err := os.ReadFile(*ca)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(signers) {
		return nil, fmt.Errorf("%s: no certificate in it", *ca)
	}
	return &tls.Config{
		Certificates: []tls.Certificate{pair},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    pool,
		MinVersion:   tls.VersionTLS13,
	}, nil
}

func listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil || *tlsVersion == "off" {
		return listener, err
	}
	config, err := makeTLS()
	if err != nil {
		return nil, err
	}
	return tls.NewListener(listener, config), nil
}

func run() error {
	listener, err := listen()
	if err != nil {
		return err
	}
	config := &thrift.TConfiguration{}
	server := thrift.NewTSimpleServer4(
		conformance.NewConformanceProcessor(newHandler()), &socket{listener, config},
		thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), config),
		thrift.NewTBinaryProtocolFactoryConf(config))
	fmt.Printf("listening thrift %s\n", listener.Addr())
	return server.Serve()
}

func main() {
	flag.Parse()
	runtime.GOMAXPROCS(*loops)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
