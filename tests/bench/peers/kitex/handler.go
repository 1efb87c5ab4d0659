package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dunlin/bench/peer/kitex_gen/conformance"
)

var errNotHere = errors.New("not a call of the benchmark")

// handler has the calls of the benchmark; the others fail.
type handler struct {
	lock    sync.RWMutex
	records map[int64]*conformance.Address
	nextID  int64
}

func newHandler() *handler {
	id, updated := int64(1), int64(1700000000000)
	first := &conformance.Address{
		Id:          &id,
		FullName:    "Dunlin Calidris alpina",
		Emails:      []string{"dunlin@wader.example", "calidris.alpina@shore.example"},
		Labels:      map[string]string{"habitat": "mudflat", "order": "Charadriiformes"},
		UpdatedAtMs: &updated,
	}
	return &handler{records: map[int64]*conformance.Address{id: first}, nextID: 1000}
}

func (h *handler) Ping(context.Context) (string, error) {
	return "pong", nil
}

// Put keeps what it was given: nobody writes to a record that is stored.
func (h *handler) Put(_ context.Context, address *conformance.Address) (*conformance.Address, error) {
	h.lock.Lock()
	defer h.lock.Unlock()
	if address.Id == nil {
		id := h.nextID
		h.nextID++
		address.Id = &id
	}
	h.records[*address.Id] = address
	return address, nil
}

func (h *handler) Get(_ context.Context, id int64) (*conformance.Address, error) {
	h.lock.RLock()
	defer h.lock.RUnlock()
	if found, ok := h.records[id]; ok {
		return found, nil
	}
	return nil, &conformance.NotFound{Message: fmt.Sprintf("no address has id %d", id)}
}

func (h *handler) Echo(_ context.Context, payload []byte) ([]byte, error) {
	return payload, nil
}

func (h *handler) Sleep(_ context.Context, ms int32) (string, error) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return fmt.Sprintf("slept %d", ms), nil
}

func (h *handler) NowMs(context.Context) (int64, error) {
	return time.Now().UnixMilli(), nil
}

func (h *handler) Search(context.Context, string, int32) ([]*conformance.Address, error) {
	return nil, errNotHere
}

func (h *handler) Touch(context.Context, int64) error {
	return errNotHere
}

func (h *handler) Spin(context.Context, int32) (string, error) {
	return "", errNotHere
}

func (h *handler) Block(context.Context, int32) (string, error) {
	return "", errNotHere
}

func (h *handler) Cancelled(context.Context) (int64, error) {
	return 0, errNotHere
}

func (h *handler) Everything(context.Context, *conformance.EveryType) (*conformance.EveryType, error) {
	return nil, errNotHere
}

func (h *handler) Context(context.Context) (map[string]string, error) {
	return nil, errNotHere
}

func (h *handler) Fail(context.Context, string) (string, error) {
	return "", errNotHere
}

func (h *handler) Nothing(context.Context) error {
	return nil
}
