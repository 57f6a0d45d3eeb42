// Package failpoint lets a test end the process at a named point of its work, as a power cut would: by SIGKILL, with no
// clean-up of any kind.
//
// It does so only in a binary that was built with the tag failpoint. In every other, Here is an empty function that the
// compiler leaves out, and Duration returns what it is given: see TestCostsNothing.
//
// With the tag, SHOPSIGHT_FAILPOINT=NAME:N ends the process when it comes to the point of that name for the Nth time
// (NAME alone: the first). NAME:N:stop stops it there by SIGSTOP instead, until somebody sends it SIGCONT. A name that is
// no point is refused at the start, so that no test waits for a death that never comes.
package failpoint

// Point is a place in the code where the process may be made to end.
type Point string

// The points, in the order in which a sync comes by them. What is "before" a commit is lost with the process; what is
// "after" is there when it starts again, but nobody has been told.
const (
	// AccountBefore is in a transaction on accounts, stores or new runs, when all is written and nothing is committed.
	AccountBefore Point = "account.before"
	// AccountAfter is when such a transaction is committed, and nobody knows.
	AccountAfter Point = "account.after"
	// PublishBefore is when the rows of a run are there, or a run waits, and no wake for it is in the stream.
	PublishBefore Point = "publish.before"
	// PublishAfter is when the wake is in the stream.
	PublishAfter Point = "publish.after"
	// ClaimBefore is when a worker has found a run that waits.
	ClaimBefore Point = "claim.before"
	// ClaimAfter is when the run is the worker's, and nothing of it is done.
	ClaimAfter Point = "claim.after"
	// AckBefore is when a run is claimed, and its wake is still in the stream.
	AckBefore Point = "ack.before"
	// AckAfter is when the wake is gone, and the work has not begun.
	AckAfter Point = "ack.after"
	// ExportBefore is when a store has begun a bulk operation, and nobody else knows its number.
	ExportBefore Point = "export.before"
	// ExportAfter is when that number is kept.
	ExportAfter Point = "export.after"
	// DownloadBefore is when the file of an operation is complete at the store.
	DownloadBefore Point = "download.before"
	// DownloadAfter is when it is complete here, and nothing of it is written.
	DownloadAfter Point = "download.after"
	// TokenBefore is when a store has given the next token, or has not, and nothing of it is written.
	TokenBefore Point = "token.before"
	// TokenAfter is when the next token is written, and was not used.
	TokenAfter Point = "token.after"
	// PageBefore is when a page has come from the store, or a chunk from its file, and nothing of it is written.
	PageBefore Point = "page.before"
	// CursorBefore is in the transaction of a page: its records are written, the cursor is where it was.
	CursorBefore Point = "cursor.before"
	// CursorAfter is in the same transaction, when the cursor and the run's progress are written too.
	CursorAfter Point = "cursor.after"
	// PageAfter is when a page is committed, and the next is not asked for.
	PageAfter Point = "page.after"
	// CommitBefore is at the end of any transaction of a tenant's one writer, before it is committed.
	CommitBefore Point = "commit.before"
	// CommitAfter is when such a transaction is committed.
	CommitAfter Point = "commit.after"
	// ProofBefore is when the store's count agrees with ours, and that is not written.
	ProofBefore Point = "proof.before"
	// ProofAfter is when one kind of record is proved.
	ProofAfter Point = "proof.after"
	// EndBefore is when all the work of a run is done, and the run is still active.
	EndBefore Point = "end.before"
	// EndAfter is when the run has ended, and nobody knows.
	EndAfter Point = "end.after"
	// WebhookBefore is when a webhook is checked, and nothing of it is written.
	WebhookBefore Point = "webhook.before"
	// WebhookAfter is when its event is kept, and the store has no answer.
	WebhookAfter Point = "webhook.after"
	// InboxBefore is when a worker has taken up a store's events, and nothing is done.
	InboxBefore Point = "inbox.before"
	// InboxRead is when the records of events have come from the store, and nothing of them is written.
	InboxRead Point = "inbox.read"
	// InboxAfter is when they are written and the events are done, and nobody knows.
	InboxAfter Point = "inbox.after"
)

// Points returns every point that a service comes by whatever its stores are connected by.
func Points() []Point { return append(SyncPoints(), WebhookPoints()...) }

// Renewals returns the points that the renewal of a token comes by.
func Renewals() []Point { return []Point{TokenBefore, TokenAfter} }

// SyncPoints returns those that every sync comes by.
func SyncPoints() []Point {
	return []Point{AccountBefore, AccountAfter, PublishBefore, PublishAfter, ClaimBefore, ClaimAfter,
		AckBefore, AckAfter, ExportBefore, ExportAfter, PageBefore, DownloadBefore,
		DownloadAfter, CursorBefore, CursorAfter, PageAfter, CommitBefore, CommitAfter, ProofBefore, ProofAfter, EndBefore, EndAfter}
}

// WebhookPoints returns those that only webhooks come by.
func WebhookPoints() []Point {
	return []Point{WebhookBefore, WebhookAfter, InboxBefore, InboxRead, InboxAfter}
}
