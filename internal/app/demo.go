package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	syncer "github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/viewer"
)

// The demonstration's account. Everybody knows the password, so the demonstration listens on this machine alone.
const (
	demoEmail    = "demo@example.com"
	demoPassword = "shopsight-demo"
)

// The demonstration's store, which is simulated.
const (
	demoShop   = "shopsight-demo.myshopify.com"
	demoOrders = 5000
	// demoRate is how many orders an hour it goes on to sell, of which it tells at once.
	demoRate   = 240
	demoSecret = "shpss_demo"
	// demoAddress is by what name the store knows the service. What it delivers there does not leave the process.
	demoAddress = "https://shopsight.example"
)

// Demo runs the service on the embedded database, with an account that is connected to a simulated store, and writes to
// out how to ask it. The store is made anew at each start, so that its history ends today, and goes on selling.
func Demo(ctx context.Context, cfg config.Demo, out io.Writer) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return err
	}
	// A store that lets itself be read quickly: nobody waits for a demonstration.
	var a *App
	shop := simshop.New(simshop.Options{Domain: demoShop, Name: "Shopsight Demo", Timezone: zone, Seed: 1, Orders: demoOrders,
		Bucket: simshop.Bucket{Max: 50_000, Restore: 10_000}, Webhooks: simshop.WebhookOptions{Secret: demoSecret,
			Transport: simshop.Into(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.Handler.ServeHTTP(w, r) }))}})
	settings := cfg.Config()
	settings.PublicURL = demoAddress
	if a, err = New(ctx, settings, logger(slog.LevelWarn), Parts{Shopify: shop}); err != nil {
		return err
	}
	defer a.Close()
	who, err := a.demoAccount(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx, l) }()
	as := viewer.NewContext(ctx, who.Viewer)
	if err := a.fillDemo(as, shop, out); err != nil {
		stop()
		return errors.Join(err, <-ran)
	}
	greet(out, l.Addr(), who)
	var life sync.WaitGroup
	defer life.Wait()
	defer stop()
	life.Go(func() { shop.RunWebhooks(ctx) })
	life.Go(func() { shop.Run(ctx, demoRate) })
	return <-ran
}

// fillDemo connects the viewer's tenant to the store, and shows how its records come in.
func (a *App) fillDemo(ctx context.Context, shop *simshop.Shop, out io.Writer) error {
	// What an earlier demonstration left is another store's history.
	if _, err := a.Sync.Disconnect(ctx, true); err != nil {
		return err
	}
	token, secret := shop.Token(), demoSecret
	p, err := a.Sync.Connect(ctx, syncer.ConnectStoreInput{ShopDomain: shop.Domain(), AccessToken: &token, APISecretKey: &secret})
	if err != nil {
		return err
	}
	for _, problem := range p.UserErrors {
		return errors.New(problem.Message)
	}
	bar := newBar(out, "records of a simulated store", 0)
	for run := p.FirstSync; ; {
		done, total, told := 0, 0, true
		for _, part := range run.Progress {
			done += part.Fetched
			told = told && part.ExpectedTotal != nil
			if part.ExpectedTotal != nil {
				total += *part.ExpectedTotal
			}
		}
		if told {
			bar(done, max(total, done))
		}
		if !run.Active() {
			if run.Status != syncer.Succeeded {
				return fmt.Errorf("the first sync ended %s: %s", run.Status, run.Error.Message)
			}
			for _, proof := range run.Proof {
				fmt.Fprintf(out, "\n%d of %d %s are in", proof.Stored, *proof.Expected, strings.ToLower(proof.Resource))
			}
			fmt.Fprint(out, ".\n\n")
			// Before it sells, it is to tell of what it sells.
			_, err := a.Sync.RepairWebhooks(ctx)
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
		if run, err = a.Sync.Run(ctx, run.ID); err != nil {
			return err
		}
	}
}

// demoAccount signs the demonstration's person up, or in when there is one already.
func (a *App) demoAccount(ctx context.Context) (*account.AuthPayload, error) {
	name := "Demo"
	who, err := a.Account.Signup(ctx, account.SignupInput{Email: demoEmail, Password: demoPassword, Name: &name,
		TenantName: "Demo store", CurrencyCode: "USD", Timezone: "America/New_York"}, account.Device{})
	if err == nil && len(who.UserErrors) > 0 {
		who, err = a.Account.Login(ctx, account.LoginInput{Email: demoEmail, Password: demoPassword}, account.Device{})
	}
	if err != nil {
		return nil, err
	}
	for _, p := range who.UserErrors {
		return nil, fmt.Errorf("the demonstration's account: %s", p.Message)
	}
	return who, nil
}

// greet tells where to look, and how to ask: three questions with a token that is good for some minutes, and how to get another.
func greet(out io.Writer, addr net.Addr, who *account.AuthPayload) {
	url := "http://" + addr.String() + "/graphql"
	fmt.Fprintf(out, "The dashboard is at %s until you press Ctrl-C. Log in as %s with the password %s.\n\n", pageURL(addr), demoEmail, demoPassword)
	fmt.Fprintf(out, "GraphQL answers at %s. The token below is good until %s.\n\n", url, who.AccessTokenExpiresAt.Local().Format("15:04"))
	fmt.Fprintf(out, "TOKEN=%s\n", who.AccessToken)
	for _, q := range []struct{ about, query string }{
		{"How did the last 30 days go, against the 30 before?",
			"{ overview(range: {preset: LAST_30_DAYS}, compareTo: PREVIOUS_PERIOD) { totalRevenue { value { amount currencyCode } changePercent } orders { value changePercent } averageOrderValue { value { amount } } newCustomers { value } } }"},
		{"Who are the best customers, and what did they buy last?",
			"{ topCustomers(first: 3) { rank totalSales { amount } customer { displayName ordersCount orders(first: 2) { nodes { name processedAt items { title quantity } } } } } }"},
		{"What did each month of the last year bring?",
			"{ salesTrend(range: {preset: LAST_12_MONTHS}, interval: MONTH) { points { label orders totalSales { amount } newCustomers } } }"},
	} {
		fmt.Fprintf(out, "\n# %s\ncurl -s %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n  -d '{\"query\":\"%s\"}'\n", q.about, url, q.query)
	}
	fmt.Fprintf(out, "\n# Another token:\ncurl -s %s -H 'Content-Type: application/json' \\\n  -d '{\"query\":\"mutation { login(input: {email: \\\"%s\\\", password: \\\"%s\\\"}) { accessToken } }\"}'\n\n", url, demoEmail, demoPassword)
}

// newBar returns a function that shows how many of how many are done. A total of -1 is not known.
func newBar(out io.Writer, what string, total int) func(done, total int) {
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30))
	return func(done, total int) {
		if total > 0 {
			bar.ChangeMax(total)
		}
		_ = bar.Set(done) // it is only for show
	}
}
