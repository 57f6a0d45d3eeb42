package apitest_test

import (
	"encoding/json"
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
		text, err := os.ReadFile("../../README.md")
		if err != nil {
			t.Fatal(err)
		}
		c := api.Start(t, url, api.Options{}).Anonymous()
		ran := 0
		for _, block := range regexp.MustCompile("(?s)```(sh|graphql)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
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
		if ran < 4 {
			t.Errorf("only %d examples", ran)
		}
	})
}
