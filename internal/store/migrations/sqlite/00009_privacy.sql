-- +goose Up
-- create "access_records" table
CREATE TABLE `access_records` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `hour_at` datetime NOT NULL, `user_id` integer NOT NULL, `operation` text NOT NULL, `fields` text NOT NULL, `customers` integer NOT NULL, `answers` integer NOT NULL, PRIMARY KEY (`id`));
-- create index "accessrecord_tenant_id_hour_at_user_id_operation_fields" to table: "access_records"
CREATE UNIQUE INDEX `accessrecord_tenant_id_hour_at_user_id_operation_fields` ON `access_records` (`tenant_id`, `hour_at`, `user_id`, `operation`, `fields`);
-- create index "accessrecord_tenant_id_id" to table: "access_records"
CREATE UNIQUE INDEX `accessrecord_tenant_id_id` ON `access_records` (`tenant_id`, `id`);
-- create index "accessrecord_hour_at" to table: "access_records"
CREATE INDEX `accessrecord_hour_at` ON `access_records` (`hour_at`);
-- create "privacy_requests" table
CREATE TABLE `privacy_requests` (`id` integer NOT NULL, `tenant_id` integer NOT NULL, `kind` text NOT NULL, `event_id` text NOT NULL, `customer_number` integer NULL, `orders` json NOT NULL, `triggered_at` datetime NOT NULL, `received_at` datetime NOT NULL, `due_at` datetime NOT NULL, `status` text NOT NULL, `work_at` datetime NULL, `attempts` integer NOT NULL DEFAULT (0), `done_at` datetime NULL, `outcome` text NULL, PRIMARY KEY (`id`));
-- create index "privacyrequest_tenant_id_event_id" to table: "privacy_requests"
CREATE UNIQUE INDEX `privacyrequest_tenant_id_event_id` ON `privacy_requests` (`tenant_id`, `event_id`);
-- create index "privacyrequest_tenant_id_status_id" to table: "privacy_requests"
CREATE INDEX `privacyrequest_tenant_id_status_id` ON `privacy_requests` (`tenant_id`, `status`, `id`);
-- create index "privacyrequest_tenant_id_id" to table: "privacy_requests"
CREATE UNIQUE INDEX `privacyrequest_tenant_id_id` ON `privacy_requests` (`tenant_id`, `id`);
-- create index "privacyrequest_work_at" to table: "privacy_requests"
CREATE INDEX `privacyrequest_work_at` ON `privacy_requests` (`work_at`);
-- create index "privacyrequest_received_at" to table: "privacy_requests"
CREATE INDEX `privacyrequest_received_at` ON `privacy_requests` (`received_at`);
-- create "redactions" table
CREATE TABLE `redactions` (`tenant_id` integer NOT NULL, `kind` integer NOT NULL, `shopify_id` integer NOT NULL, `redacted_at` datetime NOT NULL, PRIMARY KEY (`tenant_id`, `kind`, `shopify_id`));

-- +goose Down
-- reverse: create "redactions" table
DROP TABLE `redactions`;
-- reverse: create index "privacyrequest_received_at" to table: "privacy_requests"
DROP INDEX `privacyrequest_received_at`;
-- reverse: create index "privacyrequest_work_at" to table: "privacy_requests"
DROP INDEX `privacyrequest_work_at`;
-- reverse: create index "privacyrequest_tenant_id_id" to table: "privacy_requests"
DROP INDEX `privacyrequest_tenant_id_id`;
-- reverse: create index "privacyrequest_tenant_id_status_id" to table: "privacy_requests"
DROP INDEX `privacyrequest_tenant_id_status_id`;
-- reverse: create index "privacyrequest_tenant_id_event_id" to table: "privacy_requests"
DROP INDEX `privacyrequest_tenant_id_event_id`;
-- reverse: create "privacy_requests" table
DROP TABLE `privacy_requests`;
-- reverse: create index "accessrecord_hour_at" to table: "access_records"
DROP INDEX `accessrecord_hour_at`;
-- reverse: create index "accessrecord_tenant_id_id" to table: "access_records"
DROP INDEX `accessrecord_tenant_id_id`;
-- reverse: create index "accessrecord_tenant_id_hour_at_user_id_operation_fields" to table: "access_records"
DROP INDEX `accessrecord_tenant_id_hour_at_user_id_operation_fields`;
-- reverse: create "access_records" table
DROP TABLE `access_records`;
