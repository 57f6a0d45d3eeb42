package ledger

// Amounts are what an entry adds to each metric, with its sign, in minor units. A sum of Amounts is that of a period,
// a customer or an order.
type Amounts struct {
	Gross    int64
	Discount int64
	// Reversal is goods value that was taken back: positive in a refund, and subtracted in Net.
	Reversal int64
	Shipping int64
	Tax      int64
	Duty     int64
	Fee      int64
	// Tip and GiftCard are no part of Total; they are kept so that what was left out can be shown.
	Tip      int64
	GiftCard int64
	// Units is the quantity of counted lines. Nothing ever reduces it.
	Units int64
}

// Net returns net sales: Gross - Discount - Reversal.
func (a Amounts) Net() int64 { return a.Gross - a.Discount - a.Reversal }

// Total returns total sales: Net + Shipping + Tax + Duty + Fee.
func (a Amounts) Total() int64 { return a.Net() + a.Shipping + a.Tax + a.Duty + a.Fee }

// IsZero reports whether the amounts change no metric.
func (a Amounts) IsZero() bool { return a == Amounts{} }

// Add returns a + b, metric by metric.
func (a Amounts) Add(b Amounts) Amounts {
	return Amounts{
		Gross:    a.Gross + b.Gross,
		Discount: a.Discount + b.Discount,
		Reversal: a.Reversal + b.Reversal,
		Shipping: a.Shipping + b.Shipping,
		Tax:      a.Tax + b.Tax,
		Duty:     a.Duty + b.Duty,
		Fee:      a.Fee + b.Fee,
		Tip:      a.Tip + b.Tip,
		GiftCard: a.GiftCard + b.GiftCard,
		Units:    a.Units + b.Units,
	}
}

// Neg returns -a, metric by metric.
func (a Amounts) Neg() Amounts { return Amounts{}.Sub(a) }

// Sub returns a - b, metric by metric.
func (a Amounts) Sub(b Amounts) Amounts {
	return Amounts{
		Gross:    a.Gross - b.Gross,
		Discount: a.Discount - b.Discount,
		Reversal: a.Reversal - b.Reversal,
		Shipping: a.Shipping - b.Shipping,
		Tax:      a.Tax - b.Tax,
		Duty:     a.Duty - b.Duty,
		Fee:      a.Fee - b.Fee,
		Tip:      a.Tip - b.Tip,
		GiftCard: a.GiftCard - b.GiftCard,
		Units:    a.Units - b.Units,
	}
}
