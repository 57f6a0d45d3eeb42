package testkit

import "strings"

// HostileShops are names of stores that would send a request, and the token with it, somewhere else.
var HostileShops = []string{
	"", " ", ".", "example", "myshopify.com", ".myshopify.com", "-.myshopify.com", "-a.myshopify.com", "_.myshopify.com",
	"example.com", "example.myshopify.com.", "example.myshopify.com.evil.com", "example.myshopify.comevil.com",
	"evil.com/example.myshopify.com", "evil.com/.myshopify.com", "evil.com?.myshopify.com", "evil.com#.myshopify.com",
	"evil.com\\.myshopify.com", "evil.com%2f.myshopify.com", "evil.com%00.myshopify.com", "evil.com\x00.myshopify.com",
	"evil.com:80#.myshopify.com", "a@evil.com", "a@b.myshopify.com", "user:pass@example.myshopify.com",
	"example.myshopify.com@evil.com", "example.myshopify.com:443", "example.myshopify.com:@evil.com",
	"https://example.myshopify.com", "http://example.myshopify.com", "//example.myshopify.com", "file:///etc/passwd",
	"gopher://evil.com/.myshopify.com", "example.myshopify.com/", "example.myshopify.com/admin", "example.myshopify.com?x",
	"example.myshopify.com#x", "example.myshopify.com\nevil.com", "evil.com\nexample.myshopify.com",
	"evil.com\r\nHost: example.myshopify.com", "example.myshopify.com\r\nX: y", "ex ample.myshopify.com",
	"ex\tample.myshopify.com", "example.my\u200bshopify.com", "exam\u00adple.myshopify.com", "ｅxample.myshopify.com",
	"example．myshopify．com", "example。myshopify。com", "exämple.myshopify.com", "еxample.myshopify.com", "ſ.myshopify.com",
	"\u212a.myshopify.com", "a.b.myshopify.com", "a_b.myshopify.com", "*.myshopify.com", "example.myshopify.io",
	"example.shopify.com", "example.myshopify.co", "example.myshopifyxcom", "example-myshopify.com", "examplemyshopify.com",
	"127.0.0.1", "127.0.0.1.myshopify.com", "localhost", "[::1]", "[::1].myshopify.com", "169.254.169.254", "0x7f000001",
	"2130706433", "0", "${jndi:ldap://evil.com}.myshopify.com", "../example.myshopify.com", "'.myshopify.com",
	strings.Repeat("a", 64) + ".myshopify.com", strings.Repeat("a", 1<<16) + ".myshopify.com", "\xff.myshopify.com",
}
