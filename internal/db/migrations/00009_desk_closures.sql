-- +goose Up
-- Closures that were set at the desk stay when the tenant's file, which does
-- not know them, is imported again.

ALTER TABLE closure ADD COLUMN source TEXT NOT NULL DEFAULT 'file'; -- file, desk
