package oracle

import "strings"

// GraphQL selections: an answer to one of them unmarshals into the type that the comment names.
var (
	// OverviewFields selects an [Overview].
	OverviewFields = `{ range ` + rangeFields + ` comparedTo ` + rangeFields + ` currencyCode ` +
		each("totalRevenue grossSales discounts salesReversals netSales shipping taxes duties fees", moneyMetricFields) +
		each("orders unitsSold customers newCustomers returningCustomers guestOrders", countMetricFields) +
		each("averageOrderValue", moneyMetricFields) +
		` totalCustomerRecords returningCustomerRate { value previous changePoints }
		excluded { testOrders ` + each("giftCardSales tips", moneyFields) + ` } }`

	// TrendFields selects a [SalesTrend].
	TrendFields = `{ range ` + rangeFields + ` interval ` + each("points previousPoints totals", pointFields) + ` }`

	// RankedCustomerFields selects a [RankedCustomer].
	RankedCustomerFields = `{ rank customer { shopifyId } orders shareOfSales ` + each("netSales totalSales", moneyFields) + ` }`

	// CustomerFields selects a [Customer].
	CustomerFields = `{ shopifyId ordersCount firstOrderAt lastOrderAt ` +
		each("totalSpent averageOrderValue", moneyFields) + ` }`

	// OrderFields selects an [Order].
	OrderFields = `{ shopifyId test processedAt cancelledAt customer { shopifyId } customerOrderNumber ` +
		each("subtotal discounts shipping taxes duties fees tips refunded netSales", moneyFields) +
		` total { shopMoney ` + moneyFields + ` } items { title product { shopifyId } quantity refundedQuantity giftCard ` +
		each("unitPrice grossSales discounts netSales", moneyFields) + ` } }`

	// DataSummaryFields selects a [DataSummary].
	DataSummaryFields = `{ products customers orders orderItems firstOrderAt lastOrderAt }`
)

const (
	moneyFields       = `{ amount currencyCode }`
	moneyMetricFields = `{ value ` + moneyFields + ` previous ` + moneyFields + ` change ` + moneyFields + ` changePercent }`
	countMetricFields = `{ value previous change changePercent }`
	rangeFields       = `{ from to startsAt endsBefore timezone }`
)

var pointFields = `{ startsAt label partial orders guestOrders unitsSold customers newCustomers returningCustomers ` +
	each("grossSales discounts salesReversals netSales shipping taxes duties fees totalSales averageOrderValue", moneyFields) + ` }`

// each gives every one of the names the same selection.
func each(names, selection string) string {
	var b strings.Builder
	for _, name := range strings.Fields(names) {
		b.WriteString(" " + name + " " + selection)
	}
	return b.String()
}
