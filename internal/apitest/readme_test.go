package apitest_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/testkit/api"
)

// What the README tells a stranger to type works as it stands there, in its order.
func TestReadme(t *testing.T) {
	testkit.EachURL(t, func(t *testing.T, url string) {
		readme, err := os.ReadFile("../../README.md")
		if err != nil {
			t.Fatal(err)
		}
		service := api.Start(t, url, api.Options{})
		c := service.Anonymous()
		server := httptest.NewServer(service.Handler)
		t.Cleanup(server.Close)
		ran := 0
		for _, block := range regexp.MustCompile("(?s)```(sh|graphql)\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
			body := block[2]
			if block[1] == "graphql" {
				b, err := json.Marshal(map[string]string{"query": body})
				if err != nil {
					t.Fatal(err)
				}
				body = string(b)
			} else if curl := regexp.MustCompile(`(?s)curl .* -d '(.*)'\n`).FindStringSubmatch(body); curl != nil {
				body = strings.ReplaceAll(curl[1], `'\''`, "'")
			} else {
				continue
			}
			if strings.Contains(block[2], "text/event-stream") {
				l := events(t, server.URL, c.Token, text(decode(t, []byte(body)), "query"))
				c.Must(`mutation { ingestOrders(orders: [{shopifyId: "1003", name: "#1003", processedAt: "2026-11-21T22:30:00Z", items: [{title: "Cup", quantity: 1, unitPrice: "1.00"}]}]) { created } }`, nil, nil)
				if got := l.hear(); text(got, "dataChanged.order.name") != "#1003" {
					t.Errorf("%s\n%v", block[2], got)
				}
				l.leave()
				ran++
				continue
			}
			a := c.Post(body, "application/json")
			if len(a.Errors) > 0 || strings.Contains(string(a.Data), `"rejected":1`) || strings.Contains(string(a.Data), `"nodes":[]`) {
				t.Errorf("%s\n%s", block[2], a.Body)
			}
			var in struct{ Signup struct{ AccessToken string } }
			if err := json.Unmarshal(a.Data, &in); err == nil && in.Signup.AccessToken != "" {
				c.Token = in.Signup.AccessToken
			}
			ran++
		}
		if ran < 5 {
			t.Errorf("only %d examples", ran)
		}
	})
}
