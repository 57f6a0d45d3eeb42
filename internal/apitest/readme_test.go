package apitest_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/config"
	"github.com/shopsight/shopsight/internal/shopify/simshop"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
)

// What the README tells a stranger to type works as it stands there, in its order.
func TestReadme(t *testing.T) {
	testkit.EachURL(t, func(t *testing.T, url string) {
		s := arrive(t, url, simshop.Options{Domain: "simulated.myshopify.com", Orders: 50})
		if ran := s.read("../../README.md"); ran < 8 {
			t.Errorf("only %d examples", ran)
		}
	})
}

// The same holds for the way to a synced store.
func TestShopifyGuide(t *testing.T) {
	testkit.EachURL(t, func(t *testing.T, url string) {
		s := arrive(t, url, simshop.Options{Domain: "example.myshopify.com", Token: "shpat_...", Orders: 50})
		if ran := s.read("../../docs/shopify.md"); ran < 12 {
			t.Errorf("only %d examples", ran)
		}
	})
}

// stranger types what a document says.
type stranger struct {
	*api.Client
	t *testing.T
	// url is where the service listens, run the sync that connecting has begun.
	url, run string
}

// arrive starts a service that works, with a store that it may be connected to.
func arrive(t *testing.T, url string, store simshop.Options) *stranger {
	t.Helper()
	shops := &shops{}
	shops.Store(store.Domain, simshop.New(store))
	service := api.Start(t, url, api.Options{Shopify: shops, PublicURL: "http://127.0.0.1:8080",
		App: config.App{ClientID: "simulated", Secret: "shpss_simulated", Scopes: "read_products,read_customers,read_orders,read_all_orders"}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); service.Sync.Work(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	server := httptest.NewServer(service.Handler)
	t.Cleanup(server.Close)
	return &stranger{Client: service.Anonymous(), t: t, url: server.URL}
}

var (
	// example is a block of a document, or an operation within its text.
	example = regexp.MustCompile("(?s)```(\\w*)\n(.*?)```|`((?:\\{|mutation|subscription) [^`]*)`")
	command = regexp.MustCompile(`(?s)curl .* -d '(.*)'\n`)
)

// read types the examples of a document, and tells how many there were.
func (s *stranger) read(document string) (ran int) {
	s.t.Helper()
	content, err := os.ReadFile(document)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, found := range example.FindAllStringSubmatch(string(content), -1) {
		kind, block, operation := found[1], found[2], found[3]
		if kind == "graphql" {
			operation = block
		}
		body := ""
		if curl := command.FindStringSubmatch(block); kind == "sh" && curl != nil {
			body = strings.NewReplacer(`'\''`, "'", "'$RUN'", s.run).Replace(curl[1])
		} else if operation != "" {
			b, err := json.Marshal(object{"query": operation})
			if err != nil {
				s.t.Fatal(err)
			}
			body = string(b)
		} else {
			continue
		}
		ran++
		if query := text(decode(s.t, []byte(body)), "query"); strings.HasPrefix(query, "subscription") {
			s.listen(query)
		} else {
			s.say(body, found[0])
		}
	}
	return ran
}

// say asks what needs one answer, and remembers what a stranger would.
func (s *stranger) say(body, as string) {
	s.t.Helper()
	if s.Token == "" && !strings.Contains(body, "signup(") || s.run == "" && strings.Contains(body, "connectStore(") {
		s.Token = s.SignUp("EUR", "Europe/Berlin", "").Token // a tenant is one store
	}
	a := s.Post(body, "application/json")
	data := string(a.Data)
	for _, empty := range []string{"refusedRecords", "deadLetter: true", "privacyRequests", "customerDataAccess"} {
		if strings.Contains(body, empty) { // nothing is refused here, nothing has failed for good, and nobody has asked
			data = strings.ReplaceAll(data, `"nodes":[]`, "")
		}
	}
	for _, bad := range []string{`"rejected":1`, `"nodes":[]`, `"userErrors":[{`} {
		if len(a.Errors) > 0 || strings.Contains(data, bad) {
			s.t.Fatalf("%s\n%s", as, a.Body)
		}
	}
	var got struct {
		Signup       struct{ AccessToken string }
		ConnectStore struct{ FirstSync struct{ ID string } }
	}
	if err := json.Unmarshal(a.Data, &got); err != nil {
		s.t.Fatal(err)
	}
	if got.Signup.AccessToken != "" {
		s.Token = got.Signup.AccessToken
	}
	if got.ConnectStore.FirstSync.ID != "" {
		s.run = got.ConnectStore.FirstSync.ID
	}
}

// listen hears what a subscription promises: the progress of a sync until it ends well, or a change.
func (s *stranger) listen(query string) {
	s.t.Helper()
	l := events(s.t, s.url, s.Token, query)
	defer l.leave()
	if strings.Contains(query, "syncProgress") {
		for {
			switch status := text(l.hear(), "syncProgress.status"); status {
			case "QUEUED", "RUNNING":
			case "SUCCEEDED":
				return
			default:
				s.t.Fatalf("%s\n%s", query, status)
			}
		}
	}
	s.Must(`mutation { ingestOrders(orders: [{shopifyId: "1003", name: "#1003", processedAt: "2026-11-21T22:30:00Z", items: [{title: "Cup", quantity: 1, unitPrice: "1.00"}]}]) { created } }`, nil, nil)
	for text(l.hear(), "dataChanged.kind") != "ORDERS" { // a sync that goes on tells of more
	}
}
