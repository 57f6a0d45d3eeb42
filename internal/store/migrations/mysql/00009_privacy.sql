-- +goose Up
-- create "access_records" table
CREATE TABLE `access_records` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `hour_at` datetime(6) NOT NULL, `user_id` bigint NOT NULL, `operation` varchar(64) NOT NULL, `fields` varchar(64) NOT NULL, `customers` bigint NOT NULL, `answers` bigint NOT NULL, PRIMARY KEY (`id`), INDEX `accessrecord_hour_at` (`hour_at`), UNIQUE INDEX `accessrecord_tenant_id_hour_at_user_id_operation_fields` (`tenant_id`, `hour_at`, `user_id`, `operation`, `fields`), UNIQUE INDEX `accessrecord_tenant_id_id` (`tenant_id`, `id`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "privacy_requests" table
CREATE TABLE `privacy_requests` (`id` bigint NOT NULL, `tenant_id` bigint NOT NULL, `kind` varchar(16) NOT NULL, `event_id` varchar(191) NOT NULL, `customer_number` bigint NULL, `orders` json NOT NULL, `triggered_at` datetime(6) NOT NULL, `received_at` datetime(6) NOT NULL, `due_at` datetime(6) NOT NULL, `status` varchar(16) NOT NULL, `work_at` datetime(6) NULL, `attempts` bigint NOT NULL DEFAULT 0, `done_at` datetime(6) NULL, `outcome` text NULL, PRIMARY KEY (`id`), INDEX `privacyrequest_received_at` (`received_at`), UNIQUE INDEX `privacyrequest_tenant_id_event_id` (`tenant_id`, `event_id`), UNIQUE INDEX `privacyrequest_tenant_id_id` (`tenant_id`, `id`), INDEX `privacyrequest_tenant_id_status_id` (`tenant_id`, `status`, `id`), INDEX `privacyrequest_work_at` (`work_at`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "redactions" table
CREATE TABLE `redactions` (`tenant_id` bigint NOT NULL, `kind` tinyint NOT NULL, `shopify_id` bigint NOT NULL, `redacted_at` datetime(6) NOT NULL, PRIMARY KEY (`tenant_id`, `kind`, `shopify_id`)) CHARSET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
-- reverse: create "redactions" table
DROP TABLE `redactions`;
-- reverse: create "privacy_requests" table
DROP TABLE `privacy_requests`;
-- reverse: create "access_records" table
DROP TABLE `access_records`;
