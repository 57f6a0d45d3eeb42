-- +goose Up
-- modify "sync_steps" table
ALTER TABLE `sync_steps` DROP COLUMN `problem`;
-- create "sync_refusals" table
CREATE TABLE `sync_refusals` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `resource` varchar(16) NOT NULL, `shopify_id` bigint NOT NULL, `reason` text NOT NULL, `refused_at` datetime(6) NOT NULL, PRIMARY KEY (`id`), UNIQUE INDEX `syncrefusal_tenant_id_id` (`tenant_id`, `id`), UNIQUE INDEX `syncrefusal_tenant_id_resource_shopify_id` (`tenant_id`, `resource`, `shopify_id`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
-- reverse: create "sync_refusals" table
DROP TABLE `sync_refusals`;
-- reverse: modify "sync_steps" table
ALTER TABLE `sync_steps` ADD COLUMN `problem` text NULL;
