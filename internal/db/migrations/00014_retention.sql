-- +goose Up
-- What has ended is found without looking at everything.

CREATE INDEX appointment_ended ON appointment (tenant_id, changed) WHERE state IN ('cancelled', 'expired');
CREATE INDEX appointment_service_service ON appointment_service (service_id, appointment_id);
DROP INDEX login_at;
CREATE INDEX login_at ON login (tenant_id, at);
DROP INDEX account_used;
CREATE INDEX account_used ON account (tenant_id, used);
DROP INDEX account_pending_until;
CREATE INDEX account_pending_until ON account_pending (tenant_id, until);
