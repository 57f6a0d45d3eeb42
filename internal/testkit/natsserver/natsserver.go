// Package natsserver runs a NATS server with JetStream for a test, on a port of this machine.
package natsserver

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Server is a NATS server that can be stopped and started again, on the same port.
type Server struct {
	// Options are what the next Start takes.
	Options server.Options

	tb      testing.TB
	running *server.Server
}

// New starts a server, which ends with the test. change changes what it starts with.
func New(tb testing.TB, change ...func(*server.Options)) *Server {
	tb.Helper()
	s := &Server{tb: tb, Options: server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true, JetStream: true, StoreDir: tb.TempDir()}}
	for _, c := range change {
		c(&s.Options)
	}
	s.Start()
	s.Options.Port = s.running.Addr().(*net.TCPAddr).Port
	tb.Cleanup(s.Stop)
	return s
}

// Start starts the server.
func (s *Server) Start() {
	s.tb.Helper()
	options := s.Options
	srv, err := server.NewServer(&options)
	if err != nil {
		s.tb.Fatal(err)
	}
	go srv.Start() // until it is shut down
	if !srv.ReadyForConnections(time.Minute) {
		s.tb.Fatal("the NATS server does not start")
	}
	s.running = srv
}

// Stop stops the server, and waits until it has.
func (s *Server) Stop() {
	s.running.Shutdown()
	s.running.WaitForShutdown()
}

// URL returns its address.
func (s *Server) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.Options.Port) }
