package account_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopsight/shopsight/ent/tenant"
	"github.com/shopsight/shopsight/internal/account"
	"github.com/shopsight/shopsight/internal/fault"
	"github.com/shopsight/shopsight/internal/store"
	"github.com/shopsight/shopsight/internal/testkit"
	"github.com/shopsight/shopsight/internal/viewer"
)

func TestSignup(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		name, logo := "  Ada Lovelace ", "https://example.com/logo.png"
		p, err := f.Signup(t.Context(), account.SignupInput{
			Email: " Ada@Example.COM\n", Password: goodPassword, Name: &name, TenantName: " Café Zürich ", LogoURL: &logo,
			CurrencyCode: "CHF", Timezone: "Europe/Zurich",
		}, device)
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatalf("%+v, %v", p, err)
		}
		ctx := f.as(p)
		u, err := f.User(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if u.Email != "ada@example.com" || u.Name == nil || *u.Name != "Ada Lovelace" || u.EmailVerified || !u.CreatedAt.Equal(f.clock.read()) {
			t.Errorf("person %+v", u)
		}
		got, err := f.Tenant(ctx)
		if err != nil {
			t.Fatal(err)
		}
		want := account.Tenant{
			ID: p.Viewer.TenantID, Slug: "cafe-zurich", Name: "Café Zürich", Email: "ada@example.com", LogoURL: got.LogoURL,
			CreatedAt: f.clock.read(), CurrencyCode: "CHF", Timezone: "Europe/Zurich", WeekStartsOn: time.Monday,
		}
		if *got != want || got.LogoURL == nil || *got.LogoURL != logo {
			t.Errorf("tenant %+v, want %+v", got, want)
		}
		members, err := f.Members(ctx)
		if err != nil || len(members) != 1 || members[0].Role != viewer.Owner || members[0].User.ID != u.ID {
			t.Errorf("members %+v, %v", members, err)
		}
		if p.Viewer.Role != viewer.Owner || !f.admits(p.AccessToken) {
			t.Errorf("viewer %+v", p.Viewer)
		}
		if want := f.clock.read().Add(15 * time.Minute); !p.AccessTokenExpiresAt.Equal(want) {
			t.Errorf("access token expires %v, want %v", p.AccessTokenExpiresAt, want)
		}

		row, err := s.Client().User.Get(system(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$`).MatchString(row.PasswordHash) {
			t.Errorf("password hash %q", row.PasswordHash)
		}
		session, err := s.Client().Session.Get(system(t), p.Viewer.SessionID)
		if err != nil || session.UserAgent == nil || *session.UserAgent != "test" || session.IPAddress == nil || *session.IPAddress != "203.0.113.7" {
			t.Errorf("session %+v, %v", session, err)
		}
	})
}

func TestSignupWithABlankName(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	in, blank := newcomer("a@example.com", "A"), " "
	in.Name = &blank
	p, err := f.Signup(t.Context(), in, account.Device{})
	if err != nil || len(p.UserErrors) > 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if u, err := f.User(f.as(p)); err != nil || u.Name != nil {
		t.Errorf("person %+v, %v", u, err)
	}
	if got, err := f.Tenant(f.as(p)); err != nil || got.LogoURL != nil {
		t.Errorf("tenant %+v, %v", got, err)
	}
}

func TestSignupRefuses(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t), func(c *account.Config) { c.Limits.SignupsPerAccount = -1 })
	text := func(s string) *string { return &s }
	long := strings.Repeat("é", 256)
	for name, c := range map[string]struct {
		change func(*account.SignupInput)
		want   string
	}{
		"no email":                {func(in *account.SignupInput) { in.Email = " " }, "email REQUIRED"},
		"no at sign":              {func(in *account.SignupInput) { in.Email = "ada.example.com" }, "email INVALID"},
		"two at signs":            {func(in *account.SignupInput) { in.Email = "ada@b@example.com" }, "email INVALID"},
		"display name":            {func(in *account.SignupInput) { in.Email = "Ada <ada@example.com>" }, "email INVALID"},
		"angle brackets":          {func(in *account.SignupInput) { in.Email = "<ada@example.com>" }, "email INVALID"},
		"comment":                 {func(in *account.SignupInput) { in.Email = "ada@example.com (x)" }, "email INVALID"},
		"two addresses":           {func(in *account.SignupInput) { in.Email = "a@example.com,b@example.com" }, "email INVALID"},
		"quoted":                  {func(in *account.SignupInput) { in.Email = `"a b"@example.com` }, "email INVALID"},
		"header":                  {func(in *account.SignupInput) { in.Email = "ada@example.com\r\nBcc: x@example.com" }, "email INVALID"},
		"host without dot":        {func(in *account.SignupInput) { in.Email = "ada@localhost" }, "email INVALID"},
		"host of an address":      {func(in *account.SignupInput) { in.Email = "ada@[127.0.0.1]" }, "email INVALID"},
		"host with underscore":    {func(in *account.SignupInput) { in.Email = "ada@ex_ample.com" }, "email INVALID"},
		"host with trailing dot":  {func(in *account.SignupInput) { in.Email = "ada@example.com." }, "email INVALID"},
		"other script":            {func(in *account.SignupInput) { in.Email = "äda@example.com" }, "email INVALID"},
		"Kelvin sign":             {func(in *account.SignupInput) { in.Email = "\u212Aelvin@example.com" }, "email INVALID"},
		"invalid UTF-8":           {func(in *account.SignupInput) { in.Email = "a\xff@example.com" }, "email INVALID"},
		"email too long":          {func(in *account.SignupInput) { in.Email = strings.Repeat("a", 243) + "@example.com" }, "email TOO_LONG"},
		"local part too long":     {func(in *account.SignupInput) { in.Email = strings.Repeat("a", 65) + "@example.com" }, "email INVALID"},
		"no password":             {func(in *account.SignupInput) { in.Password = "" }, "password REQUIRED"},
		"password of 7":           {func(in *account.SignupInput) { in.Password = "ünïcödé" }, "password TOO_SHORT"},
		"password of 129":         {func(in *account.SignupInput) { in.Password = strings.Repeat("x", 129) }, "password TOO_LONG"},
		"common password":         {func(in *account.SignupInput) { in.Password = "Password1" }, "password INVALID"},
		"password is the email":   {func(in *account.SignupInput) { in.Password = "ADA.LOVELACE@example.com" }, "password INVALID"},
		"password is its name":    {func(in *account.SignupInput) { in.Password = "ada.lovelace" }, "password INVALID"},
		"password is the tenant":  {func(in *account.SignupInput) { in.Password = "analytical engines" }, "password INVALID"},
		"password is the person":  {func(in *account.SignupInput) { in.Name, in.Password = text("Ada Lovelace"), "ada lovelace" }, "password INVALID"},
		"password is the service": {func(in *account.SignupInput) { in.Password = "ShopSight" }, "password INVALID"},
		"password of bad UTF-8":   {func(in *account.SignupInput) { in.Password = "correct horse \xff" }, "password INVALID"},
		"no tenant name":          {func(in *account.SignupInput) { in.TenantName = "\t " }, "tenantName REQUIRED"},
		"tenant name too long":    {func(in *account.SignupInput) { in.TenantName = long }, "tenantName TOO_LONG"},
		"tenant name of two":      {func(in *account.SignupInput) { in.TenantName = "a\nb" }, "tenantName INVALID"},
		"name too long":           {func(in *account.SignupInput) { in.Name = &long }, "name TOO_LONG"},
		"name with NUL":           {func(in *account.SignupInput) { in.Name = text("a\x00b") }, "name INVALID"},
		"relative logo":           {func(in *account.SignupInput) { in.LogoURL = text("/logo.png") }, "logoUrl INVALID"},
		"script as logo":          {func(in *account.SignupInput) { in.LogoURL = text("javascript:alert(1)") }, "logoUrl INVALID"},
		"logo with a password":    {func(in *account.SignupInput) { in.LogoURL = text("https://a:b@example.com/") }, "logoUrl INVALID"},
		"logo without host":       {func(in *account.SignupInput) { in.LogoURL = text("https:///x") }, "logoUrl INVALID"},
		"empty logo":              {func(in *account.SignupInput) { in.LogoURL = text("") }, "logoUrl INVALID"},
		"logo too long":           {func(in *account.SignupInput) { in.LogoURL = text("https://example.com/" + strings.Repeat("x", 2048)) }, "logoUrl TOO_LONG"},
		"no currency":             {func(in *account.SignupInput) { in.CurrencyCode = "" }, "currencyCode INVALID"},
		"unknown currency":        {func(in *account.SignupInput) { in.CurrencyCode = "XYZ" }, "currencyCode INVALID"},
		"currency in lower case":  {func(in *account.SignupInput) { in.CurrencyCode = "eur" }, "currencyCode INVALID"},
		"no timezone":             {func(in *account.SignupInput) { in.Timezone = "" }, "timezone INVALID"},
		"unknown timezone":        {func(in *account.SignupInput) { in.Timezone = "Europe/Atlantis" }, "timezone INVALID"},
		"local timezone":          {func(in *account.SignupInput) { in.Timezone = "Local" }, "timezone INVALID"},
		"timezone of a path":      {func(in *account.SignupInput) { in.Timezone = "../../etc/passwd" }, "timezone INVALID"},
		"everything": {func(in *account.SignupInput) {
			*in = account.SignupInput{Email: "x", Password: "x", Name: &long, TenantName: "", LogoURL: text("x"), CurrencyCode: "X", Timezone: "X"}
		}, "email INVALID, name TOO_LONG, password TOO_SHORT, tenantName REQUIRED, logoUrl INVALID, currencyCode INVALID, timezone INVALID"},
	} {
		in := newcomer("ada.lovelace@example.com", "Analytical Engines")
		c.change(&in)
		p, err := f.Signup(t.Context(), in, account.Device{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := told(p.UserErrors); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if p.Viewer != nil || p.AccessToken != "" || p.RefreshToken != "" {
			t.Errorf("%s: tokens for refused input", name)
		}
		for _, e := range p.UserErrors {
			if e.Field[0] != "input" || len(e.Field) != 2 {
				t.Errorf("%s: path %v", name, e.Field)
			}
		}
	}
	if n, err := f.store.Client().User.Query().Count(system(t)); err != nil || n != 0 {
		t.Errorf("%d people were written, %v", n, err)
	}
}

// A password is taken as it is: any characters, none cut off.
func TestSignupTakesOddPasswords(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	for i, password := range []string{
		strings.Repeat("x", 128), strings.Repeat("𝄞", 128), "nul\x00inside\x00", " leading and trailing ", "emoji 🐎🔋 8", "shopsight-demo",
	} {
		email := fmt.Sprintf("p%d@example.com", i)
		in := newcomer(email, "T")
		in.Password = password
		p, err := f.Signup(t.Context(), in, device)
		if err != nil || len(p.UserErrors) > 0 {
			t.Errorf("%q: %+v, %v", password, p, err)
			continue
		}
		if p, err := f.login(email, password); err != nil || len(p.UserErrors) > 0 {
			t.Errorf("login with %q: %+v, %v", password, p, err)
		}
		for _, wrong := range []string{password[:len(password)-1], password + "x"} {
			if p, err := f.login(email, wrong); err != nil || told(p.UserErrors) != "- INVALID_CREDENTIALS" {
				t.Errorf("login with %q instead of %q: %+v, %v", wrong, password, p, err)
			}
		}
	}
}

func TestSignupOfATakenAddress(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		var (
			wg      sync.WaitGroup
			mu      sync.Mutex
			answers = map[string]int{}
		)
		for range 8 {
			wg.Go(func() {
				p, err := f.Signup(t.Context(), newcomer("ada@example.com", "Same name"), device)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				answers[told(p.UserErrors)]++
			})
		}
		wg.Wait()
		if answers[""] != 1 || answers["email TAKEN"] != 7 {
			t.Errorf("answers %v, want one success and seven TAKEN", answers)
		}
		late := newcomer("ADA@example.com", "x")
		late.Password = "short"
		p, err := f.Signup(t.Context(), late, device)
		if err != nil || told(p.UserErrors) != "password TOO_SHORT, email TAKEN" {
			t.Errorf("%+v, %v", p, err)
		}
		for what, count := range map[string]func() (int, error){
			"people":      func() (int, error) { return s.Client().User.Query().Count(system(t)) },
			"tenants":     func() (int, error) { return s.Client().Tenant.Query().Count(system(t)) },
			"memberships": func() (int, error) { return s.Client().Membership.Query().Count(system(t)) },
			"sessions":    func() (int, error) { return s.Client().Session.Query().Count(system(t)) },
		} {
			if n, err := count(); err != nil || n != 1 {
				t.Errorf("%d %s, %v", n, what, err)
			}
		}
	})
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t))
	for i, c := range []struct{ name, want string }{
		{"Acme", "acme"},
		{"  Acme & Sons, Ltd. ", "acme-sons-ltd"},
		{"Straße Nº 7 – Łódź", "strasse-no-7-lodz"},
		{"Mum's Bakery", "mums-bakery"},
		{"株式会社", "store"},
		{"日本 Shop 24", "shop-24"},
		{"---", "store-"},
		{strings.Repeat("long ", 40), "long-long-long-long-long-long-long-long-long-lon"},
		{"ACME", "acme-"},
	} {
		p := f.signup(fmt.Sprintf("s%d@example.com", i), c.name)
		got, err := f.Tenant(f.as(p))
		if err != nil {
			t.Fatal(err)
		}
		if got.Slug != c.want && !(strings.HasSuffix(c.want, "-") && regexp.MustCompile("^"+c.want+"[a-z0-9]{6}$").MatchString(got.Slug)) {
			t.Errorf("%q: slug %q, want %q", c.name, got.Slug, c.want)
		}
	}
}

func TestSlugsOfManyAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		f := setup(t, s)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() { f.signup(fmt.Sprintf("s%d@example.com", i), "Same name") })
		}
		wg.Wait()
		n, err := s.Client().Tenant.Query().Where(tenant.SlugHasPrefix("same-name")).Count(system(t))
		if err != nil || n != 8 {
			t.Errorf("%d tenants, %v", n, err)
		}
	})
}

func TestSignupIsLimited(t *testing.T) {
	t.Parallel()
	f := setup(t, testkit.SQLite(t), func(c *account.Config) {
		c.Limits.SignupsPerAccount, c.Limits.SignupsPerAddress = 2, 4
	})
	try := func(email, ip string) error {
		_, err := f.Signup(t.Context(), account.SignupInput{Email: email}, account.Device{IP: netip.MustParseAddr(ip)})
		return err
	}
	for i, c := range []struct {
		email, ip string
		limited   bool
	}{
		{"a@example.com", "2001:db8::1", false},
		{"A@example.com", "2001:db8::2", false},
		{"a@example.com", "198.51.100.1", true}, // the address, wherever it comes from
		{"b@example.com", "2001:db8::3", false},
		{"c@example.com", "2001:db8::ffff:1", false},
		{"d@example.com", "2001:db8::4", true}, // the network
		{"d@example.com", "2001:db8:0:1::4", false},
		{"e@example.com", "127.0.0.1", false},
	} {
		err := try(c.email, c.ip)
		if (fault.KindOf(err) == fault.RateLimited) != c.limited || !c.limited && err != nil {
			t.Errorf("%d, %s from %s: %v", i, c.email, c.ip, err)
		}
	}
	f.clock.move(time.Hour)
	if err := try("a@example.com", "2001:db8::1"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}
