// Holds a conformance server against Apache Thrift's own Go library: framed and buffered, binary and
// compact, with mutual TLS or without.
//
// usage: suite HOST:PORT [CA CERTIFICATE KEY]
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"sync"
	"time"

	"dunlin/interop/conformance"

	"github.com/apache/thrift/lib/go/thrift"
)

var background = context.Background()

// A peer is where and how to call.
type peer struct {
	address string
	tls     *tls.Config
	framed  bool
	compact bool
}

// A connection has the client on it; unknown methods are called on its protocol.
type connection struct {
	*conformance.ConformanceClient
	transport thrift.TTransport
	protocol  thrift.TProtocol
}

func (p peer) connect(timeout time.Duration) (*connection, error) {
	config := &thrift.TConfiguration{ConnectTimeout: 10 * time.Second, SocketTimeout: timeout,
		TLSConfig: p.tls}
	var socket thrift.TTransport = thrift.NewTSocketConf(p.address, config)
	if p.tls != nil {
		socket = thrift.NewTSSLSocketConf(p.address, config)
	}
	var transport thrift.TTransport = thrift.NewTBufferedTransport(socket, 8192)
	if p.framed {
		transport = thrift.NewTFramedTransportConf(socket, config)
	}
	var protocol thrift.TProtocol = thrift.NewTBinaryProtocolConf(transport, config)
	if p.compact {
		protocol = thrift.NewTCompactProtocolConf(transport, config)
	}
	client := conformance.NewConformanceClient(thrift.NewTStandardClient(protocol, protocol))
	return &connection{client, transport, protocol}, transport.Open()
}

var points, failures int

func point(group, name string, body func() error) {
	start := time.Now()
	err := body()
	points++
	word := "ok"
	if err != nil {
		failures++
		word = "not ok"
	}
	fmt.Printf("%s %d - %s | %s # %d ms\n", word, points, group, name, time.Since(start).Milliseconds())
	if err != nil {
		fmt.Printf("#   %.500s\n", strings.ReplaceAll(err.Error(), "\n", " "))
	}
}

func check(holds bool, format string, args ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, args...)
}

func eventually(what string, holds func() bool) error {
	for i := 0; i < 100; i++ {
		if holds() {
			return nil
		}
		time.Sleep(30 * time.Millisecond)
	}
	return fmt.Errorf("in three seconds not seen: %s", what)
}

// run does every case over one transport and protocol, on one connection except where said.
func run(p peer) {
	names := map[bool]string{}
	names[p.framed] = "framed"
	if !p.framed {
		names[p.framed] = "buffered"
	}
	protocol, security := "binary", "plain"
	if p.compact {
		protocol = "compact"
	}
	if p.tls != nil {
		security = "mutual TLS"
	}
	group := fmt.Sprintf("go | %s | %s | %s", names[p.framed], protocol, security)

	c, err := p.connect(30 * time.Second)
	if err != nil {
		point(group, "connect", func() error { return err })
		return
	}
	defer c.transport.Close()

	point(group, "ping", c.ping)
	point(group, "now_ms is about now", c.now)
	point(group, "nothing", func() error { return c.Nothing(background) })
	point(group, "put, get, search", c.addresses)
	point(group, "get of an unknown id", c.notFound)
	for _, one := range everyValue() {
		one := one
		point(group, "everything: "+one.name, func() error {
			got, err := c.Everything(background, one.value)
			if err != nil {
				return err
			}
			what := difference(one.value, got)
			return check(what == "", "%s", what)
		})
	}
	for _, size := range []int{0, 1, 1000, 1 << 20, 8 << 20} {
		size := size
		point(group, fmt.Sprint("echo of ", size, " bytes"), func() error { return c.echo(size) })
	}
	point(group, "oneway", c.oneway)
	point(group, "fail: a declared exception", c.declared)
	point(group, "fail: an undeclared one says nothing of the inside", func() error {
		return c.applicationException("undeclared", thrift.INTERNAL_ERROR)
	})
	point(group, "fail: a nack is an exception here", func() error {
		return c.applicationException("nack", -1)
	})
	point(group, "an unknown method", c.unknownMethod)
	point(group, "context", func() error { return c.context(p.tls != nil) })
	point(group, "sleep, spin, block", c.waiting)
	point(group, "20 connections at once", p.many)
	point(group, "hanging up cancels the call", func() error { return c.hangUp(p) })
}

func (c *connection) ping() error {
	answer, err := c.Ping(background)
	if err != nil {
		return err
	}
	return check(answer == "pong", "ping answered %q", answer)
}

func (c *connection) now() error {
	now, err := c.NowMs(background)
	if err != nil {
		return err
	}
	apart := now - time.Now().UnixMilli()
	return check(apart > -10_000 && apart < 10_000, "the clocks are %d ms apart", apart)
}

func (c *connection) addresses() error {
	prefix := fmt.Sprint(unicode, rand.New(rand.NewSource(time.Now().UnixNano())).Int())
	stored, err := c.Put(background, &conformance.Address{FullName: prefix + "1",
		Emails: []string{"a@example.org"}, Labels: map[string]string{"": "v"}})
	if err != nil {
		return err
	}
	if *stored.ID < 1000 {
		return fmt.Errorf("id %d", *stored.ID)
	}
	got, err := c.Get(background, *stored.ID)
	if err != nil {
		return err
	}
	if got.FullName != prefix+"1" || got.Emails[0] != "a@example.org" || got.Labels[""] != "v" {
		return fmt.Errorf("it was not stored as it was put: %v", got)
	}
	if _, err = c.Put(background, &conformance.Address{FullName: prefix + "2"}); err != nil {
		return err
	}
	found, err := c.Search(background, prefix, 10)
	if err != nil || len(found) != 2 || found[0].FullName != prefix+"1" {
		return fmt.Errorf("search found %v, error %v", found, err)
	}
	found, err = c.Search(background, prefix+"nobody", 10)
	if err != nil || len(found) != 0 {
		return fmt.Errorf("search found %v, error %v", found, err)
	}
	_, err = c.Get(background, 1)
	return err
}

func (c *connection) notFound() error {
	_, err := c.Get(background, 987654321)
	var missing *conformance.NotFound
	return check(errors.As(err, &missing) && missing.Message != "", "it gave %v", err)
}

func (c *connection) echo(size int) error {
	payload := make([]byte, size)
	rand.Read(payload)
	got, err := c.Echo(background, payload)
	if err != nil {
		return err
	}
	return check(bytes.Equal(payload, got), "other bytes came back, or others many")
}

func (c *connection) oneway() error {
	stored, err := c.Put(background, &conformance.Address{FullName: "Touched"})
	if err != nil {
		return err
	}
	before := time.Now().UnixMilli() - 5_000
	if err = c.Touch(background, *stored.ID); err != nil {
		return err
	}
	if err = c.ping(); err != nil {
		return err
	}
	return eventually("updated_at_ms", func() bool {
		got, err := c.Get(background, *stored.ID)
		return err == nil && got.UpdatedAtMs != nil && *got.UpdatedAtMs >= before
	})
}

func (c *connection) declared() error {
	_, err := c.Fail(background, "declared")
	var refused *conformance.Refused
	return check(errors.As(err, &refused) && refused.Reason != "", "it gave %v", err)
}

// applicationException: fail(kind) gives one, of this type (any for -1), that tells nothing of the inside.
func (c *connection) applicationException(kind string, kindOfError int32) error {
	_, err := c.Fail(background, kind)
	var failure thrift.TApplicationException
	if !errors.As(err, &failure) {
		return fmt.Errorf("it gave %v", err)
	}
	if kindOfError >= 0 && failure.TypeId() != kindOfError {
		return fmt.Errorf("it is of type %d", failure.TypeId())
	}
	if strings.Contains(failure.Error(), "/") {
		return fmt.Errorf("the inside is told: %v", failure)
	}
	return c.ping()
}

func (c *connection) unknownMethod() error {
	wire := c.protocol
	wire.WriteMessageBegin(background, "no_such_method", thrift.CALL, 5)
	wire.WriteStructBegin(background, "args")
	wire.WriteFieldStop(background)
	wire.WriteStructEnd(background)
	wire.WriteMessageEnd(background)
	if err := wire.Flush(background); err != nil {
		return err
	}

	name, kind, seqid, err := wire.ReadMessageBegin(background)
	if err != nil {
		return err
	}
	if name != "no_such_method" || kind != thrift.EXCEPTION || seqid != 5 {
		return fmt.Errorf("the reply is %q of type %d, number %d", name, kind, seqid)
	}
	failure := thrift.NewTApplicationException(0, "")
	if err = failure.Read(background, wire); err != nil {
		return err
	}
	if err = wire.ReadMessageEnd(background); err != nil {
		return err
	}
	if failure.TypeId() != thrift.UNKNOWN_METHOD {
		return fmt.Errorf("it is of type %d", failure.TypeId())
	}
	return c.ping()
}

func (c *connection) context(secure bool) error {
	facts, err := c.Context(background)
	if err != nil {
		return err
	}
	_, identity := facts["peer_identity"]
	_, version := facts["tls_version"]
	return check(facts["method"] == "context" && strings.Contains(facts["peer_address"], "127.0.0.1") &&
		identity == secure && version == secure, "%v", facts)
}

func (c *connection) waiting() error {
	answer, err := c.Sleep(background, 30)
	if err != nil || answer != "slept 30" {
		return fmt.Errorf("sleep answered %q, error %v", answer, err)
	}
	if _, err = c.Spin(background, 10); err != nil {
		return err
	}
	_, err = c.Block(background, 10)
	return err
}

func (p peer) many() error {
	var group sync.WaitGroup
	failed := make(chan error, 20)
	for i := 0; i < 20; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			c, err := p.connect(30 * time.Second)
			if err == nil {
				_, err = c.Sleep(background, 100)
				c.transport.Close()
			}
			if err != nil {
				failed <- err
			}
		}()
	}
	group.Wait()
	close(failed)
	return <-failed
}

func (c *connection) hangUp(p peer) error {
	before, err := c.Cancelled(background)
	if err != nil {
		return err
	}
	other, err := p.connect(300 * time.Millisecond)
	if err != nil {
		return err
	}
	_, err = other.Sleep(background, 20_000)
	other.transport.Close()
	if err == nil {
		return errors.New("it returned")
	}
	return eventually("cancelled() rises", func() bool {
		now, err := c.Cancelled(background)
		return err == nil && now > before
	})
}

func credentials(ca, certificate, key string) (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", ca)
	}
	return &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: roots, ServerName: "localhost"}, nil
}

func main() {
	if len(os.Args) != 2 && len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: suite HOST:PORT [CA CERTIFICATE KEY]")
		os.Exit(2)
	}
	var config *tls.Config
	if len(os.Args) == 5 {
		var err error
		if config, err = credentials(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	for _, framed := range []bool{true, false} {
		for _, compact := range []bool{false, true} {
			run(peer{os.Args[1], config, framed, compact})
		}
	}
	fmt.Printf("1..%d\n# %d passed, %d failed\n", points, points-failures, failures)
	if failures > 0 {
		os.Exit(1)
	}
}
