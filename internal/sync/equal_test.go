package sync_test

import (
	"github.com/shopsight/shopsight/internal/testkit/twin"
	"github.com/shopsight/shopsight/internal/viewer"
)

// equal compares every record and every number here with the store's.
func (w *world) equal() {
	w.Helper()
	twin.Equal(w, w.store, viewer.FromContext(w.ctx).TenantID, w.shop)
}
