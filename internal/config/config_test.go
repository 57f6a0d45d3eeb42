package config_test

import (
	"log/slog"
	"path/filepath"
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
}

func TestEnvironment(t *testing.T) {
	t.Setenv("DATABASE_URL", "mysql://u:p@db:3306/shop")
	t.Setenv("SHOPSIGHT_ADDR", "0.0.0.0:80")
	t.Setenv("SHOPSIGHT_DATA", "/data")
	t.Setenv("SHOPSIGHT_KEYS", ` {"keys":[]}`)
	t.Setenv("SHOPSIGHT_MIGRATE", "false")
	t.Setenv("SHOPSIGHT_LOG_LEVEL", "warn")
	c, err := parse(t, "--addr=0.0.0.0:81")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Database:  config.Database{URL: "mysql://u:p@db:3306/shop", Data: "/data"},
		KeySource: config.KeySource{Keys: ` {"keys":[]}`},
		Addr:      "0.0.0.0:81", LogLevel: slog.LevelWarn,
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
