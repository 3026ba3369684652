-- +goose Up
-- When the slots of an opening become bookable online: so many days before
-- the local day of the slots, at that minute after local midnight. Null: as
-- soon as the horizon reaches them.

ALTER TABLE opening ADD COLUMN release_days BIGINT;
ALTER TABLE opening ADD COLUMN release_minute BIGINT;
