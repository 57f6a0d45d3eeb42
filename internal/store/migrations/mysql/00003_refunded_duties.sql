-- +goose Up
-- modify "adjustments" table
ALTER TABLE `adjustments` ADD COLUMN `duty_amount` bigint NOT NULL DEFAULT 0, ADD COLUMN `fee_amount` bigint NOT NULL DEFAULT 0;
-- modify "refunds" table
ALTER TABLE `refunds` ADD COLUMN `duty_amount` bigint NOT NULL DEFAULT 0, ADD COLUMN `fee_amount` bigint NOT NULL DEFAULT 0;

-- +goose Down
-- reverse: modify "refunds" table
ALTER TABLE `refunds` DROP COLUMN `fee_amount`, DROP COLUMN `duty_amount`;
-- reverse: modify "adjustments" table
ALTER TABLE `adjustments` DROP COLUMN `fee_amount`, DROP COLUMN `duty_amount`;
