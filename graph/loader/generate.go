package loader

// One loader for each question that is asked of many records at once.
//go:generate go tool dataloaden OrderLoader int64 *github.com/shopsight/shopsight/internal/commerce.Order
//go:generate go tool dataloaden OrderItemLoader int64 *github.com/shopsight/shopsight/internal/commerce.OrderItem
//go:generate go tool dataloaden LinesLoader int64 []*github.com/shopsight/shopsight/internal/commerce.OrderItem
//go:generate go tool dataloaden RefundsLoader int64 []*github.com/shopsight/shopsight/internal/commerce.Refund
//go:generate go tool dataloaden CustomerLoader int64 *github.com/shopsight/shopsight/internal/commerce.Customer
//go:generate go tool dataloaden ProductLoader int64 *github.com/shopsight/shopsight/internal/commerce.Product
//go:generate go tool dataloaden NumberLoader github.com/shopsight/shopsight/internal/commerce.Place int
//go:generate go tool dataloaden HistoryLoader int64 *github.com/shopsight/shopsight/internal/commerce.OrderConnection
