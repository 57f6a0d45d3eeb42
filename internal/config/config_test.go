package config_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/shopsight/shopsight/internal/config"
)

// parse reads settings the way the commands do.
func parse(t *testing.T, args ...string) (config.Config, error) {
	t.Helper()
	var c config.Config
	p, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return c, err
}

func TestDefaults(t *testing.T) {
	c, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Database: config.Database{Data: "./shopsight-data"}, Addr: "127.0.0.1:8080", Migrate: true, LogLevel: slog.LevelInfo,
		App: config.App{Scopes: "read_products,read_customers,read_orders,read_all_orders"},
	}
	if c != want {
		t.Errorf("defaults are %+v", c)
	}
	if got := c.Open(); got != "sqlite:"+filepath.Join("shopsight-data", "shopsight.db") {
		t.Errorf("Open() = %s", got)
	}
	if path, own := c.Keyring().KeyFile(); path != filepath.Join("shopsight-data", "keys.json") || !own || c.External() {
		t.Errorf("KeyFile() = %s, %v; External() = %v", path, own, c.External())
	}
	if got := c.Stream(); got != filepath.Join("shopsight-data", "stream") {
		t.Errorf("Stream() = %s", got)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("DATABASE_URL", "mysql://u:p@db:3306/shop")
	t.Setenv("SHOPSIGHT_ADDR", "0.0.0.0:80")
	t.Setenv("SHOPSIGHT_DATA", "/data")
	t.Setenv("SHOPSIGHT_KEYS", ` {"keys":[]}`)
	t.Setenv("SHOPSIGHT_MIGRATE", "false")
	t.Setenv("NATS_URL", "nats://u:p@nats:4222")
	t.Setenv("SHOPSIGHT_LOG_LEVEL", "warn")
	t.Setenv("SHOPSIGHT_APP_CLIENT_ID", "c")
	t.Setenv("SHOPSIGHT_APP_SECRET", "hush")
	t.Setenv("SHOPSIGHT_APP_OLD_SECRET", "old")
	t.Setenv("SHOPSIGHT_APP_SCOPES", "read_products read_customers,read_orders")
	t.Setenv("SHOPSIGHT_PUBLIC_URL", "https://shop.example.com")
	c, err := parse(t, "--addr=0.0.0.0:81")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Database:  config.Database{URL: "mysql://u:p@db:3306/shop", Data: "/data"},
		KeySource: config.KeySource{Keys: ` {"keys":[]}`},
		Addr:      "0.0.0.0:81", LogLevel: slog.LevelWarn, NATS: "nats://u:p@nats:4222",
		App:       config.App{ClientID: "c", Secret: "hush", OldSecret: "old", Scopes: "read_products read_customers,read_orders"},
		PublicURL: "https://shop.example.com",
	}
	if c != want {
		t.Errorf("settings are %+v", c)
	}
	if path, own := c.Keyring().KeyFile(); path != "" || own || c.KeyText() != `{"keys":[]}` || !c.External() {
		t.Errorf("KeyFile() = %s, %v; KeyText() = %s", path, own, c.KeyText())
	}
}

func TestKeyFileOfOneself(t *testing.T) {
	t.Parallel()
	if path, own := (config.Keyring{KeySource: config.KeySource{Keys: "/run/keys"}}).KeyFile(); path != "/run/keys" || own {
		t.Errorf("KeyFile() = %s, %v", path, own)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*config.Config)
		want   []string // parts of the message; none: valid
	}{
		{"defaults", func(*config.Config) {}, nil},
		{"every address", func(c *config.Config) { c.Addr = ":8080" }, nil},
		{"a free port", func(c *config.Config) { c.Addr = "[::1]:0" }, nil},
		{"a file", func(c *config.Config) { c.URL = "sqlite:/var/lib/shopsight.db" }, nil},
		{"a server", func(c *config.Config) { c.URL = "mysql://u:hunter2@db/shop?tls=true" }, nil},
		{"no port", func(c *config.Config) { c.Addr = "localhost" }, []string{"--addr"}},
		{"a named port", func(c *config.Config) { c.Addr = "localhost:http" }, []string{"--addr", "http"}},
		{"a large port", func(c *config.Config) { c.Addr = "localhost:65536" }, []string{"--addr"}},
		{"another database", func(c *config.Config) { c.URL = "postgres://u:hunter2@db/shop" }, []string{"DATABASE_URL"}},
		{"no database", func(c *config.Config) { c.URL = "mysql://u:hunter2@db" }, []string{"DATABASE_URL"}},
		{"no host", func(c *config.Config) { c.URL = "mysql:///shop" }, []string{"DATABASE_URL"}},
		{"no URL", func(c *config.Config) { c.URL = "mysql://u:hunter2@%zz/shop" }, []string{"DATABASE_URL"}},
		{"no path", func(c *config.Config) { c.URL = "sqlite:" }, []string{"DATABASE_URL"}},
		{"a cluster", func(c *config.Config) { c.NATS = "nats://u:hunter2@a:4222, tls://b:4222" }, nil},
		{"no scheme", func(c *config.Config) { c.NATS = "u:hunter2@a:4222" }, []string{"--nats-url", "NATS_URL"}},
		{"another scheme", func(c *config.Config) { c.NATS = "http://u:hunter2@a" }, []string{"--nats-url"}},
		{"a cluster without a host", func(c *config.Config) { c.NATS = "nats://u:hunter2@:4222" }, []string{"--nats-url"}},
		{"a cluster with a named port", func(c *config.Config) { c.NATS = "nats://u:hunter2@a:nats" }, []string{"--nats-url"}},
		{"half a cluster", func(c *config.Config) { c.NATS = "nats://u:hunter2@a," }, []string{"--nats-url"}},
		{"half a key set", func(c *config.Config) { c.Keys = `{"keys":"hunter2` }, []string{"--keys"}},
		{"several", func(c *config.Config) { c.Data, c.Addr, c.URL = "", "x", "y" }, []string{"--data", "--addr", "DATABASE_URL"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := config.Config{Database: config.Database{Data: "data"}, Addr: "127.0.0.1:8080"}
			test.change(&c)
			err := c.Validate()
			if (err == nil) != (test.want == nil) {
				t.Fatalf("Validate() = %v", err)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the message does not name %s: %v", part, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the message holds a secret: %v", err)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	c := config.Config{Dashboards: "https://a.example, https://b.example:8443,http://localhost:5000"}
	if got := c.Origins(); !slices.Equal(got, []string{"https://a.example", "https://b.example:8443", "http://localhost:5000"}) {
		t.Errorf("Origins() = %q", got)
	}
	for origin, ok := range map[string]bool{
		"": true, "https://dashboard.example": true, "https://dashboard.example:8443": true, "https://192.0.2.1": true, "https://[2001:db8::1]:8443": true,
		"http://localhost": true, "http://127.0.0.1:5000": true, "http://[::1]:5000": true, "https://localhost:5000": true,
		"https://a.example,https://b.example": true, " https://a.example , ": true,
		"*": false, "null": false, "https://*": false, "https://*.example": false, "dashboard.example": false, "//dashboard.example": false,
		"https://dashboard.example/": false, "https://dashboard.example/a": false, "https://dashboard.example?a": false, "https://dashboard.example#a": false,
		"https://user@dashboard.example": false, "https://Dashboard.example": false, "HTTPS://dashboard.example": false, "https://dashboard.example:443": false,
		"https://dashboard.example:": false, "https://dashboard.example:x": false, "https://dashboard.example:65536": false, "http://localhost:80": false,
		"http://dashboard.example": false, "http://192.168.1.7:5000": false, "http://localhost.example:5000": false, "file://dashboard.example": false, "https://": false,
		"https://a.example;https://b.example": false, "https://a.example,nonsense": false,
	} {
		c := config.Config{Database: config.Database{Data: "data"}, Addr: "127.0.0.1:8080", Dashboards: origin}
		if err := c.Validate(); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "--dashboard-origins") {
			t.Errorf("%q: %v", origin, err)
		}
	}
}

func TestDemoListensOnThisMachineAlone(t *testing.T) {
	t.Parallel()
	for addr, ok := range map[string]bool{
		"127.0.0.1:8080": true, "127.9.9.9:0": true, "[::1]:8080": true, "localhost:8080": true, "LocalHost:8080": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "192.168.1.2:8080": false, "example.com:8080": false,
		"localhost.example.com:8080": false, "127.0.0.1": false, "": false,
	} {
		if err := (config.Demo{Addr: addr, Data: "demo"}).Validate(); (err == nil) != ok {
			t.Errorf("Validate(%q) = %v", addr, err)
		}
	}
	c := config.Demo{Addr: "localhost:1", Data: "demo"}.Config()
	if err := c.Validate(); err != nil || c.External() || !c.Migrate {
		t.Errorf("Config() = %+v, %v", c, err)
	}
}

// Where stores reach the service: its public address, or with the simulated store the one that it listens on.
func TestWebhooks(t *testing.T) {
	for _, c := range []struct{ args, public, webhooks string }{
		{"", "", ""},
		{"--public-url=https://insights.example.com", "https://insights.example.com", "https://insights.example.com"},
		{"--public-url=https://insights.example.com/", "https://insights.example.com", "https://insights.example.com"},
		{"--public-url=http://127.0.0.1:8080", "http://127.0.0.1:8080", ""}, // Shopify cannot reach it
		{"--public-url=http://127.0.0.1:8080 --shopify-url=http://127.0.0.1:8081", "http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"--shopify-url=http://127.0.0.1:8081", "", "http://127.0.0.1:8080"},
		{"--shopify-url=http://127.0.0.1:8081 --addr=0.0.0.0:80", "", ""},
		{"--shopify-url=http://127.0.0.1:8081 --addr=127.0.0.1:0", "", ""},
	} {
		got, err := parse(t, strings.Fields(c.args)...)
		if err == nil {
			err = got.Validate()
		}
		if err != nil || got.Public() != c.public || got.Webhooks() != c.webhooks {
			t.Errorf("%q: %q and %q, %v", c.args, got.Public(), got.Webhooks(), err)
		}
	}
	for _, bad := range []string{"insights.example.com", "http://insights.example.com", "https://insights.example.com/path",
		"https://u:p@insights.example.com", "https://Insights.example.com", "ftp://x", "https://x?y=z", "https://"} {
		if c, err := parse(t, "--public-url="+bad); err == nil && c.Validate() == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// An app is whole or not there, and its secrets are in no message and in nothing that is printed.
func TestApp(t *testing.T) {
	t.Parallel()
	scopes := "read_products,read_customers,read_orders"
	whole := config.App{ClientID: "c", Secret: "hush-hush", OldSecret: "of-old", Scopes: scopes}
	for name, test := range map[string]struct {
		app    config.App
		public string
		ok     bool
	}{
		"none":                  {config.App{Scopes: scopes}, "", true},
		"whole":                 {whole, "https://shop.example.com", true},
		"on this machine":       {whole, "http://localhost:8080", true},
		"no address":            {whole, "", false},
		"an address in plain":   {whole, "http://shop.example.com", false},
		"no secret":             {config.App{ClientID: "c", Scopes: scopes}, "https://shop.example.com", false},
		"no id":                 {config.App{Secret: "hush-hush", Scopes: scopes}, "https://shop.example.com", false},
		"an old secret alone":   {config.App{OldSecret: "of-old", Scopes: scopes}, "https://shop.example.com", false},
		"the same secret twice": {config.App{ClientID: "c", Secret: "hush-hush", OldSecret: "hush-hush", Scopes: scopes}, "https://shop.example.com", false},
		"too few scopes":        {config.App{ClientID: "c", Secret: "hush-hush", Scopes: "read_orders"}, "https://shop.example.com", false},
	} {
		c := config.Config{Database: config.Database{Data: "d"}, Addr: "127.0.0.1:80", App: test.app, PublicURL: test.public}
		err := c.Validate()
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
		for _, text := range []string{fmt.Sprint(err), fmt.Sprintf("%v %+v %#v", c, c, c)} {
			if strings.Contains(text, "hush-hush") || strings.Contains(text, "of-old") {
				t.Errorf("%s: a secret is shown: %s", name, text)
			}
		}
	}
}
