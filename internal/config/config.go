// Package config describes the settings of the service: their flags, environment variables and defaults, as the tags of
// the structs say, and what makes them valid. It reads nothing itself.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Database says where the data is: the settings that every command needs.
type Database struct {
	URL  string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Database: sqlite:PATH, or mysql://USER:PASSWORD@HOST:PORT/DATABASE for MariaDB, MySQL or TiDB. Default: the file shopsight.db in the data folder."`
	Data string `name:"data" env:"SHOPSIGHT_DATA" default:"./shopsight-data" placeholder:"FOLDER" help:"Folder of the embedded database, of the keys, and of the jobs that wait (default: ${default})."`
}

// Open returns the URL of the database: the one that is given, or the file in the data folder.
func (d Database) Open() string {
	if d.URL != "" {
		return d.URL
	}
	return "sqlite:" + filepath.Join(d.Data, "shopsight.db")
}

// External tells whether the database is a server, which several replicas may share.
func (d Database) External() bool { return d.URL != "" && !strings.HasPrefix(d.URL, "sqlite:") }

// Validate returns everything that is wrong, in words for whoever starts the service. It never repeats the URL, which
// holds a password.
func (d Database) Validate() error {
	var problems []error
	if d.Data == "" {
		problems = append(problems, errors.New("--data ($SHOPSIGHT_DATA) must name a folder"))
	}
	if d.URL != "" && !validDatabase(d.URL) {
		problems = append(problems, errors.New("$DATABASE_URL must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE; "+
			"special characters of the password are written percent-encoded"))
	}
	return errors.Join(problems...)
}

func validDatabase(databaseURL string) bool {
	scheme, rest, _ := strings.Cut(databaseURL, ":")
	switch scheme {
	case "sqlite":
		return rest != ""
	case "mysql", "mariadb":
		u, err := url.Parse(databaseURL)
		return err == nil && u.Hostname() != "" && len(u.Path) > 1
	}
	return false
}

// KeySource says where the keys are.
type KeySource struct {
	Keys string `name:"keys" env:"SHOPSIGHT_KEYS" placeholder:"KEYS" help:"Keys that sign tokens and seal secrets: the path of their file, or its text (JSON). Every replica needs the same. Default: the file keys.json in the data folder, made once."`
}

// KeyText returns the keys themselves when Keys holds them, "" when a file does.
func (s KeySource) KeyText() string {
	if keys := strings.TrimSpace(s.Keys); strings.HasPrefix(keys, "{") {
		return keys
	}
	return ""
}

// Validate returns what is wrong, without a word of the keys.
func (s KeySource) Validate() error {
	if keys := s.KeyText(); keys != "" && !json.Valid([]byte(keys)) {
		return errors.New("--keys ($SHOPSIGHT_KEYS) begins like the text of a key file, but is not valid JSON")
	}
	return nil
}

// Keyring is the settings of the commands that show the keys or change them.
type Keyring struct {
	Database
	KeySource
}

// KeyFile returns the path of the file that holds the keys, "" when KeyText has them. own tells that it is the service's
// own file in the data folder, which it makes when it is missing.
func (k Keyring) KeyFile() (path string, own bool) {
	switch {
	case k.KeyText() != "":
		return "", false
	case k.Keys != "":
		return k.Keys, false
	}
	return filepath.Join(k.Data, "keys.json"), true
}

// Validate returns everything that is wrong, in words for whoever gives the command.
func (k Keyring) Validate() error { return errors.Join(k.Database.Validate(), k.KeySource.Validate()) }

// App is the service's own Shopify app, which merchants install.
type App struct {
	ClientID  string `name:"app-client-id" env:"SHOPSIGHT_APP_CLIENT_ID" placeholder:"ID" help:"Client id of a Shopify app of yours: with it, stores are connected by a click. It needs the secret and --public-url. Default: none, stores are connected by tokens of their own apps."`
	Secret    string `name:"app-secret" env:"SHOPSIGHT_APP_SECRET" placeholder:"SECRET" help:"The app's client secret. Give it by the variable: command lines can be read by others on the machine."`
	OldSecret string `name:"app-old-secret" env:"SHOPSIGHT_APP_OLD_SECRET" placeholder:"SECRET" help:"The app's client secret before the present one, for some hours after it was changed: what Shopify still signs by it is good."`
	Scopes    string `name:"app-scopes" env:"SHOPSIGHT_APP_SCOPES" default:"read_products,read_customers,read_orders,read_all_orders" placeholder:"SCOPE,..." help:"Scopes that the app asks for, as its configuration at Shopify has them; without read_all_orders, which Shopify has to grant, only the last 60 days are read (default: ${default})."`
}

// Asked returns the scopes that the app asks for.
func (a App) Asked() []string {
	return strings.FieldsFunc(a.Scopes, func(r rune) bool { return r == ',' || r == ' ' })
}

// String keeps the secrets out of what is printed or logged.
func (a App) String() string { return "app " + a.ClientID }

// GoString does that too.
func (a App) GoString() string { return a.String() }

// Validate returns what is wrong, without a word of the secrets.
func (a App) Validate() error {
	switch {
	case a.ClientID == "" && a.Secret == "" && a.OldSecret == "":
		return nil
	case a.ClientID == "":
		return errors.New("$SHOPSIGHT_APP_SECRET needs the app's client id: --app-client-id ($SHOPSIGHT_APP_CLIENT_ID)")
	case a.Secret == "":
		return errors.New("--app-client-id ($SHOPSIGHT_APP_CLIENT_ID) needs the app's secret in $SHOPSIGHT_APP_SECRET")
	case a.OldSecret == a.Secret:
		return errors.New("$SHOPSIGHT_APP_OLD_SECRET is the present secret: it is for the one before it, while that is changed")
	}
	for _, scope := range []string{"read_products", "read_customers", "read_orders"} {
		if !slices.Contains(a.Asked(), scope) {
			return fmt.Errorf("--app-scopes ($SHOPSIGHT_APP_SCOPES) must have %s: without it there is nothing to sync", scope)
		}
	}
	return nil
}

// Config is the settings of the service.
type Config struct {
	Database
	KeySource
	App App `embed:""`

	Addr    string `name:"addr" env:"SHOPSIGHT_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on (default: ${default})."`
	Shopify string `name:"shopify-url" env:"SHOPSIGHT_SHOPIFY_URL" placeholder:"URL" help:"For trying it out: what answers instead of every Shopify store, such as http://127.0.0.1:8081 of shopsight simulate."`
	// PublicURL is read by Public.
	PublicURL string `name:"public-url" env:"SHOPSIGHT_PUBLIC_URL" placeholder:"URL" help:"Where the service is reached from outside, such as https://insights.example.com: stores deliver webhooks there. Default: none, stores are asked for changes from time to time."`
	NATS      string `name:"nats-url" env:"NATS_URL" placeholder:"URL" help:"NATS server or cluster with JetStream, which replicas on one database need: nats://USER:PASSWORD@HOST:PORT, or several with commas between; the first user and password count for all. Default: one inside the service, for one process."`
	// Dashboards is read by Origins.
	Dashboards string     `name:"dashboard-origins" env:"SHOPSIGHT_DASHBOARD_ORIGINS" placeholder:"ORIGIN,..." help:"Origins of dashboards that are served from elsewhere on the same site, such as https://dashboard.example.com: exact, separated by commas. Default: none, the service serves its own."`
	Migrate    bool       `name:"migrate" env:"SHOPSIGHT_MIGRATE" default:"true" negatable:"" help:"Bring the database to the present schema at the start (default: ${default}); --no-migrate forbids."`
	LogLevel   slog.Level `name:"log-level" env:"SHOPSIGHT_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"Least level of log lines: debug, info, warn or error (default: ${default})."`
}

// Keyring returns where the keys are.
func (c Config) Keyring() Keyring { return Keyring{c.Database, c.KeySource} }

// Stream returns the folder in which the NATS server inside the service keeps what waits.
func (c Config) Stream() string { return filepath.Join(c.Data, "stream") }

// Validate returns everything that is wrong, in words for whoever starts the service. No message holds a secret.
func (c Config) Validate() error {
	problems := []error{c.Keyring().Validate()}
	if _, err := hostOf(c.Addr); err != nil {
		problems = append(problems, fmt.Errorf("--addr ($SHOPSIGHT_ADDR) must be HOST:PORT: %w", err))
	}
	if u, err := url.Parse(c.Shopify); c.Shopify != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		problems = append(problems, errors.New("--shopify-url ($SHOPSIGHT_SHOPIFY_URL) must be a URL such as http://127.0.0.1:8081"))
	}
	if c.PublicURL != "" && !validOrigin(c.Public()) {
		problems = append(problems, errors.New("--public-url ($SHOPSIGHT_PUBLIC_URL) must be https:// and a host in lower case, with its "+
			"port unless that is 443, and nothing after it; http:// on this machine alone"))
	}
	problems = append(problems, c.App.Validate())
	if c.App.ClientID != "" && c.PublicURL == "" {
		problems = append(problems, errors.New("--app-client-id ($SHOPSIGHT_APP_CLIENT_ID) needs --public-url ($SHOPSIGHT_PUBLIC_URL), "+
			"where stores send merchants back to"))
	}
	if !validNATS(c.NATS) {
		problems = append(problems, errors.New("--nats-url ($NATS_URL) must be nats://USER:PASSWORD@HOST:PORT, or tls://, ws:// or wss://, "+
			"or several with commas between; special characters of the password are written percent-encoded"))
	}
	for _, origin := range c.Origins() {
		if !validOrigin(origin) {
			problems = append(problems, fmt.Errorf("--dashboard-origins ($SHOPSIGHT_DASHBOARD_ORIGINS): %q is no origin as browsers "+
				"write it: https:// and a host in lower case, with its port unless that is 443, and nothing after it; "+
				"http:// on this machine alone", origin))
		}
	}
	return errors.Join(problems...)
}

// Public returns where the service is reached from outside, without a slash at the end; "" when nobody has said so.
func (c Config) Public() string { return strings.TrimSuffix(c.PublicURL, "/") }

// Webhooks returns the address of this service at which stores reach it, "" when they do not. The simulated store, on this
// machine, reaches it without more.
func (c Config) Webhooks() string {
	switch host, _ := hostOf(c.Addr); {
	case c.Public() == "" && c.Shopify != "" && Loopback(host) && !strings.HasSuffix(c.Addr, ":0"):
		return "http://" + c.Addr
	case strings.HasPrefix(c.Public(), "http:") && c.Shopify == "":
		return ""
	}
	return c.Public()
}

// Origins returns the origins of dashboards that are served from elsewhere.
func (c Config) Origins() []string {
	return strings.FieldsFunc(c.Dashboards, func(r rune) bool { return r == ',' || r == ' ' })
}

// validOrigin tells whether a browser may send such an origin, so that it can be compared as text.
func validOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || origin != u.Scheme+"://"+u.Host || u.Hostname() == "" || origin != strings.ToLower(origin) || strings.ContainsAny(u.Host, "*@") {
		return false
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); err != nil && (u.Port() != "" || strings.HasSuffix(u.Host, ":")) {
		return false
	}
	return u.Scheme == "https" && u.Port() != "443" || u.Scheme == "http" && u.Port() != "80" && Loopback(u.Hostname())
}

// validNATS tells whether these are addresses of NATS servers, or none.
func validNATS(servers string) bool {
	for server := range strings.SplitSeq(servers, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if servers != "" && (err != nil || u.Hostname() == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme)) {
			return false
		}
	}
	return true
}

// Demo is the settings of the demonstration, which has a password that everybody knows.
type Demo struct {
	Addr string `name:"addr" env:"SHOPSIGHT_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on, of this machine alone (default: ${default})."`
	Data string `name:"data" env:"SHOPSIGHT_DEMO_DATA" default:"./shopsight-demo" placeholder:"FOLDER" help:"Folder of the demonstration's database, apart from real data (default: ${default})."`
}

// Config returns the settings of the service that the demonstration runs.
func (d Demo) Config() Config {
	return Config{Database: Database{Data: d.Data}, Addr: d.Addr, Migrate: true, LogLevel: slog.LevelWarn}
}

// Validate returns everything that is wrong. An address that others can reach is.
func (d Demo) Validate() error {
	var problems []error
	if d.Data == "" {
		problems = append(problems, errors.New("--data ($SHOPSIGHT_DEMO_DATA) must name a folder"))
	}
	host, err := hostOf(d.Addr)
	switch {
	case err != nil:
		problems = append(problems, fmt.Errorf("--addr ($SHOPSIGHT_ADDR) must be HOST:PORT: %w", err))
	case !Loopback(host):
		problems = append(problems, fmt.Errorf("the demonstration's password is known to everybody: "+
			"it listens on 127.0.0.1, ::1 or localhost alone, not on %q; for others, run shopsight serve", d.Addr))
	}
	return errors.Join(problems...)
}

// Simulate is the settings of a simulated Shopify store.
type Simulate struct {
	Addr   string  `name:"addr" env:"SHOPSIGHT_SIMULATE_ADDR" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Address to listen on (default: ${default})."`
	Name   string  `name:"name" env:"SHOPSIGHT_SIMULATE_NAME" default:"Simulated Store" help:"Name of the store (default: ${default})."`
	Orders int     `name:"orders" env:"SHOPSIGHT_SIMULATE_ORDERS" default:"5000" placeholder:"N" help:"Orders in its history (default: ${default})."`
	Days   int     `name:"days" env:"SHOPSIGHT_SIMULATE_DAYS" default:"365" placeholder:"N" help:"Days that the history covers (default: ${default})."`
	Rate   float64 `name:"rate" env:"SHOPSIGHT_SIMULATE_RATE" default:"60" placeholder:"N" help:"Orders an hour that it goes on to sell; 0 sells nothing (default: ${default})."`
	Points float64 `name:"points" env:"SHOPSIGHT_SIMULATE_POINTS" default:"100" placeholder:"N" help:"Points that an app may spend in a second, and twenty times as many at once; 100 is Shopify's standard plan (default: ${default})."`
	Bulk   float64 `name:"bulk-rate" env:"SHOPSIGHT_SIMULATE_BULK_RATE" default:"2000" placeholder:"N" help:"Records that a bulk operation reads in a second (default: ${default})."`
	Secret string  `name:"app-secret" env:"SHOPSIGHT_SIMULATE_APP_SECRET" default:"shpss_simulated" placeholder:"SECRET" help:"Secret of the app, which signs the webhooks that are delivered; it guards nothing (default: ${default})."`
	Seed   int64   `name:"seed" env:"SHOPSIGHT_SIMULATE_SEED" default:"1" placeholder:"N" help:"The same seed makes the same store on the same day (default: ${default})."`
}

// Validate returns everything that is wrong.
func (s Simulate) Validate() error {
	var problems []error
	if _, err := hostOf(s.Addr); err != nil {
		problems = append(problems, fmt.Errorf("--addr ($SHOPSIGHT_SIMULATE_ADDR) must be HOST:PORT: %w", err))
	}
	if s.Secret == "" {
		problems = append(problems, errors.New("--app-secret ($SHOPSIGHT_SIMULATE_APP_SECRET) must not be empty"))
	}
	if s.Orders < 0 || s.Orders > 2_000_000 || s.Days < 1 || s.Days > 3650 || s.Rate < 0 || s.Rate > 1_000_000 {
		problems = append(problems, errors.New("--orders must lie between 0 and 2,000,000, --days between 1 and 3650, --rate between 0 and 1,000,000"))
	}
	if s.Points < 50 || s.Bulk < 1 || s.Points > 1e9 || s.Bulk > 1e9 {
		problems = append(problems, errors.New("--points must be at least 50, --bulk-rate at least 1, and both at most 1,000,000,000"))
	}
	return errors.Join(problems...)
}

// hostOf checks an address to listen on and returns its host.
func hostOf(addr string) (host string, err error) {
	host, number, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	if _, err := strconv.ParseUint(number, 10, 16); err != nil {
		return "", fmt.Errorf("%q is no port", number)
	}
	return host, nil
}

// Loopback tells whether a host is this machine alone. Names other than localhost are not looked up: they may change.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
