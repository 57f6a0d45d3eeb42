package sync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopsight/shopsight/ent"
	"github.com/shopsight/shopsight/internal/failpoint"
	"github.com/shopsight/shopsight/internal/ingest"
	"github.com/shopsight/shopsight/internal/shopify"
	"github.com/shopsight/shopsight/internal/store"
)

const (
	// sweepPage is how many numbers are compared at a time; the store gives out no more.
	sweepPage = 250
	// fetchPage is how many records are fetched by their numbers at a time.
	fetchPage = 50
	// maxRounds is how often a proof may fail before the run does.
	maxRounds = 4
)

// prove compares what is stored with what the store has, up to the greatest number that it had given out when the step
// began: newer records come with the next run. Its count is compared with ours. Where they differ, where records came from
// elsewhere too, and in a full run over records that were there before, all numbers are compared: what is missing is
// fetched, and what the store has no longer is deleted. A record that was refused is missing for a reason that is known. The store's answers lag behind, so a proof is tried again for some
// time.
func (j *job) prove(ctx context.Context, st *ent.SyncStep) error {
	res := resourceOf(st.Resource)
	for {
		stored, foreign, refused, err := j.stored(ctx, res, *st.LastID)
		if err != nil {
			return err
		}
		again := j.run.Mode == Full && int64(stored) > st.Created
		if again || foreign > 0 || st.Rounds > 0 || st.SweptTo > 0 {
			if done, err := j.sweep(ctx, st, res); err != nil || done {
				return err
			}
		} else {
			expected, err := j.src.Count(ctx, res.kind, shopify.Window{UpTo: *st.LastID})
			if err != nil {
				return err
			}
			if expected == stored+refused {
				return j.proven(ctx, st, stored, stored)
			}
		}
		if st.Rounds++; st.Rounds >= maxRounds {
			// Kept too: what is tried again begins a sweep anew, and not for ever.
			if err := j.saveAlone(ctx, st); err != nil {
				return err
			}
			return &shopify.Error{Code: shopify.CodeIncomplete, Retryable: true,
				Message: fmt.Sprintf("The store has other %s than were read.", res.table)}
		}
		if err := j.saveAlone(ctx, st); err != nil {
			return err
		}
		if err := j.pause(ctx, time.Duration(st.Rounds-1)*2*time.Second); err != nil {
			return err
		}
	}
}

// proven ends a step.
func (j *job) proven(ctx context.Context, st *ent.SyncStep, expected, stored int) error {
	e, n := int64(expected), int64(stored)
	st.ProofExpected, st.ProofStored = &e, &n
	failpoint.Here(failpoint.ProofBefore)
	err := j.Store.Commerce(ctx, func(q *store.SQL) error {
		refused, err := refusals(ctx, q, st.Resource, "")
		if err != nil {
			return err
		}
		st.Phase, st.Status = phaseDone, Succeeded
		if refused > 0 {
			st.Status = PartiallySucceeded
		}
		return j.save(ctx, q, st)
	})
	j.changed(ctx, j.run.ID)
	failpoint.Here(failpoint.ProofAfter)
	return err
}

// stored counts the records up to a number, those of them that came from elsewhere, and those that were refused.
func (j *job) stored(ctx context.Context, res resource, upTo int64) (stored, foreign, refused int, err error) {
	err = j.Store.Read(ctx, func(q *store.SQL) (err error) {
		if refused, err = refusals(ctx, q, res.name, " AND shopify_id <= ?"+res.absent(), upTo); err != nil {
			return err
		}
		return q.Each(ctx, func(scan func(...any) error) error { return scan(&stored, &foreign) },
			"SELECT COUNT(*), COALESCE(SUM(CASE WHEN source = 'SHOPIFY' THEN 0 ELSE 1 END), 0) FROM "+res.table+
				" WHERE tenant_id = ? AND shopify_id <= ?"+res.known(), q.Tenant(), upTo)
	})
	return stored, foreign, refused, err
}

// greatest returns the greatest number of a record that came from the store, 0 when none did.
func (j *job) greatest(ctx context.Context, res resource) (id int64, err error) {
	err = j.Store.Read(ctx, func(q *store.SQL) error {
		return q.Each(ctx, func(scan func(...any) error) error { return scan(&id) },
			"SELECT shopify_id FROM "+res.table+" WHERE tenant_id = ? AND source = ?"+res.known()+" ORDER BY shopify_id DESC LIMIT 1",
			q.Tenant(), string(ingest.SourceShopify))
	})
	return id, err
}

// sweep compares all numbers, page by page, and ends the step when nothing was to be done. It goes on where it stood.
func (j *job) sweep(ctx context.Context, st *ent.SyncStep, res resource) (done bool, err error) {
	theirs, both, fixed := 0, 0, false
	whole := st.SweptTo == 0
	for st.SweptTo < *st.LastID {
		ids, more, err := j.src.IDs(ctx, res.kind, st.SweptTo, sweepPage)
		if err != nil {
			return false, err
		}
		to := *st.LastID
		if more && len(ids) > 0 {
			to = min(to, ids[len(ids)-1])
		}
		ids = slices.DeleteFunc(ids, func(id int64) bool { return id > to })
		ours, err := j.between(ctx, res, st.SweptTo, to)
		if err != nil {
			return false, err
		}
		refused, err := j.refusedBetween(ctx, res, st.SweptTo, to)
		if err != nil {
			return false, err
		}
		var missing, extra []int64
		there := make(map[int64]bool, len(ids))
		for _, id := range ids {
			there[id] = true
			if _, ok := ours[id]; ok {
				both++
			} else if refused[id] {
				theirs--
			} else {
				missing = append(missing, id)
			}
		}
		for id, shown := range ours {
			if !there[id] && shown {
				extra = append(extra, id)
			}
		}
		again, changed, err := j.mend(ctx, st, res, missing, extra)
		if err != nil {
			return false, err
		}
		theirs += len(ids) - again
		fixed = fixed || changed
		st.SweptTo = to
		gone := slices.DeleteFunc(slices.Collect(maps.Keys(refused)), func(id int64) bool { return there[id] })
		if err := j.Store.Commerce(ctx, func(q *store.SQL) error {
			if err := forgive(ctx, q, st.Resource, gone); err != nil {
				return err
			}
			return j.save(ctx, q, st)
		}); err != nil {
			return false, err
		}
		j.changed(ctx, j.run.ID)
	}
	st.SweptTo = 0
	if whole && !fixed && theirs == both {
		return true, j.proven(ctx, st, theirs, both)
	}
	return false, nil
}

// shown is how long a store shows its orders to whoever may not read all of them: 60 days, less one.
const shown = 59 * 24 * time.Hour

// between returns the numbers of our records in a range, and whether the store would show each if it still had it: not
// those that came from elsewhere, nor old orders without the right to read them, which are as if they were gone.
func (j *job) between(ctx context.Context, res resource, above, to int64) (map[int64]bool, error) {
	visible, args := "source = 'SHOPIFY'", []any{}
	if j.recent && res.kind == shopify.Orders {
		visible, args = visible+" AND created_at > ?", append(args, j.Now().UTC().Add(-shown))
	}
	out := map[int64]bool{}
	err := j.Store.Read(ctx, func(q *store.SQL) error {
		clear(out)
		return q.Each(ctx, func(scan func(...any) error) error {
			var id int64
			var there bool
			err := scan(&id, &there)
			out[id] = there
			return err
		}, "SELECT shopify_id, CASE WHEN "+visible+" THEN TRUE ELSE FALSE END FROM "+res.table+
			" WHERE tenant_id = ? AND shopify_id > ? AND shopify_id <= ?"+res.known(), append(args, q.Tenant(), above, to)...)
	})
	return out, err
}

// mend fetches what is missing here, and deletes what the store has no longer: it is asked for each by its number, since
// its lists may not yet have what is new. It tells how many of the missing were refused, and whether anything changed.
func (j *job) mend(ctx context.Context, st *ent.SyncStep, res resource, missing, extra []int64) (refused int, changed bool, err error) {
	for part := range slices.Chunk(missing, fetchPage) {
		p, _, err := byID(ctx, j.src, res, part)
		if err != nil {
			return 0, false, err
		}
		// Whoever deleted one of them here was mistaken.
		if err := j.Ingest.Recall(ctx, res.records, p.ids, j.hold); err != nil {
			return 0, false, err
		}
		before := st.Failed
		if err := j.write(ctx, st, p, false); err != nil {
			return 0, false, err
		}
		refused += int(st.Failed - before)
		changed = changed || len(p.ids) > int(st.Failed-before)
	}
	for part := range slices.Chunk(extra, fetchPage) {
		at := j.Now()
		_, gone, err := byID(ctx, j.src, res, part)
		if err != nil {
			return 0, false, err
		}
		b := ingest.Batch{Source: ingest.SourceShopify}
		for _, id := range gone {
			b.Deletions = append(b.Deletions, ingest.Deletion{Kind: res.records, ShopifyID: id, At: at})
		}
		b.Commit = func(ctx context.Context, q *store.SQL, _ ingest.Result) error { return j.hold(ctx, q) }
		if len(gone) == 0 {
			continue
		}
		changed = true
		if _, err := j.Ingest.Apply(ctx, b); err != nil {
			return 0, false, err
		}
	}
	return refused, changed, nil
}

// byID fetches records by their numbers, and tells which the store has not.
func byID(ctx context.Context, src Source, res resource, ids []int64) (page, []int64, error) {
	switch res.kind {
	case shopify.Products:
		r, gone, err := src.ProductsByID(ctx, ids)
		return fold(shopify.Page[shopify.Product]{Records: r}, addProduct), gone, err
	case shopify.Customers:
		r, gone, err := src.CustomersByID(ctx, ids)
		return fold(shopify.Page[shopify.Customer]{Records: r}, addCustomer), gone, err
	default:
		r, gone, err := src.OrdersByID(ctx, ids)
		return fold(shopify.Page[shopify.Order]{Records: r}, addOrder), gone, err
	}
}
