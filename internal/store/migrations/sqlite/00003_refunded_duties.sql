-- +goose Up
-- modify "refunds" table
ALTER TABLE `refunds` ADD COLUMN `duty_amount` integer NOT NULL DEFAULT 0;
ALTER TABLE `refunds` ADD COLUMN `fee_amount` integer NOT NULL DEFAULT 0;
-- modify "adjustments" table
ALTER TABLE `adjustments` ADD COLUMN `duty_amount` integer NOT NULL DEFAULT 0;
ALTER TABLE `adjustments` ADD COLUMN `fee_amount` integer NOT NULL DEFAULT 0;

-- +goose Down
-- reverse: modify "adjustments" table
ALTER TABLE `adjustments` DROP COLUMN `fee_amount`;
ALTER TABLE `adjustments` DROP COLUMN `duty_amount`;
-- reverse: modify "refunds" table
ALTER TABLE `refunds` DROP COLUMN `fee_amount`;
ALTER TABLE `refunds` DROP COLUMN `duty_amount`;
