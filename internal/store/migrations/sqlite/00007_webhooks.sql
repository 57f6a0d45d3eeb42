-- +goose Up
-- modify "stores" table
ALTER TABLE `stores` ADD COLUMN `webhooks` text NOT NULL DEFAULT 'NOT_AVAILABLE';
ALTER TABLE `stores` ADD COLUMN `webhook_problem` text NULL;
ALTER TABLE `stores` ADD COLUMN `webhooks_check_at` datetime NULL;
ALTER TABLE `stores` ADD COLUMN `last_webhook_at` datetime NULL;
ALTER TABLE `stores` ADD COLUMN `webhook_fence` integer NOT NULL DEFAULT 0;
ALTER TABLE `stores` ADD COLUMN `webhook_lease` datetime NULL;
ALTER TABLE `stores` ADD COLUMN `webhook_strikes` integer NOT NULL DEFAULT 0;
-- create index "store_status_webhooks_check_at" to table: "stores"
CREATE INDEX `store_status_webhooks_check_at` ON `stores` (`status`, `webhooks_check_at`);
-- create index "store_shop_domain" to table: "stores"
CREATE INDEX `store_shop_domain` ON `stores` (`shop_domain`);
-- create "webhook_events" table
CREATE TABLE `webhook_events` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `topic` text NOT NULL, `event_id` text NOT NULL, `webhook_id` text NOT NULL, `shopify_id` integer NOT NULL DEFAULT (0), `merged_id` integer NOT NULL DEFAULT (0), `triggered_at` datetime NULL, `received_at` datetime NOT NULL, `due_at` datetime NOT NULL, `attempts` integer NOT NULL DEFAULT (0), `done_at` datetime NULL, `outcome` text NULL, PRIMARY KEY (`id`));
-- create index "webhookevent_tenant_id_topic_event_id_shopify_id" to table: "webhook_events"
CREATE UNIQUE INDEX `webhookevent_tenant_id_topic_event_id_shopify_id` ON `webhook_events` (`tenant_id`, `topic`, `event_id`, `shopify_id`);
-- create index "webhookevent_tenant_id_done_at_due_at" to table: "webhook_events"
CREATE INDEX `webhookevent_tenant_id_done_at_due_at` ON `webhook_events` (`tenant_id`, `done_at`, `due_at`);
-- create index "webhookevent_tenant_id_merged_id" to table: "webhook_events"
CREATE INDEX `webhookevent_tenant_id_merged_id` ON `webhook_events` (`tenant_id`, `merged_id`);
-- create index "webhookevent_done_at_due_at" to table: "webhook_events"
CREATE INDEX `webhookevent_done_at_due_at` ON `webhook_events` (`done_at`, `due_at`);

-- +goose Down
-- reverse: create index "webhookevent_done_at_due_at" to table: "webhook_events"
DROP INDEX `webhookevent_done_at_due_at`;
-- reverse: create index "webhookevent_tenant_id_merged_id" to table: "webhook_events"
DROP INDEX `webhookevent_tenant_id_merged_id`;
-- reverse: create index "webhookevent_tenant_id_done_at_due_at" to table: "webhook_events"
DROP INDEX `webhookevent_tenant_id_done_at_due_at`;
-- reverse: create index "webhookevent_tenant_id_topic_event_id_shopify_id" to table: "webhook_events"
DROP INDEX `webhookevent_tenant_id_topic_event_id_shopify_id`;
-- reverse: create "webhook_events" table
DROP TABLE `webhook_events`;
-- reverse: create index "store_shop_domain" to table: "stores"
DROP INDEX `store_shop_domain`;
-- reverse: create index "store_status_webhooks_check_at" to table: "stores"
DROP INDEX `store_status_webhooks_check_at`;
-- reverse: modify "stores" table
ALTER TABLE `stores` DROP COLUMN `webhook_strikes`;
ALTER TABLE `stores` DROP COLUMN `webhook_lease`;
ALTER TABLE `stores` DROP COLUMN `webhook_fence`;
ALTER TABLE `stores` DROP COLUMN `last_webhook_at`;
ALTER TABLE `stores` DROP COLUMN `webhooks_check_at`;
ALTER TABLE `stores` DROP COLUMN `webhook_problem`;
ALTER TABLE `stores` DROP COLUMN `webhooks`;
