// Package viewer says who is asking.
//
// Every query and every write of the service runs under a viewer that travels in the context. Without one the privacy
// rules deny. There are three kinds: a person in a tenant, the service itself acting inside one tenant (a job, a
// command), and the system acting across tenants for a written reason.
package viewer

import (
	"context"
	"slices"
)

// Role is what a person may do in a tenant. The values are those of the API's enum Role.
type Role string

// The roles, from the most powerful to the least.
const (
	Owner   Role = "OWNER"
	Admin   Role = "ADMIN"
	Analyst Role = "ANALYST"
	Viewing Role = "VIEWER"
)

// Scope is one permission. The values are those of the API's enum ApiScope.
type Scope string

// The scopes.
const (
	ReadAnalytics   Scope = "READ_ANALYTICS"
	ReadOrders      Scope = "READ_ORDERS"
	ReadCustomers   Scope = "READ_CUSTOMERS"
	ReadCustomerPII Scope = "READ_CUSTOMER_PII"
	ReadProducts    Scope = "READ_PRODUCTS"
	WriteData       Scope = "WRITE_DATA"
	AdminScope      Scope = "ADMIN"
)

// Scopes returns what a role may do, in the order of the API's enum. An unknown role may do nothing.
func (r Role) Scopes() []Scope {
	switch r {
	case Owner, Admin:
		return []Scope{ReadAnalytics, ReadOrders, ReadCustomers, ReadCustomerPII, ReadProducts, WriteData, AdminScope}
	case Analyst:
		return []Scope{ReadAnalytics, ReadOrders, ReadCustomers, ReadCustomerPII, ReadProducts}
	case Viewing:
		return []Scope{ReadAnalytics, ReadOrders, ReadProducts}
	}
	return nil
}

// Viewer is who asks. The zero value may do nothing.
type Viewer struct {
	// TenantID is the one tenant that is visible; 0 for a person who has not opened one and for the system.
	TenantID int64
	// UserID is the person; 0 when the service acts by itself.
	UserID int64
	// SessionID is the person's session, which logout ends; 0 without one.
	SessionID int64
	// Role is the person's role in the tenant.
	Role Role
	// Scopes is what the viewer may do.
	Scopes []Scope
	reason string
}

// Person returns the viewer of somebody signed in to a tenant, with all scopes of the role.
func Person(tenantID, userID, sessionID int64, role Role) *Viewer {
	return &Viewer{TenantID: tenantID, UserID: userID, SessionID: sessionID, Role: role, Scopes: role.Scopes()}
}

// Tenant returns the viewer for work that the service does inside one tenant on nobody's behalf: a job or a command.
func Tenant(tenantID int64) *Viewer {
	return &Viewer{TenantID: tenantID, Scopes: Owner.Scopes()}
}

// System returns the viewer that sees every tenant. The reason is written at the call; a test holds the list of
// packages that may call this.
func System(reason string) *Viewer {
	if reason == "" {
		return &Viewer{}
	}
	return &Viewer{reason: reason}
}

// IsSystem tells whether the viewer acts across tenants.
func (v *Viewer) IsSystem() bool { return v != nil && v.reason != "" }

// Can tells whether the viewer holds the scope. A nil viewer holds none.
func (v *Viewer) Can(s Scope) bool { return v != nil && slices.Contains(v.Scopes, s) }

type key struct{}

// NewContext returns a context in which v asks.
func NewContext(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, key{}, v)
}

// FromContext returns who asks, nil when nobody does.
func FromContext(ctx context.Context) *Viewer {
	v, _ := ctx.Value(key{}).(*Viewer)
	return v
}
