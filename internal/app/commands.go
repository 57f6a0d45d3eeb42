package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Serve runs the service until ctx ends. Log lines go to standard error, and two lines for people to out.
func Serve(ctx context.Context, cfg config.Config, out io.Writer) error {
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	a, err := New(ctx, cfg, logger(cfg.LogLevel), Parts{})
	if err != nil {
		return err
	}
	defer a.Close()
	version, err := a.Store.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "shopsight answers at http://%s/graphql (%s, %s)\nthe dashboard is at %s\n",
		l.Addr(), store.Redact(cfg.Open()), version, pageURL(l.Addr()))
	return a.Run(ctx, l)
}

// pageURL returns where a browser on this machine finds the dashboard.
func pageURL(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String() + "/"
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

func logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// Check tells whether the service could start with the configuration. It makes and changes nothing.
func Check(ctx context.Context, cfg config.Config, out io.Writer) error {
	if path, own := cfg.Keyring().KeyFile(); own && missing(path) {
		fmt.Fprintf(out, "keys: will be made at the first start, in %s\n", path)
	} else if _, err := readKeys(cfg.Keyring()); err != nil {
		return err
	}
	url := cfg.Open()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if missing(path) {
			fmt.Fprintf(out, "database: will be made at the first start, in %s\n", filepath.Clean(path))
			fmt.Fprintln(out, "the configuration is good")
			return nil
		}
	}
	st, err := store.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer st.Close()
	version, err := st.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "database: %s, %s\n", store.Redact(url), version)
	if ok, err := st.Migrated(ctx); err != nil {
		return err
	} else if !ok && !cfg.Migrate {
		return errors.New("the database is not at the present schema and --no-migrate forbids to change it: run shopsight migrate")
	}
	fmt.Fprintln(out, "the configuration is good")
	return nil
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// Migrate brings the database to the present schema.
func Migrate(ctx context.Context, cfg config.Database, out io.Writer) error {
	st, err := openStore(ctx, cfg, false, nil)
	if err == nil {
		defer st.Close()
		fmt.Fprintln(out, "the database is at the present schema")
		return nil
	}
	if st, err = openStore(ctx, cfg, true, nil); err != nil {
		return err
	}
	defer st.Close()
	fmt.Fprintln(out, "the database has been brought to the present schema")
	return nil
}

// Verify works out every number of every tenant from the orders, writes what is stored otherwise to out, and returns how
// many differences there are.
func Verify(ctx context.Context, cfg config.Database, out io.Writer) (differences int, err error) {
	st, err := openExisting(ctx, cfg)
	if err != nil {
		return 0, err
	}
	defer st.Close()
	all, err := tenants(ctx, st, "verify the numbers of every tenant")
	if err != nil {
		return 0, err
	}
	svc := ingest.New(st, time.Now)
	for _, t := range all {
		n := 0
		err := svc.Verify(viewer.NewContext(ctx, viewer.Tenant(t.ID)), func(d ingest.Difference) {
			n++
			fmt.Fprintf(out, "%s: %s\n", t.Slug, d)
		})
		if err != nil {
			return differences, fmt.Errorf("tenant %s: %w", t.Slug, err)
		}
		if n == 0 {
			fmt.Fprintf(out, "%s: every number agrees with the orders\n", t.Slug)
		}
		differences += n
	}
	fmt.Fprintf(out, "tenants: %d, differences: %d\n", len(all), differences)
	return differences, nil
}

// Rebuild writes every number of every tenant anew from the orders.
func Rebuild(ctx context.Context, cfg config.Database, out io.Writer) error {
	st, err := openExisting(ctx, cfg)
	if err != nil {
		return err
	}
	defer st.Close()
	all, err := tenants(ctx, st, "rebuild the numbers of every tenant")
	if err != nil {
		return err
	}
	svc := ingest.New(st, time.Now)
	for _, t := range all {
		bar := newBar(out, t.Slug, -1)
		err := svc.Rebuild(viewer.NewContext(ctx, viewer.Tenant(t.ID)), func(done int) { bar(done, -1) })
		if err != nil {
			return fmt.Errorf("tenant %s: %w", t.Slug, err)
		}
		fmt.Fprintf(out, "\n%s: rebuilt\n", t.Slug)
	}
	return nil
}
