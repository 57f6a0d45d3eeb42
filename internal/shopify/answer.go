package shopify

import (
	"errors"
	"time"
)

// The parts of answers that genqlient binds by hand: what is the same in many places, and what may be of a type that is
// newer than the schema.

// moneyBag is an amount in the store's currency.
type moneyBag struct {
	ShopMoney struct {
		Amount       string `json:"amount"`
		CurrencyCode string `json:"currencyCode"`
	} `json:"shopMoney"`
}

type pageInfo struct {
	HasNextPage *bool  `json:"hasNextPage"`
	EndCursor   string `json:"endCursor"`
}

// more tells whether a list goes on.
func (p pageInfo) more() bool { return p.HasNextPage != nil && *p.HasNextPage }

// check returns an error for a page that does not say whether it is the last, has no list at all, or does not go on from
// where it began. A page without it would end a list in silence.
func (p pageInfo) check(list bool, after *string) error {
	switch {
	case !list:
		return errors.New("a page without a list")
	case p.HasNextPage == nil:
		return errors.New("a page without hasNextPage")
	case p.more() && (p.EndCursor == "" || after != nil && *after == p.EndCursor):
		return errors.New("a page without the cursor of the next")
	}
	return nil
}

// agreementNode is any type of agreement.
type agreementNode struct {
	Typename   string    `json:"__typename"`
	ID         string    `json:"id"`
	Reason     string    `json:"reason"`
	HappenedAt time.Time `json:"happenedAt"`
	Refund     *struct {
		ID string `json:"id"`
	} `json:"refund"`
	Sales saleConnection `json:"sales"`
}

// saleNode is any type of sale.
type saleNode struct {
	Typename       string   `json:"__typename"`
	ID             string   `json:"id"`
	ActionType     string   `json:"actionType"`
	LineType       string   `json:"lineType"`
	Quantity       *int     `json:"quantity"`
	TotalAmount    moneyBag `json:"totalAmount"`
	TotalTaxAmount moneyBag `json:"totalTaxAmount"`
	LineItem       *struct {
		ID string `json:"id"`
	} `json:"lineItem"`
}

// refundNode is the lines of a refund, with the state of its order.
type refundNode struct {
	ID    string `json:"id"`
	Order struct {
		UpdatedAt time.Time `json:"updatedAt"`
	} `json:"order"`
	RefundLineItems refundLineConnection `json:"refundLineItems"`
}

// eventNode is any type of event; only a BasicEvent has more than an id and an instant.
type eventNode struct {
	Typename    string    `json:"__typename"`
	ID          string    `json:"id"`
	CreatedAt   time.Time `json:"createdAt"`
	Action      string    `json:"action"`
	SubjectID   string    `json:"subjectId"`
	SubjectType string    `json:"subjectType"`
}
