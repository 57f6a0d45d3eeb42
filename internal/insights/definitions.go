package insights

// MetricKey names a metric. The values are those of the API's enum MetricKey.
type MetricKey string

// The metrics with a written definition.
const (
	GrossSales            MetricKey = "GROSS_SALES"
	Discounts             MetricKey = "DISCOUNTS"
	SalesReversals        MetricKey = "SALES_REVERSALS"
	NetSales              MetricKey = "NET_SALES"
	Shipping              MetricKey = "SHIPPING"
	Taxes                 MetricKey = "TAXES"
	Duties                MetricKey = "DUTIES"
	Fees                  MetricKey = "FEES"
	TotalSales            MetricKey = "TOTAL_SALES"
	Orders                MetricKey = "ORDERS"
	GuestOrders           MetricKey = "GUEST_ORDERS"
	UnitsSold             MetricKey = "UNITS_SOLD"
	AverageOrderValue     MetricKey = "AVERAGE_ORDER_VALUE"
	Customers             MetricKey = "CUSTOMERS"
	NewCustomers          MetricKey = "NEW_CUSTOMERS"
	ReturningCustomers    MetricKey = "RETURNING_CUSTOMERS"
	ReturningCustomerRate MetricKey = "RETURNING_CUSTOMER_RATE"
	RepeatPurchaseRate    MetricKey = "REPEAT_PURCHASE_RATE"
	LifetimeValue         MetricKey = "LIFETIME_VALUE"
	RefundRate            MetricKey = "REFUND_RATE"
	DiscountRate          MetricKey = "DISCOUNT_RATE"
)

// MetricDefinition is the written contract of one metric, in English, for people.
type MetricDefinition struct {
	Key  MetricKey
	Name string
	// Formula uses the names of the API's fields.
	Formula string
	// DateBasis says on which day an amount counts.
	DateBasis string
	Includes  []string
	Excludes  []string
	// ShopifyDifference says where the number differs on purpose from the Shopify admin, and why; nil where it does not.
	ShopifyDifference *string
}

// MetricDefinitions returns the definitions of the given metrics in their order, of all in the order of the enum when
// keys is nil. A key that does not exist is left out. It needs no viewer.
func (s *Service) MetricDefinitions(keys []MetricKey) []MetricDefinition {
	if keys == nil {
		return append([]MetricDefinition(nil), allDefinitions...)
	}
	chosen := make([]MetricDefinition, 0, len(keys))
	for _, key := range keys {
		if d, ok := definitions[key]; ok {
			chosen = append(chosen, d)
		}
	}
	return chosen
}

var definitions = func() map[MetricKey]MetricDefinition {
	m := make(map[MetricKey]MetricDefinition, len(allDefinitions))
	for _, d := range allDefinitions {
		m[d.Key] = d
	}
	return m
}()

// Phrases that several definitions share.
const (
	onOrderDay    = "The store's local day on which the order was placed (processedAt)."
	onReversalDay = "The store's local day on which the refund, edit or cancellation was processed, not that of the order."
	onBothDays    = "Sales on the local day the order was placed; what refunds, edits and cancellations give back on the local day they were processed."
	overPeriod    = "The whole period: a customer counts once however many orders or days it has."

	noTests     = "test orders"
	noGiftCards = "gift cards sold: paying with one is a sale, selling one is not"
	noTax       = "taxes, which are taken out where prices include them"
	noTips      = "tips"
	unpaidToo   = "pending and unpaid orders: sales are not payments"
	cancelled   = "cancelled orders: the cancellation is a reversal on its own day"
	givenBack   = "a minus for what refunds and cancellations give back"
	noGuests    = "orders without a customer, which are guest orders"
)

var allDefinitions = []MetricDefinition{
	{
		Key: GrossSales, Name: "Gross sales", Formula: "sum of unitPrice × quantity", DateBasis: onOrderDay,
		Includes: []string{unpaidToo, cancelled, "custom items and lines of deleted products"},
		Excludes: []string{"discounts and sales reversals, which are subtracted in net sales", noTax, noGiftCards, noTests},
		ShopifyDifference: new("Shopify dates the lines of an edit on the day of the edit. Here an order that is sent again with other " +
			"lines changes its sale on the day it was placed, because the record is the whole truth about the order; " +
			"an edit that is sent as an adjustment counts on its own day, in sales reversals."),
	},
	{
		Key: Discounts, Name: "Discounts", Formula: "sum of line discounts", DateBasis: onOrderDay,
		Includes: []string{"discounts of lines, as a positive number that is subtracted", cancelled},
		Excludes: []string{noTax, "discounts on gift cards, which go with the gift card", noTests},
	},
	{
		Key: SalesReversals, Name: "Sales reversals", Formula: "refunds + edits + cancellations", DateBasis: onReversalDay,
		Includes: []string{
			"the goods value of refunds, also beyond what was left of the order",
			"edits that reduce an order",
			"what was left of a cancelled order after its refunds and edits",
			"a positive number that is subtracted",
		},
		Excludes: []string{
			"shipping and taxes given back, which reduce shipping and taxes",
			"voided orders without an instant of cancellation: there is no day to put them on",
			noTests,
		},
	},
	{
		Key: NetSales, Name: "Net sales", Formula: "grossSales - discounts - salesReversals", DateBasis: onBothDays,
		Includes: []string{unpaidToo, "days on which more was reversed than sold, as a negative number"},
		Excludes: []string{noTax, "shipping, duties and fees", noTips, noGiftCards, noTests},
	},
	{
		Key: Shipping, Name: "Shipping", Formula: "shipping charged - shipping given back", DateBasis: onBothDays,
		Includes: []string{"shipping after its discounts", givenBack},
		Excludes: []string{noTax, noTests},
	},
	{
		Key: Taxes, Name: "Taxes", Formula: "taxes charged - taxes given back", DateBasis: onBothDays,
		Includes: []string{"taxes on lines and on shipping, added to prices or included in them", givenBack},
		Excludes: []string{"duties", noTests},
	},
	{
		Key: Duties, Name: "Duties", Formula: "duties charged - duties given back", DateBasis: onBothDays,
		Includes: []string{"import duties charged at checkout", "a minus for what cancellations give back"},
		Excludes: []string{"taxes", noTests},
	},
	{
		Key: Fees, Name: "Fees", Formula: "fees charged - fees given back", DateBasis: onBothDays,
		Includes: []string{"additional fees that the buyer was charged", "a minus for what cancellations give back"},
		Excludes: []string{"what payment providers charge the store", noTests},
	},
	{
		Key: TotalSales, Name: "Total sales", Formula: "netSales + shipping + taxes + duties + fees", DateBasis: onBothDays,
		Includes: []string{unpaidToo, "days on which more was given back than sold, as a negative number"},
		Excludes: []string{noTips, noGiftCards, noTests},
	},
	{
		Key: Orders, Name: "Orders", Formula: "count of orders placed", DateBasis: onOrderDay,
		Includes: []string{"every order once", "cancelled orders", "orders of gift cards alone", "guest orders"},
		Excludes: []string{noTests},
	},
	{
		Key: GuestOrders, Name: "Guest orders", Formula: "count of orders placed without a customer", DateBasis: onOrderDay,
		Includes: []string{"orders of customers whose record was deleted since", "cancelled orders"},
		Excludes: []string{"orders of a customer whose record has not arrived yet, who counts as a customer", noTests},
	},
	{
		Key: UnitsSold, Name: "Units sold", Formula: "sum of quantity", DateBasis: onOrderDay,
		Includes: []string{"units that were refunded or cancelled later", "custom items"},
		Excludes: []string{noGiftCards, noTests},
	},
	{
		Key: AverageOrderValue, Name: "Average order value", Formula: "(grossSales - discounts) / orders", DateBasis: onOrderDay,
		Includes: []string{
			"cancelled orders at what they were worth when placed",
			"orders of gift cards alone, at zero",
			"rounding half to even to the digits of the currency",
		},
		Excludes: []string{"later refunds, edits and cancellations", "taxes, shipping, duties and fees", noTests},
	},
	{
		Key: Customers, Name: "Customers", Formula: "count of distinct customers with an order placed in the period", DateBasis: overPeriod,
		Includes: []string{"customers whose order was cancelled", "customers whose own record has not arrived yet"},
		Excludes: []string{noGuests, "customers with only a refund in the period", noTests},
	},
	{
		Key: NewCustomers, Name: "New customers", Formula: "count of customers whose first order was placed in the period",
		DateBasis: "The store's local day of the customer's first order (processedAt).",
		Includes:  []string{"customers who ordered again in the same period"},
		Excludes:  []string{noGuests, noTests},
		ShopifyDifference: new("Shopify counts a customer as new by the number of orders in their lifetime. Here the first order is found " +
			"among the orders as they stand now, so that a late, deleted or moved order corrects past periods too."),
	},
	{
		Key: ReturningCustomers, Name: "Returning customers", Formula: "customers - newCustomers", DateBasis: overPeriod,
		Includes: []string{"customers who ordered in the period and whose first order was placed before it"},
		Excludes: []string{"customers whose first and second order both lie in the period, who are new in it", noGuests, noTests},
		ShopifyDifference: new("Shopify calls a customer returning from the second order of their lifetime on. Here a customer is new in the " +
			"period of the first order and returning in later ones, so that new and returning add up to customers."),
	},
	{
		Key: ReturningCustomerRate, Name: "Returning customer rate", Formula: "returningCustomers / customers", DateBasis: overPeriod,
		Includes: []string{"a ratio between 0 and 1, null without customers"},
		Excludes: []string{noGuests, noTests},
		ShopifyDifference: new("Shopify counts as returning whoever has placed two or more orders in their lifetime. Here it is whoever had " +
			"ordered before the period, so that the rate of a past period does not rise with later orders."),
	},
	{
		Key: RepeatPurchaseRate, Name: "Repeat purchase rate", Formula: "customers with two or more orders / customers with one or more",
		DateBasis: "The whole history of the store, whatever the period.",
		Includes:  []string{"cancelled orders", "a ratio between 0 and 1, null without customers"},
		Excludes:  []string{noGuests, noTests},
	},
	{
		Key: LifetimeValue, Name: "Lifetime value", Formula: "netSales so far of the cohort's customers / customers of the cohort",
		DateBasis: "Customers by the period of their first order; their net sales up to now, each on its own day.",
		Includes:  []string{"reversals of all orders", "customers of the cohort who never ordered again"},
		Excludes:  []string{"predicted sales: only realised money counts", noTax, "shipping, duties and fees", noGuests, noTests},
	},
	{
		Key: RefundRate, Name: "Refund rate", Formula: "salesReversals / (grossSales - discounts)", DateBasis: onBothDays,
		Includes: []string{"refunds, edits and cancellations of earlier orders, so that it can exceed 1", "null when nothing was sold"},
		Excludes: []string{"shipping and taxes", noTests},
	},
	{
		Key: DiscountRate, Name: "Discount rate", Formula: "discounts / grossSales", DateBasis: onOrderDay,
		Includes: []string{"a ratio between 0 and 1, null when nothing was sold"},
		Excludes: []string{"discounts on gift cards", noTests},
	},
}
