// Command mysqlserver does for scripts what they would need a MySQL client for.
//
//	mysqlserver version URL   prints the server's version, or fails
//	mysqlserver wait URL      the same, but gives a starting server a minute
//	mysqlserver create URL    makes an empty database and prints its data source name; drop drops it
//	mysqlserver drop URL      drops the databases that tests left on the server
//	mysqlserver port          prints a TCP port of 127.0.0.1 that is free
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/shopsight/shopsight/internal/testkit"
)

func main() {
	_ = mysql.SetLogger(discard{}) // a refused connection is an answer here
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mysqlserver:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 1 && args[0] == "port" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer l.Close()
		fmt.Fprintln(out, l.Addr().(*net.TCPAddr).Port)
		return nil
	}
	if len(args) != 2 {
		return errors.New("usage: mysqlserver version|wait|create|drop URL, or mysqlserver port")
	}
	patient := args[0] == "wait"
	limit := 10 * time.Second
	if patient || args[0] == "drop" {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	switch args[0] {
	case "version", "wait":
		version, err := testkit.ServerVersion(ctx, args[1], patient)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, version)
		return nil
	case "create":
		dsn, err := testkit.CreateDatabase(ctx, args[1])
		if err != nil {
			return err
		}
		fmt.Fprintln(out, dsn)
		return nil
	case "drop":
		return testkit.DropDatabases(ctx, args[1])
	}
	return fmt.Errorf("unknown command %q", args[0])
}

type discard struct{}

func (discard) Print(...any) {}
