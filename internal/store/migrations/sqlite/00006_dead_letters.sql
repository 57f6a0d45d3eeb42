-- +goose Up
-- modify "sync_runs" table
ALTER TABLE `sync_runs` ADD COLUMN `strikes` integer NOT NULL DEFAULT 0;
ALTER TABLE `sync_runs` ADD COLUMN `dead_letter` bool NOT NULL DEFAULT false;
ALTER TABLE `sync_runs` ADD COLUMN `lane` text NOT NULL DEFAULT 'backfill';
-- drop index "syncrun_active_lease_until" from table: "sync_runs"
DROP INDEX `syncrun_active_lease_until`;
-- create index "syncrun_tenant_id_dead_letter_id" to table: "sync_runs"
CREATE INDEX `syncrun_tenant_id_dead_letter_id` ON `sync_runs` (`tenant_id`, `dead_letter`, `id`);
-- create index "syncrun_active_lane_lease_until" to table: "sync_runs"
CREATE INDEX `syncrun_active_lane_lease_until` ON `sync_runs` (`active`, `lane`, `lease_until`);

-- +goose Down
-- reverse: create index "syncrun_active_lane_lease_until" to table: "sync_runs"
DROP INDEX `syncrun_active_lane_lease_until`;
-- reverse: create index "syncrun_tenant_id_dead_letter_id" to table: "sync_runs"
DROP INDEX `syncrun_tenant_id_dead_letter_id`;
-- reverse: drop index "syncrun_active_lease_until" from table: "sync_runs"
CREATE INDEX `syncrun_active_lease_until` ON `sync_runs` (`active`, `lease_until`);
-- reverse: modify "sync_runs" table
ALTER TABLE `sync_runs` DROP COLUMN `lane`;
ALTER TABLE `sync_runs` DROP COLUMN `dead_letter`;
ALTER TABLE `sync_runs` DROP COLUMN `strikes`;
