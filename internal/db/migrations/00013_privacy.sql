-- +goose Up
-- What is kept for how long, what was deleted, and what the notice said when.
-- Instants are unix seconds.

-- Periods that a tenant chose; for all others the program's standard holds.
CREATE TABLE retention (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    class     TEXT NOT NULL, -- of data, as the registers name it
    amount    BIGINT NOT NULL, -- in the unit of the class
    PRIMARY KEY (tenant_id, class)
);
INSERT INTO retention (tenant_id, class, amount)
    SELECT id, 'account', account_unused_days FROM tenant WHERE account_unused_days <> 730;
INSERT INTO retention (tenant_id, class, amount)
    SELECT id, 'login', login_days FROM tenant WHERE login_days <> 90;
INSERT INTO retention (tenant_id, class, amount)
    SELECT id, 'login_address', login_address_days FROM tenant WHERE login_address_days <> 7;
ALTER TABLE tenant DROP COLUMN account_unused_days;
ALTER TABLE tenant DROP COLUMN login_days;
ALTER TABLE tenant DROP COLUMN login_address_days;

-- What the town says about itself where the law asks for it: one JSON object,
-- which nobody searches.
ALTER TABLE tenant ADD COLUMN statements TEXT NOT NULL DEFAULT '{}';

ALTER TABLE service ADD COLUMN sensitive BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE service ADD COLUMN keep_days BIGINT; -- shorter than others; null: as they

ALTER TABLE staff ADD COLUMN disabled BIGINT; -- since when; null: not
-- Where the record of that is gone already, they are kept rather too long.
UPDATE staff SET disabled = COALESCE(
    (SELECT MAX(a.at) FROM audit a WHERE a.tenant_id = staff.tenant_id AND a.action = 'staff.disabled' AND a.subject_id = staff.id),
    (SELECT MAX(a.at) FROM audit a WHERE a.tenant_id = staff.tenant_id), created)
    WHERE state = 'disabled';

-- Records that nobody may delete for now.
ALTER TABLE person ADD COLUMN restricted BIGINT; -- since when (Art. 18 GDPR); null: not
CREATE TABLE legal_hold (
    id        TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    staff_id  TEXT NOT NULL, -- who set it
    created   BIGINT NOT NULL,
    until     BIGINT NOT NULL, -- not included
    sealed    BYTEA NOT NULL -- why, under the person's key
);
CREATE INDEX legal_hold_person ON legal_hold (person_id);

-- How many rows were deleted on a day (days since 1970-01-01, of the tenant), and nothing else about them.
CREATE TABLE deletion (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    day       BIGINT NOT NULL,
    class     TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, class)
);

CREATE TABLE retention_run (
    tenant_id TEXT PRIMARY KEY REFERENCES tenant (id),
    at        BIGINT NOT NULL, -- the end of the last run without an error
    alarmed   BIGINT NOT NULL -- when the operator was last told that one is overdue; 0: never
);

-- What the notice said, from when on.
CREATE TABLE notice (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    version   BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    content   TEXT NOT NULL, -- JSON, in all languages
    PRIMARY KEY (tenant_id, version)
);

CREATE INDEX audit_at ON audit (tenant_id, at);
CREATE INDEX consent_withdrawn ON consent (tenant_id, withdrawn);

-- Mails to the controller and to the operator are about nobody's appointment or
-- account.
CREATE TABLE message_next (
    id             TEXT PRIMARY KEY, -- in time order
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    appointment_id TEXT REFERENCES appointment (id), -- null: not about one
    person_id      TEXT REFERENCES person (id), -- whose key seals it; null: one of the tenant's
    staff_id       TEXT REFERENCES staff (id), -- null: not about an account of those who work here
    location_id    TEXT REFERENCES location (id), -- null: no list of a day
    day            BIGINT, -- of the list: days since 1970-01-01
    until          BIGINT, -- when it is of no use any more: then it is given up and emptied; null: see the program
    recipient      TEXT NOT NULL, -- citizen, office, staff, account, controller, operator
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL, -- queued, sent, failed
    attempts       BIGINT NOT NULL,
    due            BIGINT NOT NULL, -- not before; while it is being sent: the end of the lease
    created        BIGINT NOT NULL,
    sent           BIGINT,
    problem        TEXT NOT NULL, -- why the last attempt failed, without addresses
    sealed         BYTEA, -- gone once it was sent
    UNIQUE (location_id, day),
    CHECK ((recipient IN ('citizen', 'office') AND appointment_id IS NOT NULL AND person_id IS NOT NULL AND staff_id IS NULL AND location_id IS NULL)
        OR (recipient = 'staff' AND appointment_id IS NULL AND person_id IS NULL AND staff_id IS NOT NULL AND location_id IS NULL)
        OR (recipient = 'office' AND appointment_id IS NULL AND person_id IS NULL AND staff_id IS NULL AND location_id IS NOT NULL)
        OR (recipient IN ('account', 'controller', 'operator') AND appointment_id IS NULL AND person_id IS NULL AND staff_id IS NULL AND location_id IS NULL)),
    CHECK ((location_id IS NULL) = (day IS NULL) AND (location_id IS NULL) = (until IS NULL))
);
INSERT INTO message_next (id, tenant_id, appointment_id, person_id, staff_id, location_id, day, until, recipient, kind,
        state, attempts, due, created, sent, problem, sealed)
    SELECT id, tenant_id, appointment_id, person_id, staff_id, location_id, day, until, recipient, kind,
        state, attempts, due, created, sent, problem, sealed FROM message;
DROP TABLE message;
ALTER TABLE message_next RENAME TO message;
CREATE INDEX message_due ON message (state, due);
CREATE INDEX message_appointment ON message (appointment_id, recipient);
CREATE INDEX message_person ON message (person_id);
CREATE INDEX message_staff ON message (staff_id);
CREATE INDEX message_done ON message (tenant_id, (COALESCE(sent, due))) WHERE state <> 'queued';
