-- +goose Up
-- modify "sync_steps" table
ALTER TABLE `sync_steps` ADD COLUMN `bulk_id` bigint NULL, ADD COLUMN `bulk_place` bigint NOT NULL DEFAULT 0, ADD COLUMN `bulk_failures` bigint NOT NULL DEFAULT 0;

-- +goose Down
-- reverse: modify "sync_steps" table
ALTER TABLE `sync_steps` DROP COLUMN `bulk_failures`, DROP COLUMN `bulk_place`, DROP COLUMN `bulk_id`;
