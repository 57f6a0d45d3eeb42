-- +goose Up
-- modify "sync_steps" table
ALTER TABLE `sync_steps` DROP COLUMN `problem`;
-- create "sync_refusals" table
CREATE TABLE `sync_refusals` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `resource` text NOT NULL, `shopify_id` integer NOT NULL, `reason` text NOT NULL, `refused_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "syncrefusal_tenant_id_resource_shopify_id" to table: "sync_refusals"
CREATE UNIQUE INDEX `syncrefusal_tenant_id_resource_shopify_id` ON `sync_refusals` (`tenant_id`, `resource`, `shopify_id`);
-- create index "syncrefusal_tenant_id_id" to table: "sync_refusals"
CREATE UNIQUE INDEX `syncrefusal_tenant_id_id` ON `sync_refusals` (`tenant_id`, `id`);

-- +goose Down
-- reverse: create index "syncrefusal_tenant_id_id" to table: "sync_refusals"
DROP INDEX `syncrefusal_tenant_id_id`;
-- reverse: create index "syncrefusal_tenant_id_resource_shopify_id" to table: "sync_refusals"
DROP INDEX `syncrefusal_tenant_id_resource_shopify_id`;
-- reverse: create "sync_refusals" table
DROP TABLE `sync_refusals`;
-- reverse: modify "sync_steps" table
ALTER TABLE `sync_steps` ADD COLUMN `problem` text NULL;
