-- +goose Up
-- modify "sync_runs" table
ALTER TABLE `sync_runs` ADD COLUMN `strikes` bigint NOT NULL DEFAULT 0, ADD COLUMN `dead_letter` bool NOT NULL DEFAULT 0, ADD COLUMN `lane` varchar(16) NOT NULL DEFAULT 'backfill', DROP INDEX `syncrun_active_lease_until`, ADD INDEX `syncrun_active_lane_lease_until` (`active`, `lane`, `lease_until`), ADD INDEX `syncrun_tenant_id_dead_letter_id` (`tenant_id`, `dead_letter`, `id`);

-- +goose Down
-- reverse: modify "sync_runs" table
ALTER TABLE `sync_runs` DROP INDEX `syncrun_tenant_id_dead_letter_id`, DROP INDEX `syncrun_active_lane_lease_until`, ADD INDEX `syncrun_active_lease_until` (`active`, `lease_until`), DROP COLUMN `lane`, DROP COLUMN `dead_letter`, DROP COLUMN `strikes`;
