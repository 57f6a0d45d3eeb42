package config_test

import (
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
	c, err := parse(t, "--addr=0.0.0.0:81")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Database:  config.Database{URL: "mysql://u:p@db:3306/shop", Data: "/data"},
		KeySource: config.KeySource{Keys: ` {"keys":[]}`},
		Addr:      "0.0.0.0:81", LogLevel: slog.LevelWarn, NATS: "nats://u:p@nats:4222",
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
