package testkit

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// ServerVersion returns the version that the MySQL-family server of a URL gives itself. A patient call tries again until
// the context ends, for a server that is starting.
func ServerVersion(ctx context.Context, serverURL string, patient bool) (string, error) {
	u, err := url.Parse(serverURL)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%q is no URL of the form mysql://user:password@host:port/", serverURL)
	}
	db, err := openServer(u, "")
	if err != nil {
		return "", err
	}
	defer db.Close()
	for {
		var version string
		err := db.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version)
		if err == nil || !patient {
			return version, err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// DropDatabases drops every database on a server that tests made and no running test uses.
func DropDatabases(ctx context.Context, serverURL string) error {
	sv, err := connect(ctx, serverURL)
	if err != nil {
		return err
	}
	defer sv.db.Close()
	defer sv.lock.Close()
	names, err := sv.databases(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := sv.dropUnused(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// CreateDatabase makes an empty database and returns the data source name under which Go's MySQL driver opens it. It
// stays until DropDatabases.
func CreateDatabase(ctx context.Context, serverURL string) (string, error) {
	sv, err := connect(ctx, serverURL)
	if err != nil {
		return "", err
	}
	defer sv.db.Close()
	defer sv.lock.Close()
	name, err := sv.create(ctx)
	if err != nil {
		return "", err
	}
	cfg := serverConfig(sv.base, name)
	return cfg.FormatDSN(), nil
}
