-- +goose Up
-- create "stores" table
CREATE TABLE `stores` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `shop_domain` text NOT NULL, `held_domain` text NULL, `name` text NOT NULL, `status` text NOT NULL, `scopes` json NOT NULL, `access_token` blob NULL, `api_secret` blob NULL, `connected_at` datetime NOT NULL, `last_synced_at` datetime NULL, `sync_every_minutes` integer NOT NULL, `next_sync_at` datetime NULL, PRIMARY KEY (`id`));
-- create index "stores_held_domain_key" to table: "stores"
CREATE UNIQUE INDEX `stores_held_domain_key` ON `stores` (`held_domain`);
-- create index "store_tenant_id" to table: "stores"
CREATE UNIQUE INDEX `store_tenant_id` ON `stores` (`tenant_id`);
-- create index "store_next_sync_at" to table: "stores"
CREATE INDEX `store_next_sync_at` ON `stores` (`next_sync_at`);
-- create "sync_cursors" table
CREATE TABLE `sync_cursors` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `resource` text NOT NULL, `updated_at` datetime NULL, `shopify_id` integer NOT NULL DEFAULT (0), `deletions_at` datetime NULL, PRIMARY KEY (`id`));
-- create index "synccursor_tenant_id_resource" to table: "sync_cursors"
CREATE UNIQUE INDEX `synccursor_tenant_id_resource` ON `sync_cursors` (`tenant_id`, `resource`);
-- create "sync_runs" table
CREATE TABLE `sync_runs` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `active` bool NULL, `mode` text NOT NULL, `started_by` text NOT NULL, `status` text NOT NULL, `queued_at` datetime NOT NULL, `started_at` datetime NULL, `finished_at` datetime NULL, `attempts` integer NOT NULL DEFAULT (0), `cancel_requested` bool NOT NULL DEFAULT (false), `fence` integer NOT NULL DEFAULT (0), `lease_until` datetime NOT NULL, `error_code` text NULL, `error_message` text NULL, `error_retryable` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- create index "syncrun_tenant_id_active" to table: "sync_runs"
CREATE UNIQUE INDEX `syncrun_tenant_id_active` ON `sync_runs` (`tenant_id`, `active`);
-- create index "syncrun_tenant_id_queued_at_id" to table: "sync_runs"
CREATE INDEX `syncrun_tenant_id_queued_at_id` ON `sync_runs` (`tenant_id`, `queued_at`, `id`);
-- create index "syncrun_active_lease_until" to table: "sync_runs"
CREATE INDEX `syncrun_active_lease_until` ON `sync_runs` (`active`, `lease_until`);
-- create index "syncrun_tenant_id_id" to table: "sync_runs"
CREATE UNIQUE INDEX `syncrun_tenant_id_id` ON `sync_runs` (`tenant_id`, `id`);
-- create "sync_steps" table
CREATE TABLE `sync_steps` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `position` integer NOT NULL, `resource` text NOT NULL, `status` text NOT NULL, `phase` text NOT NULL, `fetched` integer NOT NULL DEFAULT (0), `created` integer NOT NULL DEFAULT (0), `updated` integer NOT NULL DEFAULT (0), `unchanged` integer NOT NULL DEFAULT (0), `failed` integer NOT NULL DEFAULT (0), `deleted` integer NOT NULL DEFAULT (0), `expected` integer NULL, `throttled_until` datetime NULL, `window_from` datetime NULL, `page_after` text NULL, `last_id` integer NULL, `swept_to` integer NOT NULL DEFAULT (0), `rounds` integer NOT NULL DEFAULT (0), `proof_expected` integer NULL, `proof_stored` integer NULL, `lines_expected` integer NOT NULL DEFAULT (0), `lines_read` integer NOT NULL DEFAULT (0), `problem` text NULL, `run_id` integer NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `sync_steps_sync_runs_steps` FOREIGN KEY (`tenant_id`, `run_id`) REFERENCES `sync_runs` (`tenant_id`, `id`) ON DELETE NO ACTION);
-- create index "syncstep_tenant_id_run_id_resource" to table: "sync_steps"
CREATE UNIQUE INDEX `syncstep_tenant_id_run_id_resource` ON `sync_steps` (`tenant_id`, `run_id`, `resource`);

-- +goose Down
-- reverse: create index "syncstep_tenant_id_run_id_resource" to table: "sync_steps"
DROP INDEX `syncstep_tenant_id_run_id_resource`;
-- reverse: create "sync_steps" table
DROP TABLE `sync_steps`;
-- reverse: create index "syncrun_tenant_id_id" to table: "sync_runs"
DROP INDEX `syncrun_tenant_id_id`;
-- reverse: create index "syncrun_active_lease_until" to table: "sync_runs"
DROP INDEX `syncrun_active_lease_until`;
-- reverse: create index "syncrun_tenant_id_queued_at_id" to table: "sync_runs"
DROP INDEX `syncrun_tenant_id_queued_at_id`;
-- reverse: create index "syncrun_tenant_id_active" to table: "sync_runs"
DROP INDEX `syncrun_tenant_id_active`;
-- reverse: create "sync_runs" table
DROP TABLE `sync_runs`;
-- reverse: create index "synccursor_tenant_id_resource" to table: "sync_cursors"
DROP INDEX `synccursor_tenant_id_resource`;
-- reverse: create "sync_cursors" table
DROP TABLE `sync_cursors`;
-- reverse: create index "store_next_sync_at" to table: "stores"
DROP INDEX `store_next_sync_at`;
-- reverse: create index "store_tenant_id" to table: "stores"
DROP INDEX `store_tenant_id`;
-- reverse: create index "stores_held_domain_key" to table: "stores"
DROP INDEX `stores_held_domain_key`;
-- reverse: create "stores" table
DROP TABLE `stores`;
