-- +goose Up
-- The desk: who works here, who did what, and the visit from arrival to the
-- end. Instants are unix seconds.

-- Name and e-mail address stand in sealed, under the tenant's key.
CREATE TABLE staff (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    role       TEXT NOT NULL, -- front_desk, clerk, admin, officer, operator
    everywhere BOOLEAN NOT NULL, -- at every location, or at those in staff_location
    state      TEXT NOT NULL, -- invited, active, disabled
    created    BIGINT NOT NULL,
    version    BIGINT NOT NULL, -- goes up with every change of role, places or state
    token      BYTEA NOT NULL, -- keyed hash of the e-mail address, for login
    sealed     BYTEA NOT NULL,
    password   TEXT NOT NULL, -- argon2id in PHC form; empty: none
    totp       BYTEA, -- sealed secret; null: none
    totp_step  BIGINT NOT NULL, -- the last one that was used, so that none is used twice
    UNIQUE (tenant_id, token)
);

CREATE TABLE staff_location (
    staff_id    TEXT NOT NULL REFERENCES staff (id),
    location_id TEXT NOT NULL REFERENCES location (id),
    PRIMARY KEY (staff_id, location_id)
);

CREATE TABLE staff_recovery (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    hash     BYTEA NOT NULL, -- keyed; the row goes when the code is used
    PRIMARY KEY (staff_id, hash)
);

CREATE TABLE staff_passkey (
    id       BYTEA PRIMARY KEY, -- credential id (WebAuthn, section 4)
    staff_id TEXT NOT NULL REFERENCES staff (id),
    created  BIGINT NOT NULL,
    used     BIGINT NOT NULL, -- last time; 0: never
    sealed   BYTEA NOT NULL -- public key, counter, and what its owner calls it
);
CREATE INDEX staff_passkey_staff ON staff_passkey (staff_id);

-- Secrets in links that let somebody set a password, as SHA-256.
CREATE TABLE staff_invitation (
    hash     BYTEA PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    until    BIGINT NOT NULL
);
CREATE INDEX staff_invitation_staff ON staff_invitation (staff_id);

-- Whose session it is, so that it can be ended; null for citizens.
ALTER TABLE session ADD COLUMN staff_id TEXT REFERENCES staff (id);
ALTER TABLE session ADD COLUMN created BIGINT NOT NULL DEFAULT 0;
CREATE INDEX session_staff ON session (staff_id);
CREATE INDEX session_staff_seen ON session (seen) WHERE staff_id IS NOT NULL;
CREATE INDEX session_staff_created ON session (created) WHERE staff_id IS NOT NULL;

ALTER TABLE tenant ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT TRUE; -- staff must have one

-- Who did what, and who looked at whose data. Only ever appended to; no
-- personal data but the ids.
CREATE TABLE audit (
    id             TEXT PRIMARY KEY, -- in time order
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    at             BIGINT NOT NULL,
    actor          TEXT NOT NULL, -- staff, citizen, system, operator
    staff_id       TEXT, -- no reference: an account may go, its record stays
    role           TEXT NOT NULL, -- of the staff at that moment; else empty
    action         TEXT NOT NULL,
    appointment_id TEXT,
    person_id      TEXT,
    location_id    TEXT,
    subject_id     TEXT, -- another account, a closure ...
    detail         TEXT NOT NULL -- what changed, without personal data
);
CREATE INDEX audit_tenant ON audit (tenant_id, id);
CREATE INDEX audit_person ON audit (person_id, id);
CREATE INDEX audit_appointment ON audit (appointment_id, id);

-- The visit. A version that a form carries tells whether somebody else was
-- quicker.
ALTER TABLE appointment ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN origin TEXT NOT NULL DEFAULT 'online'; -- online, desk
ALTER TABLE appointment ADD COLUMN overbooked BYTEA; -- why a clerk did so, sealed under the person's key; null: within capacity
ALTER TABLE appointment ADD COLUMN arrived BIGINT;
ALTER TABLE appointment ADD COLUMN called BIGINT;
ALTER TABLE appointment ADD COLUMN called_counter TEXT REFERENCES counter (id);
ALTER TABLE appointment ADD COLUMN finished BIGINT; -- served, or did not appear
CREATE UNIQUE INDEX appointment_called ON appointment (called_counter) WHERE state = 'called';
CREATE INDEX appointment_location_start ON appointment (location_id, start_tick);

-- Counters that hold what is booked beyond capacity. They are not open, so
-- that nothing finds them but who means to.
ALTER TABLE counter ADD COLUMN overflow BOOLEAN NOT NULL DEFAULT FALSE;

-- What clerks note about a person, sealed under that person's key.
CREATE TABLE person_note (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    staff_id  TEXT NOT NULL,
    created   BIGINT NOT NULL,
    sealed    BYTEA NOT NULL
);
CREATE INDEX person_note_person ON person_note (person_id);

-- Two records that were found to be one person. Until the day is over it can
-- be undone; then the record that went is deleted.
CREATE TABLE person_merge (
    id        TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    kept      TEXT NOT NULL REFERENCES person (id),
    gone      TEXT NOT NULL REFERENCES person (id),
    staff_id  TEXT NOT NULL,
    at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_merge_gone ON person_merge (gone);
CREATE INDEX person_merge_kept ON person_merge (kept);
CREATE TABLE person_merge_appointment (
    merge_id       TEXT NOT NULL REFERENCES person_merge (id),
    appointment_id TEXT NOT NULL REFERENCES appointment (id),
    PRIMARY KEY (merge_id, appointment_id)
);
CREATE INDEX person_merge_appointment_appointment ON person_merge_appointment (appointment_id);
CREATE TABLE person_merge_note (
    merge_id TEXT NOT NULL REFERENCES person_merge (id),
    note_id  TEXT NOT NULL REFERENCES person_note (id),
    PRIMARY KEY (merge_id, note_id)
);
CREATE INDEX person_merge_note_note ON person_merge_note (note_id);
CREATE INDEX person_merge_at ON person_merge (at);
