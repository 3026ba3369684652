-- +goose Up
-- Mail to those who work here belongs to an account, not to an appointment and
-- a person; the list of a day belongs to its location, which gets each list
-- once. SQLite cannot make a column nullable, so the table is made anew.

CREATE TABLE message_next (
    id             TEXT PRIMARY KEY, -- in time order
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    appointment_id TEXT REFERENCES appointment (id), -- null: not about one
    person_id      TEXT REFERENCES person (id), -- whose key seals it; null: one of the tenant's
    staff_id       TEXT REFERENCES staff (id), -- null: not about an account
    location_id    TEXT REFERENCES location (id), -- null: no list of a day
    day            BIGINT, -- of the list: days since 1970-01-01
    until          BIGINT, -- when it is of no use any more: then it is given up and emptied; null: see the program
    recipient      TEXT NOT NULL, -- citizen, office, staff
    kind           TEXT NOT NULL, -- booked, moved, cancelled, verify, expired; invited, reset, forgotten; day_list
    state          TEXT NOT NULL, -- queued, sent, failed
    attempts       BIGINT NOT NULL,
    due            BIGINT NOT NULL, -- not before; while it is being sent: the end of the lease
    created        BIGINT NOT NULL,
    sent           BIGINT,
    problem        TEXT NOT NULL, -- why the last attempt failed, without addresses
    sealed         BYTEA, -- gone once it was sent
    UNIQUE (location_id, day),
    CHECK ((appointment_id IS NOT NULL AND person_id IS NOT NULL AND staff_id IS NULL AND location_id IS NULL)
        OR (appointment_id IS NULL AND person_id IS NULL AND staff_id IS NOT NULL AND location_id IS NULL)
        OR (appointment_id IS NULL AND person_id IS NULL AND staff_id IS NULL AND location_id IS NOT NULL)),
    CHECK ((location_id IS NULL) = (day IS NULL) AND (location_id IS NULL) = (until IS NULL))
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

-- When the office of a location gets the next day's list by mail: minutes after
-- local midnight; -1: never.
ALTER TABLE location ADD COLUMN day_list_minute BIGINT NOT NULL DEFAULT 1080;
