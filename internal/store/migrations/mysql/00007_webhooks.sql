-- +goose Up
-- modify "stores" table
ALTER TABLE `stores` ADD COLUMN `webhooks` varchar(16) NOT NULL DEFAULT 'NOT_AVAILABLE', ADD COLUMN `webhook_problem` varchar(1024) NULL, ADD COLUMN `webhooks_check_at` datetime(6) NULL, ADD COLUMN `last_webhook_at` datetime(6) NULL, ADD COLUMN `webhook_fence` bigint NOT NULL DEFAULT 0, ADD COLUMN `webhook_lease` datetime(6) NULL, ADD COLUMN `webhook_strikes` bigint NOT NULL DEFAULT 0, ADD INDEX `store_shop_domain` (`shop_domain`), ADD INDEX `store_status_webhooks_check_at` (`status`, `webhooks_check_at`);
-- create "webhook_events" table
CREATE TABLE `webhook_events` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `topic` varchar(32) NOT NULL, `event_id` varchar(128) NOT NULL, `webhook_id` varchar(128) NOT NULL, `shopify_id` bigint NOT NULL DEFAULT 0, `merged_id` bigint NOT NULL DEFAULT 0, `triggered_at` datetime(6) NULL, `received_at` datetime(6) NOT NULL, `due_at` datetime(6) NOT NULL, `attempts` bigint NOT NULL DEFAULT 0, `done_at` datetime(6) NULL, `outcome` varchar(24) NULL, PRIMARY KEY (`id`), INDEX `webhookevent_done_at_due_at` (`done_at`, `due_at`), INDEX `webhookevent_tenant_id_done_at_due_at` (`tenant_id`, `done_at`, `due_at`), INDEX `webhookevent_tenant_id_merged_id` (`tenant_id`, `merged_id`), UNIQUE INDEX `webhookevent_tenant_id_topic_event_id_shopify_id` (`tenant_id`, `topic`, `event_id`, `shopify_id`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
-- reverse: create "webhook_events" table
DROP TABLE `webhook_events`;
-- reverse: modify "stores" table
ALTER TABLE `stores` DROP INDEX `store_status_webhooks_check_at`, DROP INDEX `store_shop_domain`, DROP COLUMN `webhook_strikes`, DROP COLUMN `webhook_lease`, DROP COLUMN `webhook_fence`, DROP COLUMN `last_webhook_at`, DROP COLUMN `webhooks_check_at`, DROP COLUMN `webhook_problem`, DROP COLUMN `webhooks`;
