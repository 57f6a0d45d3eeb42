// Package app puts the service together: it is the one place that knows all parts, and makes each with what it needs.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/graph"
	"github.com/shopsight/shopsight/graph/loader"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/auth"
	"github.com/shopsight/shopsight/internal/commerce"
	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/insights"
	"github.com/shopsight/shopsight/internal/live"
	"github.com/shopsight/shopsight/internal/media"
	"github.com/shopsight/shopsight/internal/privacy"
	"github.com/shopsight/shopsight/internal/queue"
	"github.com/shopsight/shopsight/internal/sample"
	"github.com/shopsight/shopsight/internal/server"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
	syncer "github.com/shopsight/shopsight/internal/sync"
	"github.com/shopsight/shopsight/internal/viewer"
	"github.com/shopsight/shopsight/web"
)

// Parts are what tests replace. The zero value is what the service runs with.
type Parts struct {
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Observe is told of every statement.
	Observe store.Observer
	// Limits bounds guesses and sign-ups.
	Limits account.Limits
	// Shopify sends requests to stores, instead of the network.
	Shopify http.RoundTripper
}

// App is the service, ready to answer. Close it when done.
type App struct {
	// Handler answers every route.
	Handler http.Handler

	Store   *store.Store
	Account *account.Service
	Ingest  *ingest.Service
	Sample  *sample.Loader
	Sync    *syncer.Service
	Privacy *privacy.Service

	log     *slog.Logger
	queue   *queue.Queue
	relay   *relay // nil when there are no other processes
	deaf    func() // ends the hearing of signals
	graphql *graph.Handler
	keys    *auth.Keys
	keyFile *auth.KeyFile // nil when the keys were given as text
	// rezoned are tenants whose local days are to be worked out anew in the background.
	rezoned chan int64
}

// New opens the database that the configuration names, brings it to the present schema unless that is forbidden, makes
// or reads the keys, opens the queue, and puts the service together.
func New(ctx context.Context, cfg config.Config, log *slog.Logger, p Parts) (*App, error) {
	if p.Now == nil {
		p.Now = time.Now
	}
	keys, keyFile, err := openKeys(cfg, log, p.Now())
	if err != nil {
		return nil, err
	}
	st, err := openStore(ctx, cfg.Database, cfg.Migrate, p.Observe)
	if err != nil {
		return nil, err
	}
	hub := &live.Hub{}
	a := &App{Store: st, log: log, keys: keys, keyFile: keyFile, rezoned: make(chan int64, 1024)}
	publish, err := a.openQueue(ctx, cfg, hub, p.Now)
	if err != nil {
		a.Close()
		return nil, err
	}
	a.Ingest = ingest.New(st, p.Now, publish)
	a.Sample = sample.NewLoader(a.Ingest, p.Now)
	tokens := auth.NewTokens(keys, p.Now)
	a.Account, err = account.New(account.Config{Store: st, Tokens: tokens, Rezone: a.rezone, Limits: p.Limits, Now: p.Now, Log: log})
	if err != nil {
		a.Close()
		return nil, err
	}
	shops := shopify.New(shopify.Options{Endpoint: endpoint(cfg.Shopify), Transport: p.Shopify, Log: log})
	a.Sync = syncer.New(syncer.Config{Store: st, Ingest: a.Ingest, Queue: a.queue, Box: keys.Box(), Adopt: a.adopt, Now: p.Now, Log: log,
		OAuth: shops, App: shopify.App{ClientID: cfg.App.ClientID, Secret: cfg.App.Secret, OldSecret: cfg.App.OldSecret},
		AppScopes: cfg.App.Asked(), PublicURL: cfg.Public(),
		Bulk: syncer.Bulk{Dir: filepath.Join(cfg.Data, "exports")}, WebhookURL: webhookURL(cfg.Webhooks()),
		Source: func(d shopify.Domain, token shopify.Tokens, throttled func(time.Time)) syncer.Source {
			return shops.Client(d, token).Throttled(throttled)
		},
		Compliance: func(ctx context.Context, w shopify.Webhook) error { return a.Privacy.Receive(ctx, demand(w, p.Now())) },
		Changed: func(tenant, run int64) {
			publish(live.Event{Tenant: tenant, Kind: live.Syncs, Record: run, At: p.Now()})
		}})
	a.Privacy = privacy.New(privacy.Config{Store: st, Ingest: a.Ingest, Shop: a.Sync, Now: p.Now, Log: log,
		Journal: filepath.Join(cfg.Data, "redactions.jsonl")})
	reader := commerce.New(st, p.Now)
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: &graph.Resolver{
		Account: a.Account, Ingest: a.Ingest, Sample: a.Sample, Commerce: reader, Insights: insights.New(st, p.Now),
		Live: hub, Sync: a.Sync, Privacy: a.Privacy,
	}})
	a.graphql = graph.NewHandler(schema, graph.Options{Log: log, Witness: a.Privacy.Seen,
		SignIn: auth.NewAuthenticator(tokens, a.Account).Authenticate,
		Around: []graphql.OperationMiddleware{func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			return next(loader.NewContext(ctx, reader))
		}}})
	pictures, err := media.New(media.Config{Find: a.picture(reader), Transport: pictureTransport(cfg.Shopify, p.Shopify),
		Fail: server.Fail(log), Now: p.Now, Log: log})
	if err != nil {
		a.Close()
		return nil, err
	}
	a.Handler, err = server.New(server.Config{
		GraphQL:   a.graphql,
		Media:     pictures,
		Webhooks:  a.Sync.Receive,
		Connect:   a.Sync,
		PublicURL: cfg.Public(),
		Origins:   cfg.Origins(),
		Auth:      auth.Middleware(tokens, a.Account, server.Fail(log)),
		Ready:     st.Ping,
		Dashboard: web.Dist(),
		Log:       log,
	})
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// openQueue opens the queue, and returns what tells listeners of events: those of every process that shares the queue.
func (a *App) openQueue(ctx context.Context, cfg config.Config, hub *live.Hub, now func() time.Time) (func(...live.Event), error) {
	q, err := queue.Open(ctx, queue.Config{URL: cfg.NATS, Dir: cfg.Stream(), Log: a.log})
	if err != nil {
		return nil, err
	}
	a.queue = q
	if cfg.NATS == "" {
		return hub.Publish, nil
	}
	a.relay = newRelay(hub, q.Signal, now)
	if a.deaf, err = q.Signals(a.relay.Hear); err != nil {
		return nil, err
	}
	return a.relay.Publish, nil
}

// Close ends what is open: first who hears of changes, last what they are written to.
func (a *App) Close() error {
	if a.graphql != nil {
		a.graphql.Close()
	}
	if a.deaf != nil {
		a.deaf()
	}
	if a.relay != nil {
		a.relay.Close()
	}
	if a.queue != nil {
		a.queue.Close()
	}
	return a.Store.Close()
}

// Run answers on the listener until ctx ends. Meanwhile it syncs stores, goes on with what was under way when the service
// stopped, and follows the file of its keys.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { a.rebuild(ctx) })
	background.Go(func() { a.Sync.Work(ctx) })
	background.Go(func() {
		a.Privacy.Work(viewer.NewContext(ctx, viewer.System("do what privacy requests ask for, whoever's they are")))
	})
	if a.keyFile != nil {
		background.Go(func() { a.keyFile.Follow(ctx, a.keys, a.log) })
	}
	// What stays open until somebody closes it would keep the server from stopping.
	closing := context.AfterFunc(ctx, a.graphql.Close)
	defer closing()
	err := server.Serve(ctx, l, a.Handler, a.log)
	cancel()
	background.Wait()
	return err
}

// endpoint returns what answers for stores, nil for the stores themselves.
func endpoint(url string) func(shopify.Domain) string {
	if url == "" {
		return nil
	}
	return func(shopify.Domain) string {
		return strings.TrimRight(url, "/") + "/admin/api/" + shopify.Version + "/graphql.json"
	}
}

// demand is what the law asks for in a webhook.
func demand(w shopify.Webhook, now time.Time) privacy.Received {
	kinds := map[shopify.Topic]string{shopify.CustomersDataRequest: privacy.CustomerData, shopify.CustomersRedact: privacy.CustomerRedact,
		shopify.ShopRedact: privacy.ShopRedact}
	r := privacy.Received{Kind: kinds[w.Topic], EventID: string(w.Topic) + " " + w.EventID, TriggeredAt: w.TriggeredAt, ReceivedAt: now}
	if w.Privacy != nil {
		r.CustomerID, r.Orders = w.Privacy.CustomerID, w.Privacy.Orders
	}
	return r
}

// webhookURL returns where stores tell of what happens, "" without a public address.
func webhookURL(address string) string {
	if address == "" {
		return ""
	}
	return address + syncer.WebhookPath
}

// adopt gives a tenant the currency and the timezone of its store.
func (a *App) adopt(ctx context.Context, currency, timezone string) ([]fault.UserError, error) {
	p, err := a.Account.UpdateTenant(ctx, account.UpdateTenantInput{CurrencyCode: &currency, Timezone: &timezone})
	if err != nil {
		return nil, err
	}
	return p.UserErrors, nil
}

// rezone is what account calls when a tenant moves to another timezone: what is not done in a moment goes on in the
// background, and so does what an error or the end of the request has cut off after it had begun.
func (a *App) rezone(ctx context.Context, tenant int64, zone string) error {
	err := a.Ingest.Rezone(ctx, zone)
	select {
	case a.rezoned <- tenant:
	default: // so many are waiting that this one waits for the next start; reads keep the old zone until then
		a.log.WarnContext(ctx, "many timezones change at once", "tenant", tenant)
	}
	return err
}

// rebuild finishes every rebuild that is under way: first those of an earlier run, then those that are asked for.
func (a *App) rebuild(ctx context.Context) {
	tenants, err := a.Tenants(ctx, "finish the rebuilds that the last run left")
	if err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "rebuild: list tenants", "error", err)
	}
	for _, t := range tenants {
		a.resume(ctx, t.ID)
	}
	for {
		select {
		case id := <-a.rezoned:
			a.resume(ctx, id)
		case <-ctx.Done():
			return
		}
	}
}

func (a *App) resume(ctx context.Context, tenant int64) {
	err := a.Ingest.Resume(viewer.NewContext(ctx, viewer.Tenant(tenant)))
	if err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "rebuild", "tenant", tenant, "error", err)
	}
}

// Tenants returns every tenant, for a written reason.
func (a *App) Tenants(ctx context.Context, reason string) ([]*ent.Tenant, error) {
	return tenants(ctx, a.Store, reason)
}

func tenants(ctx context.Context, st *store.Store, reason string) ([]*ent.Tenant, error) {
	return st.Client().Tenant.Query().All(viewer.NewContext(ctx, viewer.System(reason)))
}

// openExisting opens a database that is there and at the present schema; a command that only looks makes none.
func openExisting(ctx context.Context, cfg config.Database) (*store.Store, error) {
	if path, ok := strings.CutPrefix(cfg.Open(), "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database at %s: is --data or $DATABASE_URL right?", path)
		}
	}
	return openStore(ctx, cfg, false, nil)
}

// openStore opens the database, and brings it to the present schema.
func openStore(ctx context.Context, cfg config.Database, migrate bool, observe store.Observer) (*store.Store, error) {
	if !cfg.External() {
		if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	st, err := store.Open(ctx, cfg.Open(), observe)
	if err != nil {
		return nil, err
	}
	if migrate {
		if _, err := st.Migrate(ctx); err != nil {
			st.Close()
			return nil, err
		}
		return st, nil
	}
	switch ok, err := st.Migrated(ctx); {
	case err != nil:
		st.Close()
		return nil, fmt.Errorf("read the schema: %w", err)
	case !ok:
		st.Close()
		return nil, fmt.Errorf("the database is not at the present schema: run shopsight migrate")
	}
	return st, nil
}
