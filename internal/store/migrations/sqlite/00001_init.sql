-- +goose Up
-- create "customers" table
CREATE TABLE `customers` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `shopify_id` integer NOT NULL, `source` text NOT NULL, `content_hash` blob NULL, `known` bool NOT NULL, `listed` bool NOT NULL, `first_name` text NULL, `last_name` text NULL, `name_key` text NOT NULL, `email` text NULL, `phone` text NULL, `country` text NULL, `city` text NULL, `tags` json NOT NULL, `created_at` datetime NULL, `created_key` datetime NOT NULL, `updated_at` datetime NULL, `orders_count` integer NOT NULL, `units_sold` integer NOT NULL, `placed_value` integer NOT NULL, `net_sales` integer NOT NULL, `total_spent` integer NOT NULL, `first_order_id` integer NULL, `first_order_at` datetime NULL, `last_order_at` datetime NULL, `last_order_key` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "customer_tenant_id_shopify_id" to table: "customers"
CREATE UNIQUE INDEX `customer_tenant_id_shopify_id` ON `customers` (`tenant_id`, `shopify_id`);
-- create index "customer_tenant_id_id" to table: "customers"
CREATE UNIQUE INDEX `customer_tenant_id_id` ON `customers` (`tenant_id`, `id`);
-- create index "customer_tenant_id_last_order_key_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_last_order_key_shopify_id` ON `customers` (`tenant_id`, `last_order_key`, `shopify_id`);
-- create index "customer_tenant_id_total_spent_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_total_spent_shopify_id` ON `customers` (`tenant_id`, `total_spent`, `shopify_id`);
-- create index "customer_tenant_id_net_sales_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_net_sales_shopify_id` ON `customers` (`tenant_id`, `net_sales`, `shopify_id`);
-- create index "customer_tenant_id_orders_count_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_orders_count_shopify_id` ON `customers` (`tenant_id`, `orders_count`, `shopify_id`);
-- create index "customer_tenant_id_units_sold_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_units_sold_shopify_id` ON `customers` (`tenant_id`, `units_sold`, `shopify_id`);
-- create index "customer_tenant_id_name_key_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_name_key_shopify_id` ON `customers` (`tenant_id`, `name_key`, `shopify_id`);
-- create index "customer_tenant_id_created_key_shopify_id" to table: "customers"
CREATE INDEX `customer_tenant_id_created_key_shopify_id` ON `customers` (`tenant_id`, `created_key`, `shopify_id`);
-- create "memberships" table
CREATE TABLE `memberships` (`id` integer NOT NULL, `role` text NOT NULL, `joined_at` datetime NOT NULL, `last_used_at` datetime NOT NULL, `tenant_id` integer NOT NULL, `user_id` integer NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `memberships_tenants_memberships` FOREIGN KEY (`tenant_id`) REFERENCES `tenants` (`id`) ON DELETE NO ACTION, CONSTRAINT `memberships_users_memberships` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "membership_tenant_id_user_id" to table: "memberships"
CREATE UNIQUE INDEX `membership_tenant_id_user_id` ON `memberships` (`tenant_id`, `user_id`);
-- create index "membership_user_id" to table: "memberships"
CREATE INDEX `membership_user_id` ON `memberships` (`user_id`);
-- create "orders" table
CREATE TABLE `orders` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `shopify_id` integer NOT NULL, `source` text NOT NULL, `content_hash` blob NULL, `name` text NOT NULL, `name_key` text NOT NULL, `processed_at` datetime NOT NULL, `created_at` datetime NULL, `updated_at` datetime NULL, `updated_key` datetime NOT NULL, `cancelled_at` datetime NULL, `financial_status` text NOT NULL, `fulfillment_status` text NOT NULL, `test` bool NOT NULL, `channel` text NULL, `customer_shopify_id` integer NULL, `shipping_country` text NULL, `shipping_region` text NULL, `shipping_city` text NULL, `discount_codes` json NOT NULL, `tags` json NOT NULL, `taxes_included` bool NOT NULL, `shipping` integer NOT NULL, `shipping_tax` integer NULL, `taxes` integer NOT NULL, `duties` integer NOT NULL, `fees` integer NOT NULL, `tips` integer NOT NULL, `subtotal` integer NOT NULL, `discounts` integer NOT NULL, `total` integer NOT NULL, `refunded` integer NOT NULL, `net_sales` integer NOT NULL, `customer_id` integer NULL, PRIMARY KEY (`id`), CONSTRAINT `orders_customers_customer` FOREIGN KEY (`tenant_id`, `customer_id`) REFERENCES `customers` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "order_tenant_id_shopify_id" to table: "orders"
CREATE UNIQUE INDEX `order_tenant_id_shopify_id` ON `orders` (`tenant_id`, `shopify_id`);
-- create index "order_tenant_id_id" to table: "orders"
CREATE UNIQUE INDEX `order_tenant_id_id` ON `orders` (`tenant_id`, `id`);
-- create index "order_tenant_id_processed_at_shopify_id" to table: "orders"
CREATE INDEX `order_tenant_id_processed_at_shopify_id` ON `orders` (`tenant_id`, `processed_at`, `shopify_id`);
-- create index "order_tenant_id_total_shopify_id" to table: "orders"
CREATE INDEX `order_tenant_id_total_shopify_id` ON `orders` (`tenant_id`, `total`, `shopify_id`);
-- create index "order_tenant_id_name_key_shopify_id" to table: "orders"
CREATE INDEX `order_tenant_id_name_key_shopify_id` ON `orders` (`tenant_id`, `name_key`, `shopify_id`);
-- create index "order_tenant_id_updated_key_shopify_id" to table: "orders"
CREATE INDEX `order_tenant_id_updated_key_shopify_id` ON `orders` (`tenant_id`, `updated_key`, `shopify_id`);
-- create index "order_tenant_id_customer_id_processed_at_shopify_id_test" to table: "orders"
CREATE INDEX `order_tenant_id_customer_id_processed_at_shopify_id_test` ON `orders` (`tenant_id`, `customer_id`, `processed_at`, `shopify_id`, `test`);
-- create "order_items" table
CREATE TABLE `order_items` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `line_key` text NOT NULL, `position` integer NOT NULL, `shopify_id` integer NULL, `title` text NOT NULL, `variant_title` text NULL, `sku` text NULL, `sku_key` text NOT NULL, `vendor` text NULL, `quantity` integer NOT NULL, `unit_price` integer NOT NULL, `discount` integer NOT NULL, `tax` integer NULL, `gift_card` bool NOT NULL, `refunded_quantity` integer NOT NULL, `gross_sales` integer NOT NULL, `discounts` integer NOT NULL, `net_sales` integer NOT NULL, `order_id` integer NOT NULL, `product_id` integer NULL, PRIMARY KEY (`id`), CONSTRAINT `order_items_orders_items` FOREIGN KEY (`tenant_id`, `order_id`) REFERENCES `orders` (`tenant_id`, `id`) ON DELETE NO ACTION, CONSTRAINT `order_items_products_product` FOREIGN KEY (`tenant_id`, `product_id`) REFERENCES `products` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "orderitem_tenant_id_order_id_line_key" to table: "order_items"
CREATE UNIQUE INDEX `orderitem_tenant_id_order_id_line_key` ON `order_items` (`tenant_id`, `order_id`, `line_key`);
-- create index "orderitem_tenant_id_product_id_order_id" to table: "order_items"
CREATE INDEX `orderitem_tenant_id_product_id_order_id` ON `order_items` (`tenant_id`, `product_id`, `order_id`);
-- create index "orderitem_tenant_id_sku_key_order_id" to table: "order_items"
CREATE INDEX `orderitem_tenant_id_sku_key_order_id` ON `order_items` (`tenant_id`, `sku_key`, `order_id`);
-- create "products" table
CREATE TABLE `products` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `shopify_id` integer NOT NULL, `source` text NOT NULL, `content_hash` blob NULL, `known` bool NOT NULL, `title` text NOT NULL, `title_key` text NOT NULL, `handle` text NULL, `vendor` text NULL, `product_type` text NULL, `status` text NOT NULL, `tags` json NOT NULL, `image_url` text NULL, `price` integer NULL, `inventory_quantity` integer NULL, `inventory_key` integer NOT NULL, `created_at` datetime NULL, `created_key` datetime NOT NULL, `updated_at` datetime NULL, `updated_key` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "product_tenant_id_shopify_id" to table: "products"
CREATE UNIQUE INDEX `product_tenant_id_shopify_id` ON `products` (`tenant_id`, `shopify_id`);
-- create index "product_tenant_id_id" to table: "products"
CREATE UNIQUE INDEX `product_tenant_id_id` ON `products` (`tenant_id`, `id`);
-- create index "product_tenant_id_title_key_shopify_id" to table: "products"
CREATE INDEX `product_tenant_id_title_key_shopify_id` ON `products` (`tenant_id`, `title_key`, `shopify_id`);
-- create index "product_tenant_id_created_key_shopify_id" to table: "products"
CREATE INDEX `product_tenant_id_created_key_shopify_id` ON `products` (`tenant_id`, `created_key`, `shopify_id`);
-- create index "product_tenant_id_updated_key_shopify_id" to table: "products"
CREATE INDEX `product_tenant_id_updated_key_shopify_id` ON `products` (`tenant_id`, `updated_key`, `shopify_id`);
-- create index "product_tenant_id_inventory_key_shopify_id" to table: "products"
CREATE INDEX `product_tenant_id_inventory_key_shopify_id` ON `products` (`tenant_id`, `inventory_key`, `shopify_id`);
-- create "refunds" table
CREATE TABLE `refunds` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `shopify_id` integer NOT NULL, `created_at` datetime NOT NULL, `amount` integer NOT NULL, `tax_amount` integer NOT NULL, `shipping_amount` integer NOT NULL, `note` text NULL, `restocked_quantity` integer NOT NULL, `order_id` integer NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `refunds_orders_refunds` FOREIGN KEY (`tenant_id`, `order_id`) REFERENCES `orders` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "refund_tenant_id_order_id_shopify_id" to table: "refunds"
CREATE UNIQUE INDEX `refund_tenant_id_order_id_shopify_id` ON `refunds` (`tenant_id`, `order_id`, `shopify_id`);
-- create "sessions" table
CREATE TABLE `sessions` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `generation` integer NOT NULL DEFAULT (1), `created_at` datetime NOT NULL, `last_seen_at` datetime NOT NULL, `expires_at` datetime NOT NULL, `revoked_at` datetime NULL, `user_agent` text NULL, `ip_address` text NULL, `user_id` integer NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `sessions_users_sessions` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE, CONSTRAINT `sessions_membership` FOREIGN KEY (`tenant_id`, `user_id`) REFERENCES `memberships` (`tenant_id`, `user_id`) ON DELETE CASCADE);
-- create index "session_user_id" to table: "sessions"
CREATE INDEX `session_user_id` ON `sessions` (`user_id`);
-- create index "sessions_tenant_id_user_id" to table: "sessions"
CREATE INDEX `sessions_tenant_id_user_id` ON `sessions` (`tenant_id`, `user_id`);
-- create "tenants" table
CREATE TABLE `tenants` (`id` integer NOT NULL, `slug` text NOT NULL, `name` text NOT NULL, `email` text NOT NULL, `logo_url` text NULL, `currency` text NOT NULL, `timezone` text NOT NULL, `week_starts_on` integer NOT NULL DEFAULT (1), `created_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "tenants_slug_key" to table: "tenants"
CREATE UNIQUE INDEX `tenants_slug_key` ON `tenants` (`slug`);
-- create "tenant_writes" table
CREATE TABLE `tenant_writes` (`tenant_id` integer NOT NULL, `seq` integer NOT NULL DEFAULT (0), `generation` integer NOT NULL DEFAULT (1), `next_generation` integer NOT NULL DEFAULT (0), `next_timezone` text NOT NULL DEFAULT (''), `rebuilt_to` integer NOT NULL DEFAULT (0), `products` integer NOT NULL DEFAULT (0), `customers` integer NOT NULL DEFAULT (0), `listed_customers` integer NOT NULL DEFAULT (0), `orders` integer NOT NULL DEFAULT (0), `test_orders` integer NOT NULL DEFAULT (0), `order_items` integer NOT NULL DEFAULT (0), PRIMARY KEY (`tenant_id`));
-- create "users" table
CREATE TABLE `users` (`id` integer NOT NULL, `email` text NOT NULL, `password_hash` text NOT NULL, `name` text NULL, `email_verified` bool NOT NULL DEFAULT (false), `created_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "users_email_key" to table: "users"
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email`);
-- create "ledger_entries" table
CREATE TABLE `ledger_entries` (`tenant_id` integer NOT NULL, `generation` integer NOT NULL, `day` integer NOT NULL, `order_id` integer NOT NULL, `kind` integer NOT NULL, `ref` integer NOT NULL, `at` datetime NOT NULL, `hour_at` datetime NOT NULL, `customer_id` integer NULL, `gross` integer NOT NULL, `discount` integer NOT NULL, `reversal` integer NOT NULL, `shipping` integer NOT NULL, `tax` integer NOT NULL, `duty` integer NOT NULL, `fee` integer NOT NULL, `tip` integer NOT NULL, `gift_card` integer NOT NULL, `units` integer NOT NULL, PRIMARY KEY (`tenant_id`, `generation`, `day`, `order_id`, `kind`, `ref`), CONSTRAINT `ledger_entries_order_id` FOREIGN KEY (`tenant_id`, `order_id`) REFERENCES `orders` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "ledger_entries_tenant_id_order_id" to table: "ledger_entries"
CREATE INDEX `ledger_entries_tenant_id_order_id` ON `ledger_entries` (`tenant_id`, `order_id`);
-- create "daily_sales" table
CREATE TABLE `daily_sales` (`tenant_id` integer NOT NULL, `generation` integer NOT NULL, `day` integer NOT NULL, `entries` integer NOT NULL, `orders` integer NOT NULL, `guest_orders` integer NOT NULL, `test_orders` integer NOT NULL, `customers` integer NOT NULL, `new_customers` integer NOT NULL, `gross` integer NOT NULL, `discount` integer NOT NULL, `reversal` integer NOT NULL, `shipping` integer NOT NULL, `tax` integer NOT NULL, `duty` integer NOT NULL, `fee` integer NOT NULL, `tip` integer NOT NULL, `gift_card` integer NOT NULL, `units` integer NOT NULL, PRIMARY KEY (`tenant_id`, `generation`, `day`));
-- create "customer_days" table
CREATE TABLE `customer_days` (`tenant_id` integer NOT NULL, `generation` integer NOT NULL, `customer_id` integer NOT NULL, `day` integer NOT NULL, `orders` integer NOT NULL, PRIMARY KEY (`tenant_id`, `generation`, `customer_id`, `day`), CONSTRAINT `customer_days_customer_id` FOREIGN KEY (`tenant_id`, `customer_id`) REFERENCES `customers` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "customer_days_tenant_id_customer_id" to table: "customer_days"
CREATE INDEX `customer_days_tenant_id_customer_id` ON `customer_days` (`tenant_id`, `customer_id`);
-- create "customer_gaps" table
CREATE TABLE `customer_gaps` (`tenant_id` integer NOT NULL, `generation` integer NOT NULL, `day` integer NOT NULL, `prev_day` integer NOT NULL, `customers` integer NOT NULL, PRIMARY KEY (`tenant_id`, `generation`, `day`, `prev_day`));
-- create "refund_lines" table
CREATE TABLE `refund_lines` (`tenant_id` integer NOT NULL, `order_id` integer NOT NULL, `refund_shopify_id` integer NOT NULL, `position` integer NOT NULL, `line_key` text NOT NULL, `quantity` integer NOT NULL, `amount` integer NOT NULL, `restocked` bool NOT NULL, PRIMARY KEY (`tenant_id`, `order_id`, `refund_shopify_id`, `position`), CONSTRAINT `refund_lines_order_id` FOREIGN KEY (`tenant_id`, `order_id`) REFERENCES `orders` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create "adjustments" table
CREATE TABLE `adjustments` (`tenant_id` integer NOT NULL, `order_id` integer NOT NULL, `shopify_id` integer NOT NULL, `happened_at` datetime NOT NULL, `amount` integer NOT NULL, `tax_amount` integer NOT NULL, `shipping_amount` integer NOT NULL, PRIMARY KEY (`tenant_id`, `order_id`, `shopify_id`), CONSTRAINT `adjustments_order_id` FOREIGN KEY (`tenant_id`, `order_id`) REFERENCES `orders` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create "order_terms" table
CREATE TABLE `order_terms` (`tenant_id` integer NOT NULL, `kind` integer NOT NULL, `term` text NOT NULL, `order_id` integer NOT NULL, PRIMARY KEY (`tenant_id`, `kind`, `term`, `order_id`), CONSTRAINT `order_terms_order_id` FOREIGN KEY (`tenant_id`, `order_id`) REFERENCES `orders` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "order_terms_tenant_id_order_id" to table: "order_terms"
CREATE INDEX `order_terms_tenant_id_order_id` ON `order_terms` (`tenant_id`, `order_id`);
-- create "customer_terms" table
CREATE TABLE `customer_terms` (`tenant_id` integer NOT NULL, `kind` integer NOT NULL, `term` text NOT NULL, `customer_id` integer NOT NULL, PRIMARY KEY (`tenant_id`, `kind`, `term`, `customer_id`), CONSTRAINT `customer_terms_customer_id` FOREIGN KEY (`tenant_id`, `customer_id`) REFERENCES `customers` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "customer_terms_tenant_id_customer_id" to table: "customer_terms"
CREATE INDEX `customer_terms_tenant_id_customer_id` ON `customer_terms` (`tenant_id`, `customer_id`);
-- create "product_terms" table
CREATE TABLE `product_terms` (`tenant_id` integer NOT NULL, `kind` integer NOT NULL, `term` text NOT NULL, `product_id` integer NOT NULL, PRIMARY KEY (`tenant_id`, `kind`, `term`, `product_id`), CONSTRAINT `product_terms_product_id` FOREIGN KEY (`tenant_id`, `product_id`) REFERENCES `products` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "product_terms_tenant_id_product_id" to table: "product_terms"
CREATE INDEX `product_terms_tenant_id_product_id` ON `product_terms` (`tenant_id`, `product_id`);
-- create "tombstones" table
CREATE TABLE `tombstones` (`tenant_id` integer NOT NULL, `kind` integer NOT NULL, `shopify_id` integer NOT NULL, `deleted_at` datetime NOT NULL, PRIMARY KEY (`tenant_id`, `kind`, `shopify_id`));

-- +goose Down
-- reverse: create "tombstones" table
DROP TABLE `tombstones`;
-- reverse: create index "product_terms_tenant_id_product_id" to table: "product_terms"
DROP INDEX `product_terms_tenant_id_product_id`;
-- reverse: create "product_terms" table
DROP TABLE `product_terms`;
-- reverse: create index "customer_terms_tenant_id_customer_id" to table: "customer_terms"
DROP INDEX `customer_terms_tenant_id_customer_id`;
-- reverse: create "customer_terms" table
DROP TABLE `customer_terms`;
-- reverse: create index "order_terms_tenant_id_order_id" to table: "order_terms"
DROP INDEX `order_terms_tenant_id_order_id`;
-- reverse: create "order_terms" table
DROP TABLE `order_terms`;
-- reverse: create "adjustments" table
DROP TABLE `adjustments`;
-- reverse: create "refund_lines" table
DROP TABLE `refund_lines`;
-- reverse: create "customer_gaps" table
DROP TABLE `customer_gaps`;
-- reverse: create index "customer_days_tenant_id_customer_id" to table: "customer_days"
DROP INDEX `customer_days_tenant_id_customer_id`;
-- reverse: create "customer_days" table
DROP TABLE `customer_days`;
-- reverse: create "daily_sales" table
DROP TABLE `daily_sales`;
-- reverse: create index "ledger_entries_tenant_id_order_id" to table: "ledger_entries"
DROP INDEX `ledger_entries_tenant_id_order_id`;
-- reverse: create "ledger_entries" table
DROP TABLE `ledger_entries`;
-- reverse: create index "users_email_key" to table: "users"
DROP INDEX `users_email_key`;
-- reverse: create "users" table
DROP TABLE `users`;
-- reverse: create "tenant_writes" table
DROP TABLE `tenant_writes`;
-- reverse: create index "tenants_slug_key" to table: "tenants"
DROP INDEX `tenants_slug_key`;
-- reverse: create "tenants" table
DROP TABLE `tenants`;
-- reverse: create index "sessions_tenant_id_user_id" to table: "sessions"
DROP INDEX `sessions_tenant_id_user_id`;
-- reverse: create index "session_user_id" to table: "sessions"
DROP INDEX `session_user_id`;
-- reverse: create "sessions" table
DROP TABLE `sessions`;
-- reverse: create index "refund_tenant_id_order_id_shopify_id" to table: "refunds"
DROP INDEX `refund_tenant_id_order_id_shopify_id`;
-- reverse: create "refunds" table
DROP TABLE `refunds`;
-- reverse: create index "product_tenant_id_inventory_key_shopify_id" to table: "products"
DROP INDEX `product_tenant_id_inventory_key_shopify_id`;
-- reverse: create index "product_tenant_id_updated_key_shopify_id" to table: "products"
DROP INDEX `product_tenant_id_updated_key_shopify_id`;
-- reverse: create index "product_tenant_id_created_key_shopify_id" to table: "products"
DROP INDEX `product_tenant_id_created_key_shopify_id`;
-- reverse: create index "product_tenant_id_title_key_shopify_id" to table: "products"
DROP INDEX `product_tenant_id_title_key_shopify_id`;
-- reverse: create index "product_tenant_id_id" to table: "products"
DROP INDEX `product_tenant_id_id`;
-- reverse: create index "product_tenant_id_shopify_id" to table: "products"
DROP INDEX `product_tenant_id_shopify_id`;
-- reverse: create "products" table
DROP TABLE `products`;
-- reverse: create index "orderitem_tenant_id_sku_key_order_id" to table: "order_items"
DROP INDEX `orderitem_tenant_id_sku_key_order_id`;
-- reverse: create index "orderitem_tenant_id_product_id_order_id" to table: "order_items"
DROP INDEX `orderitem_tenant_id_product_id_order_id`;
-- reverse: create index "orderitem_tenant_id_order_id_line_key" to table: "order_items"
DROP INDEX `orderitem_tenant_id_order_id_line_key`;
-- reverse: create "order_items" table
DROP TABLE `order_items`;
-- reverse: create index "order_tenant_id_customer_id_processed_at_shopify_id_test" to table: "orders"
DROP INDEX `order_tenant_id_customer_id_processed_at_shopify_id_test`;
-- reverse: create index "order_tenant_id_updated_key_shopify_id" to table: "orders"
DROP INDEX `order_tenant_id_updated_key_shopify_id`;
-- reverse: create index "order_tenant_id_name_key_shopify_id" to table: "orders"
DROP INDEX `order_tenant_id_name_key_shopify_id`;
-- reverse: create index "order_tenant_id_total_shopify_id" to table: "orders"
DROP INDEX `order_tenant_id_total_shopify_id`;
-- reverse: create index "order_tenant_id_processed_at_shopify_id" to table: "orders"
DROP INDEX `order_tenant_id_processed_at_shopify_id`;
-- reverse: create index "order_tenant_id_id" to table: "orders"
DROP INDEX `order_tenant_id_id`;
-- reverse: create index "order_tenant_id_shopify_id" to table: "orders"
DROP INDEX `order_tenant_id_shopify_id`;
-- reverse: create "orders" table
DROP TABLE `orders`;
-- reverse: create index "membership_user_id" to table: "memberships"
DROP INDEX `membership_user_id`;
-- reverse: create index "membership_tenant_id_user_id" to table: "memberships"
DROP INDEX `membership_tenant_id_user_id`;
-- reverse: create "memberships" table
DROP TABLE `memberships`;
-- reverse: create index "customer_tenant_id_created_key_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_created_key_shopify_id`;
-- reverse: create index "customer_tenant_id_name_key_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_name_key_shopify_id`;
-- reverse: create index "customer_tenant_id_units_sold_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_units_sold_shopify_id`;
-- reverse: create index "customer_tenant_id_orders_count_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_orders_count_shopify_id`;
-- reverse: create index "customer_tenant_id_net_sales_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_net_sales_shopify_id`;
-- reverse: create index "customer_tenant_id_total_spent_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_total_spent_shopify_id`;
-- reverse: create index "customer_tenant_id_last_order_key_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_last_order_key_shopify_id`;
-- reverse: create index "customer_tenant_id_id" to table: "customers"
DROP INDEX `customer_tenant_id_id`;
-- reverse: create index "customer_tenant_id_shopify_id" to table: "customers"
DROP INDEX `customer_tenant_id_shopify_id`;
-- reverse: create "customers" table
DROP TABLE `customers`;
