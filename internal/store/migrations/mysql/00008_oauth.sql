-- +goose Up
-- modify "stores" table
ALTER TABLE `stores` ADD COLUMN `by_app` bool NOT NULL DEFAULT 0, ADD COLUMN `refresh_token` varbinary(2048) NULL, ADD COLUMN `token_expires_at` datetime(6) NULL, ADD COLUMN `token_renew_at` datetime(6) NULL, ADD COLUMN `refresh_expires_at` datetime(6) NULL, ADD COLUMN `token_fence` bigint NOT NULL DEFAULT 0, ADD COLUMN `token_lease_until` datetime(6) NULL, ADD INDEX `store_refresh_expires_at` (`refresh_expires_at`);
-- create "oauth_states" table
CREATE TABLE `oauth_states` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `user_id` bigint NOT NULL, `shop_domain` varchar(255) NOT NULL, `state_hash` binary(32) NOT NULL, `browser_hash` binary(32) NULL, `created_at` datetime(6) NOT NULL, `expires_at` datetime(6) NOT NULL, `used_at` datetime(6) NULL, PRIMARY KEY (`id`), INDEX `oauthstate_state_hash` (`state_hash`), UNIQUE INDEX `oauthstate_tenant_id_state_hash` (`tenant_id`, `state_hash`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
-- reverse: create "oauth_states" table
DROP TABLE `oauth_states`;
-- reverse: modify "stores" table
ALTER TABLE `stores` DROP INDEX `store_refresh_expires_at`, DROP COLUMN `token_lease_until`, DROP COLUMN `token_fence`, DROP COLUMN `refresh_expires_at`, DROP COLUMN `token_renew_at`, DROP COLUMN `token_expires_at`, DROP COLUMN `refresh_token`, DROP COLUMN `by_app`;
