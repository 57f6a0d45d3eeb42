package testkit_test

import (
	"testing"

	"github.com/shopsight/shopsight/internal/testkit"
)

func TestUnscoped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, statement, want string }{
		{"ent's select", "SELECT `orders`.`id`, `orders`.`tenant_id` FROM `orders` WHERE `orders`.`tenant_id` = ? LIMIT 2", ""},
		{"select list is no condition", "SELECT `orders`.`id`, `orders`.`tenant_id` FROM `orders` WHERE `orders`.`id` = ?", "orders"},
		{"no condition at all", "SELECT COUNT(*) FROM customers", "customers"},
		{"explain", "EXPLAIN SELECT id FROM products ORDER BY tenant_id", "products"},
		{"join with its own condition", "SELECT 1 FROM orders o JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id WHERE o.tenant_id = ?", ""},
		{"join without", "SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.tenant_id = ?", "customers"},
		{"join using", "SELECT 1 FROM orders o JOIN refunds r USING (tenant_id, order_id) WHERE o.tenant_id = ?", ""},
		{"comma join", "SELECT 1 FROM orders o, refunds r WHERE r.order_id = o.id AND o.tenant_id = ?", "refunds"},
		{"subquery", "SELECT 1 FROM orders WHERE tenant_id = ? AND id IN (SELECT order_id FROM order_items WHERE sku_key = ?)", "order_items"},
		{"after a subquery", "SELECT 1 FROM orders WHERE id IN (SELECT order_id FROM order_items WHERE tenant_id = ?) AND tenant_id = ?", ""},
		{"derived table", "SELECT * FROM (SELECT id FROM orders WHERE tenant_id = ?) o", ""},
		{"one arm of a union", "(SELECT id FROM orders WHERE tenant_id = ?) UNION ALL (SELECT id FROM orders WHERE customer_id = ?)", "orders"},
		{"row value", "SELECT 1 FROM orders WHERE (tenant_id, id) IN ((?, ?))", ""},
		{"a column named like a table", "SELECT day, orders, customers FROM daily_sales WHERE tenant_id = ? AND day = ?", ""},
		{"quoted text", "SELECT 1 FROM orders WHERE name = 'tenant_id ''='", "orders"},
		{"insert", "INSERT INTO daily_sales (tenant_id, day, orders) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE orders = orders + VALUES(orders)", ""},
		{"insert without", "INSERT INTO orders (id) VALUES (?)", "orders"},
		{"insert from a select", "INSERT INTO customer_days (tenant_id, day) SELECT tenant_id, 1 FROM orders WHERE tenant_id = ?", ""},
		{"insert from every tenant", "INSERT INTO customer_days (tenant_id, day) SELECT tenant_id, 1 FROM orders", "orders"},
		{"update", "UPDATE `customers` SET `listed` = ? WHERE `tenant_id` = ? AND `id` = ?", ""},
		{"update everywhere", "UPDATE customers SET tenant_id = ? WHERE id = ?", "customers"},
		{"delete", "DELETE FROM tombstones WHERE tenant_id = ?", ""},
		{"delete everywhere", "DELETE FROM tombstones", "tombstones"},
		{"select for update", "SELECT 1 FROM orders WHERE tenant_id = ? FOR UPDATE", ""},
		{"accounts", "SELECT * FROM users WHERE email = ?", ""},
		{"a person's sessions", "SELECT * FROM sessions WHERE user_id = ?", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := testkit.Unscoped(test.statement); got != test.want {
				t.Errorf("Unscoped(%s) = %q, want %q", test.statement, got, test.want)
			}
		})
	}
}
