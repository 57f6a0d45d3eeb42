-- +goose Up
-- modify "sync_steps" table
ALTER TABLE `sync_steps` ADD COLUMN `bulk_id` integer NULL;
ALTER TABLE `sync_steps` ADD COLUMN `bulk_place` integer NOT NULL DEFAULT 0;
ALTER TABLE `sync_steps` ADD COLUMN `bulk_failures` integer NOT NULL DEFAULT 0;

-- +goose Down
-- reverse: modify "sync_steps" table
ALTER TABLE `sync_steps` DROP COLUMN `bulk_failures`;
ALTER TABLE `sync_steps` DROP COLUMN `bulk_place`;
ALTER TABLE `sync_steps` DROP COLUMN `bulk_id`;
