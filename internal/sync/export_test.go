package sync

import (
	"context"

	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/viewer"
)

// Nudge has the reconciler look for work at once, as when its clock has gone on.
func (s *Service) Nudge() { s.reconcile(context.Background()) }

// Order is how an order of a store becomes one of ingest.
var Order = order

// Tokens is the credential of a reader of the store of the viewer's tenant.
func (s *Service) Tokens(ctx context.Context) shopify.Tokens {
	return (&credential{Service: s, tenant: viewer.FromContext(ctx).TenantID}).get
}

// RenewIdle is what the reconciler does now and then.
func (s *Service) RenewIdle(ctx context.Context) error { return s.renewIdle(ctx) }
