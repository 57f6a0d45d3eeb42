package sync

import "context"

// Nudge has the reconciler look for work at once, as when its clock has gone on.
func (s *Service) Nudge() { s.reconcile(context.Background()) }

// Order is how an order of a store becomes one of ingest.
var Order = order
