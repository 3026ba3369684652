-- +goose Up
-- How many coming appointments for the same service one person may have, in
-- the tenant's rules. A person is whoever uses the same mailbox or the same
-- telephone: table person_token has a second kind beside email, phone, the
-- keyed hash of the number in E.164. Records from before have none.

ALTER TABLE tenant ADD COLUMN active_per_person BIGINT NOT NULL DEFAULT 3;
