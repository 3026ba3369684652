-- +goose Up
-- Who has seen whom. Dates are days since 1 January 1970.

-- Of an entry about an appointment: the day on which it is from then on. Of one
-- about a list by days: the first and last of them.
ALTER TABLE audit ADD COLUMN first_day BIGINT;
ALTER TABLE audit ADD COLUMN last_day BIGINT;
CREATE INDEX audit_list ON audit (location_id, first_day) WHERE appointment_id IS NULL;
CREATE INDEX audit_staff ON audit (staff_id, id);

-- The persons of an entry that is about several.
CREATE TABLE audit_also (
    audit_id  TEXT NOT NULL REFERENCES audit (id),
    person_id TEXT NOT NULL, -- no reference: the person may go, the record stays
    PRIMARY KEY (audit_id, person_id)
);
CREATE INDEX audit_also_person ON audit_also (person_id);
