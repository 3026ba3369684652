-- +goose Up
-- Messages to send. A row exists exactly if the change that caused it
-- committed.

CREATE TABLE message (
    id             TEXT PRIMARY KEY, -- in time order
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    appointment_id TEXT NOT NULL REFERENCES appointment (id),
    person_id      TEXT NOT NULL REFERENCES person (id), -- whose key seals it
    recipient      TEXT NOT NULL, -- citizen, office
    kind           TEXT NOT NULL, -- booked, moved, cancelled, verify, expired
    state          TEXT NOT NULL, -- queued, sent, failed
    attempts       BIGINT NOT NULL,
    due            BIGINT NOT NULL, -- not before; while it is being sent: the end of the lease
    created        BIGINT NOT NULL,
    sent           BIGINT,
    problem        TEXT NOT NULL, -- why the last attempt failed, without addresses
    sealed         BYTEA -- gone once it was sent
);
CREATE INDEX message_due ON message (state, due);
CREATE INDEX message_appointment ON message (appointment_id, recipient);
CREATE INDEX message_person ON message (person_id);
