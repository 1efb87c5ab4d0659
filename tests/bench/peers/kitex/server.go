// kitex as a peer of the benchmark, framed and binary, with mutual TLS 1.3 or without. Its own
// network library knows no TLS, so that with TLS it serves on Go's, the other one that it brings.
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
	"time"

	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/remote/trans/gonet"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/netpoll"

	"dunlin/bench/peer/kitex_gen/conformance/conformance"
)

var (
	tlsVersion  = flag.String("tls", "off", "off or 1.3")
	certificate = flag.String("certificate", "", "file of the server's certificate")
	key         = flag.String("key", "", "file of its key")
	ca          = flag.String("ca", "", "file of the certificates that sign the callers'")
	loops       = flag.Int("loops", 1, "threads that run Go code")
)

const address = "127.0.0.1:0"

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

func listenWithTLS() (net.Listener, error) {
	config, err := makeTLS()
	if err != nil {
		return nil, err
	}
	return tls.Listen("tcp", address, config)
}

func run() error {
	options := []server.Option{server.WithExitWaitTime(100 * time.Millisecond)}
	var listener net.Listener
	var err error
	if *tlsVersion == "off" {
		listener, err = netpoll.CreateListener("tcp", address)
	} else {
		listener, err = listenWithTLS()
		options = append(options,
			server.WithTransServerFactory(gonet.NewTransServerFactory()),
			server.WithTransHandlerFactory(gonet.NewSvrTransHandlerFactory()))
	}
	if err != nil {
		return err
	}
	options = append(options, server.WithListener(listener))
	fmt.Printf("listening thrift %s\n", listener.Addr())
	return conformance.NewServer(newHandler(), options...).Run()
}

func main() {
	flag.Parse()
	runtime.GOMAXPROCS(*loops)
	klog.SetLevel(klog.LevelError)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
