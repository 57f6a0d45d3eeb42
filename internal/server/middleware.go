package server

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/config"
)

const (
	maxUserAgent = 255
	maxPath      = 200
)

// identify gives the request an id, and says what it comes from. The address is that of the connection: a header could
// say anything.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()
		w.Header().Set("X-Request-Id", id)
		d := account.Device{UserAgent: printable(r.UserAgent(), maxUserAgent)}
		if a, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			d.IP = a.Addr().Unmap()
		}
		ctx := graph.WithDevice(graph.WithRequestID(r.Context(), id), d)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// printable cuts text from outside to a length in characters and replaces what is not valid UTF-8 or controls something.
func printable(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most])
	}
	return s
}

// logRequests writes one line for each request, with nothing that the caller sent but method and path. Probes are quiet.
func logRequests(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			started := time.Now()
			ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			defer func() {
				level := slog.LevelInfo
				if r.URL.Path == "/livez" || r.URL.Path == "/readyz" {
					level = slog.LevelDebug
				}
				status := ww.Status()
				switch {
				case status == 0 && r.Header.Get("Upgrade") != "": // taken over by a protocol of its own
					status = http.StatusSwitchingProtocols
				case status == 0:
					status = http.StatusOK
				}
				log.Log(r.Context(), level, "request",
					"method", printable(r.Method, 16), "path", printable(r.URL.Path, maxPath), "status", status,
					"bytes", ww.BytesWritten(), "duration", time.Since(started), "request_id", graph.RequestID(r.Context()))
			}()
			next.ServeHTTP(ww, r)
		})
	}
}

// recoverPanics answers a panic. One that is meant to end the connection goes on.
func recoverPanics(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				switch v := recover(); v {
				case nil:
				case http.ErrAbortHandler:
					panic(v)
				default:
					log.ErrorContext(r.Context(), "panic", "panic", fmt.Sprint(v), "request_id", graph.RequestID(r.Context()),
						"stack", string(debug.Stack()))
					internal(w, r)
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// secureHeaders says to browsers that an answer is data, to be neither guessed at, framed, referred to, kept nor loaded by
// pages of others; the dashboard allows itself more. Who has come over https once is to come so again. Only browsers that
// are not on this machine are told that: there it would hold for everything else on localhost too.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !config.Loopback(host) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
