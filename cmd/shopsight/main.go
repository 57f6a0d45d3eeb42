// Command shopsight is the service and everything that is done with it: shopsight --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/shopsight/shopsight/internal/app"
	"github.com/shopsight/shopsight/internal/config"
)

// cli is the commands and their flags.
type cli struct {
	Demo     demo     `cmd:"" help:"Try it: a simulated store on this machine, synced and selling, and commands to ask the service."`
	Serve    serve    `cmd:"" help:"Run the service."`
	Migrate  migrate  `cmd:"" help:"Bring the database to the present schema."`
	Verify   verify   `cmd:"" help:"Compute every number anew from the orders, print what differs, and fail if anything does."`
	Rebuild  rebuild  `cmd:"" help:"Write every number anew from the orders."`
	Simulate simulate `cmd:"" help:"Run a simulated Shopify store, to try the service on."`
	Keys     keys     `cmd:"" help:"Show the keys of the service and rotate them, without downtime."`
}

type demo struct{ config.Demo }

// Help is printed by shopsight demo --help.
func (demo) Help() string {
	return "Makes the account demo@example.com with the password shopsight-demo in a folder of its own, connects it to a " +
		"simulated Shopify store that goes on selling, fetches what that has sold, and prints commands that ask something. " +
		"Since everybody knows the password, it listens on this machine alone."
}

func (c *demo) Run(ctx context.Context) error { return app.Demo(ctx, c.Demo, os.Stdout) }

type serve struct {
	config.Config
	Check bool `name:"check" env:"SHOPSIGHT_CHECK" help:"Check the settings and the database, and end."`
}

// Help is printed by shopsight serve --help.
func (serve) Help() string {
	return "Answers GraphQL at /graphql, and /livez and /readyz for whoever watches it. Without settings it keeps an " +
		"embedded database in the data folder. With a database server several replicas may run; they need the same keys."
}

func (c *serve) Run(ctx context.Context) error {
	if c.Check {
		return app.Check(ctx, c.Config, os.Stdout)
	}
	return app.Serve(ctx, c.Config, os.Stdout)
}

type simulate struct{ config.Simulate }

// Help is printed by shopsight simulate --help.
func (simulate) Help() string {
	return "Answers the parts of Shopify's Admin API that the service uses, with a believable history behind it, and goes on " +
		"selling: pages, filters, costs and throttling are as Shopify's. Nothing is kept. shopsight serve --shopify-url " +
		"makes a service ask it instead of every real store."
}

func (c *simulate) Run(ctx context.Context) error { return app.Simulate(ctx, c.Simulate, os.Stdout) }

type migrate struct{ config.Database }

// Help is printed by shopsight migrate --help.
func (migrate) Help() string {
	return "The service does it at its start; this is for those who forbid that with --no-migrate. Several may run at once."
}

func (c *migrate) Run(ctx context.Context) error { return app.Migrate(ctx, c.Database, os.Stdout) }

type verify struct{ config.Database }

// Help is printed by shopsight verify --help.
func (verify) Help() string {
	return "Changes nothing. The service may run meanwhile: each tenant is looked at in one snapshot."
}

func (c *verify) Run(ctx context.Context) error {
	n, err := app.Verify(ctx, c.Database, os.Stdout)
	if err == nil && n > 0 {
		err = fmt.Errorf("%d differences: shopsight rebuild writes the numbers anew", n)
	}
	return err
}

type rebuild struct{ config.Database }

// Help is printed by shopsight rebuild --help.
func (rebuild) Help() string {
	return "The service may run meanwhile: it reads the old numbers until the new ones are complete."
}

func (c *rebuild) Run(ctx context.Context) error { return app.Rebuild(ctx, c.Database, os.Stdout) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	command := kong.Parse(&cli{},
		kong.Name("shopsight"),
		kong.Description("Exact numbers for a store: records go in, GraphQL answers. Try shopsight demo."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "shopsight:", err)
		os.Exit(1)
	}
}
