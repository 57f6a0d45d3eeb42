-- +goose Up
-- add columns to table: "stores"
ALTER TABLE `stores` ADD COLUMN `by_app` bool NOT NULL DEFAULT (false);
ALTER TABLE `stores` ADD COLUMN `refresh_token` blob NULL;
ALTER TABLE `stores` ADD COLUMN `token_expires_at` datetime NULL;
ALTER TABLE `stores` ADD COLUMN `token_renew_at` datetime NULL;
ALTER TABLE `stores` ADD COLUMN `refresh_expires_at` datetime NULL;
ALTER TABLE `stores` ADD COLUMN `token_fence` integer NOT NULL DEFAULT (0);
ALTER TABLE `stores` ADD COLUMN `token_lease_until` datetime NULL;
-- create index "store_refresh_expires_at" to table: "stores"
CREATE INDEX `store_refresh_expires_at` ON `stores` (`refresh_expires_at`);
-- create "oauth_states" table
CREATE TABLE `oauth_states` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `user_id` integer NOT NULL, `shop_domain` text NOT NULL, `state_hash` blob NOT NULL, `browser_hash` blob NULL, `created_at` datetime NOT NULL, `expires_at` datetime NOT NULL, `used_at` datetime NULL, PRIMARY KEY (`id`));
-- create index "oauthstate_tenant_id_state_hash" to table: "oauth_states"
CREATE UNIQUE INDEX `oauthstate_tenant_id_state_hash` ON `oauth_states` (`tenant_id`, `state_hash`);
-- create index "oauthstate_state_hash" to table: "oauth_states"
CREATE INDEX `oauthstate_state_hash` ON `oauth_states` (`state_hash`);

-- +goose Down
-- reverse: create index "oauthstate_state_hash" to table: "oauth_states"
DROP INDEX `oauthstate_state_hash`;
-- reverse: create index "oauthstate_tenant_id_state_hash" to table: "oauth_states"
DROP INDEX `oauthstate_tenant_id_state_hash`;
-- reverse: create "oauth_states" table
DROP TABLE `oauth_states`;
-- reverse: create index "store_refresh_expires_at" to table: "stores"
DROP INDEX `store_refresh_expires_at`;
-- reverse: add columns to table: "stores"
ALTER TABLE `stores` DROP COLUMN `token_lease_until`;
ALTER TABLE `stores` DROP COLUMN `token_fence`;
ALTER TABLE `stores` DROP COLUMN `refresh_expires_at`;
ALTER TABLE `stores` DROP COLUMN `token_renew_at`;
ALTER TABLE `stores` DROP COLUMN `token_expires_at`;
ALTER TABLE `stores` DROP COLUMN `refresh_token`;
ALTER TABLE `stores` DROP COLUMN `by_app`;
