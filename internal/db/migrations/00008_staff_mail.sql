-- +goose Up
-- Mail to those who work here belongs to an account, not to an appointment and
-- a person. SQLite cannot make a column nullable, so the table is made anew.

CREATE TABLE message_next (
    id             TEXT PRIMARY KEY, -- in time order
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    appointment_id TEXT REFERENCES appointment (id), -- null: to somebody who works here
    person_id      TEXT REFERENCES person (id), -- whose key seals it; null: the tenant's for staff
    staff_id       TEXT REFERENCES staff (id), -- null: about an appointment
    recipient      TEXT NOT NULL, -- citizen, office, staff
    kind           TEXT NOT NULL, -- booked, moved, cancelled, verify, expired; invited, reset, forgotten
    state          TEXT NOT NULL, -- queued, sent, failed
    attempts       BIGINT NOT NULL,
    due            BIGINT NOT NULL, -- not before; while it is being sent: the end of the lease
    created        BIGINT NOT NULL,
    sent           BIGINT,
    problem        TEXT NOT NULL, -- why the last attempt failed, without addresses
    sealed         BYTEA, -- gone once it was sent
    CHECK ((staff_id IS NULL AND appointment_id IS NOT NULL AND person_id IS NOT NULL)
        OR (staff_id IS NOT NULL AND appointment_id IS NULL AND person_id IS NULL))
);
INSERT INTO message_next (id, tenant_id, appointment_id, person_id, recipient, kind, state, attempts, due, created,
        sent, problem, sealed)
    SELECT id, tenant_id, appointment_id, person_id, recipient, kind, state, attempts, due, created,
        sent, problem, sealed FROM message;
DROP TABLE message;
ALTER TABLE message_next RENAME TO message;
CREATE INDEX message_due ON message (state, due);
CREATE INDEX message_appointment ON message (appointment_id, recipient);
CREATE INDEX message_person ON message (person_id);
CREATE INDEX message_staff ON message (staff_id);
