-- +goose Up
-- create "stores" table
CREATE TABLE `stores` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `shop_domain` varchar(255) NOT NULL, `held_domain` varchar(255) NULL, `name` varchar(255) NOT NULL, `status` varchar(16) NOT NULL, `scopes` json NOT NULL, `access_token` varbinary(2048) NULL, `api_secret` varbinary(2048) NULL, `connected_at` datetime(6) NOT NULL, `last_synced_at` datetime(6) NULL, `sync_every_minutes` bigint NOT NULL, `next_sync_at` datetime(6) NULL, PRIMARY KEY (`id`), UNIQUE INDEX `held_domain` (`held_domain`), INDEX `store_next_sync_at` (`next_sync_at`), UNIQUE INDEX `store_tenant_id` (`tenant_id`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "sync_cursors" table
CREATE TABLE `sync_cursors` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `resource` varchar(16) NOT NULL, `updated_at` datetime(6) NULL, `shopify_id` bigint NOT NULL DEFAULT 0, `deletions_at` datetime(6) NULL, PRIMARY KEY (`id`), UNIQUE INDEX `synccursor_tenant_id_resource` (`tenant_id`, `resource`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "sync_runs" table
CREATE TABLE `sync_runs` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `active` bool NULL, `mode` varchar(16) NOT NULL, `started_by` varchar(16) NOT NULL, `status` varchar(24) NOT NULL, `queued_at` datetime(6) NOT NULL, `started_at` datetime(6) NULL, `finished_at` datetime(6) NULL, `attempts` bigint NOT NULL DEFAULT 0, `cancel_requested` bool NOT NULL DEFAULT 0, `fence` bigint NOT NULL DEFAULT 0, `lease_until` datetime(6) NOT NULL, `error_code` varchar(24) NULL, `error_message` text NULL, `error_retryable` bool NOT NULL DEFAULT 0, PRIMARY KEY (`id`), INDEX `syncrun_active_lease_until` (`active`, `lease_until`), UNIQUE INDEX `syncrun_tenant_id_active` (`tenant_id`, `active`), UNIQUE INDEX `syncrun_tenant_id_id` (`tenant_id`, `id`), INDEX `syncrun_tenant_id_queued_at_id` (`tenant_id`, `queued_at`, `id`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "sync_steps" table
CREATE TABLE `sync_steps` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `position` bigint NOT NULL, `resource` varchar(16) NOT NULL, `status` varchar(24) NOT NULL, `phase` varchar(16) NOT NULL, `fetched` bigint NOT NULL DEFAULT 0, `created` bigint NOT NULL DEFAULT 0, `updated` bigint NOT NULL DEFAULT 0, `unchanged` bigint NOT NULL DEFAULT 0, `failed` bigint NOT NULL DEFAULT 0, `deleted` bigint NOT NULL DEFAULT 0, `expected` bigint NULL, `throttled_until` datetime(6) NULL, `window_from` datetime(6) NULL, `page_after` varchar(2048) NULL, `last_id` bigint NULL, `swept_to` bigint NOT NULL DEFAULT 0, `rounds` bigint NOT NULL DEFAULT 0, `proof_expected` bigint NULL, `proof_stored` bigint NULL, `lines_expected` bigint NOT NULL DEFAULT 0, `lines_read` bigint NOT NULL DEFAULT 0, `problem` text NULL, `run_id` bigint NOT NULL, PRIMARY KEY (`id`), UNIQUE INDEX `syncstep_tenant_id_run_id_resource` (`tenant_id`, `run_id`, `resource`), CONSTRAINT `sync_steps_sync_runs_steps` FOREIGN KEY (`tenant_id`, `run_id`) REFERENCES `sync_runs` (`tenant_id`, `id`) ON UPDATE RESTRICT ON DELETE NO ACTION) CHARSET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
-- reverse: create "sync_steps" table
DROP TABLE `sync_steps`;
-- reverse: create "sync_runs" table
DROP TABLE `sync_runs`;
-- reverse: create "sync_cursors" table
DROP TABLE `sync_cursors`;
-- reverse: create "stores" table
DROP TABLE `stores`;
