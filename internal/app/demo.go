package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/sample"
	"github.com/shopsight/shopsight/internal/viewer"
)

// The demonstration's account. Everybody knows the password, so the demonstration listens on this machine alone.
const (
	demoEmail    = "demo@example.com"
	demoPassword = "shopsight-demo"
)

// Demo runs the service on the embedded database with an account and sample data in it, and writes to out how to ask
// it. The sample data is made anew at each start, so that it ends today.
func Demo(ctx context.Context, cfg config.Demo, out io.Writer) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	a, err := New(ctx, cfg.Config(), logger(slog.LevelWarn), Parts{})
	if err != nil {
		return err
	}
	defer a.Close()
	who, err := a.demoAccount(ctx)
	if err != nil {
		return err
	}
	bar := newBar(out, "sample data", 0)
	loaded, problems, err := a.Sample.Load(viewer.NewContext(ctx, who.Viewer), sample.LoadInput{Seed: 1, Days: 365, Orders: 2400}, bar)
	if err != nil {
		return err
	}
	for _, p := range problems {
		return errors.New(p.Message)
	}
	fmt.Fprintf(out, "\n%d orders with %d items, %d customers and %d products are in.\n\n",
		loaded.Orders, loaded.OrderItems, loaded.Customers, loaded.Products)
	greet(out, l.Addr().String(), who)
	return a.Run(ctx, l)
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

// greet tells how to ask: three questions with a token that is good for some minutes, and how to get another.
func greet(out io.Writer, addr string, who *account.AuthPayload) {
	url := "http://" + addr + "/graphql"
	fmt.Fprintf(out, "GraphQL answers at %s until you press Ctrl-C.\n", url)
	fmt.Fprintf(out, "Account: %s, password: %s. The token below is good until %s.\n\n", demoEmail, demoPassword,
		who.AccessTokenExpiresAt.Local().Format("15:04"))
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
