-- +goose Up
-- What people ask for by letter, by telephone or at the counter about their data
-- (Art. 15 to 21 GDPR), and by when it has to be answered. Days are counted since
-- 1970-01-01, instants are unix seconds.
CREATE TABLE request (
    id        TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    person_id TEXT, -- whose record it is about, which may be gone since; null: none was found
    kind      TEXT NOT NULL, -- access, rectification, erasure, restriction, objection, portability
    channel   TEXT NOT NULL, -- letter, phone, counter, online
    received  BIGINT NOT NULL, -- day
    due       BIGINT NOT NULL, -- day
    state     TEXT NOT NULL, -- open, done, refused
    created   BIGINT NOT NULL,
    closed    BIGINT, -- null: open
    version   BIGINT NOT NULL,
    sealed    BYTEA NOT NULL, -- who asked for what, and what came of it, under a key of the tenant
    CHECK ((state = 'open') = (closed IS NULL))
);
CREATE INDEX request_due ON request (tenant_id, state, due);
CREATE INDEX request_person ON request (person_id);
CREATE INDEX request_closed ON request (tenant_id, closed);

ALTER TABLE service ADD COLUMN name_fixed BOOLEAN NOT NULL DEFAULT FALSE; -- only the desk changes whose appointment it is
