-- +goose Up
-- Accounts of citizens. Instants are unix seconds.

-- What somebody told us stands in sealed, under the tenant's key. The records of
-- customers are about appointments and know nothing of accounts.
CREATE TABLE account (
    id        TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    created   BIGINT NOT NULL,
    used      BIGINT NOT NULL, -- the last login
    announced BIGINT, -- when its end was announced, since nobody uses it
    lang      TEXT NOT NULL, -- of the mails
    token     BYTEA NOT NULL, -- keyed hash of the e-mail address, for login
    sealed    BYTEA NOT NULL,
    UNIQUE (tenant_id, token)
);
CREATE INDEX account_used ON account (used);

-- What waits for the link of a mail: an account to be, or another address of one.
CREATE TABLE account_pending (
    hash       BYTEA PRIMARY KEY, -- SHA-256 of the secret in the link
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    account_id TEXT REFERENCES account (id), -- null: none yet
    until      BIGINT NOT NULL,
    sealed     BYTEA NOT NULL -- under a key from the secret: only the link opens it
);
CREATE INDEX account_pending_until ON account_pending (until);
CREATE INDEX account_pending_account ON account_pending (account_id);

-- Which appointments somebody sees in their account.
CREATE TABLE account_appointment (
    appointment_id TEXT PRIMARY KEY REFERENCES appointment (id),
    account_id     TEXT NOT NULL REFERENCES account (id)
);
CREATE INDEX account_appointment_account ON account_appointment (account_id);

-- Each login, of citizens and of those who work at the office.
CREATE TABLE login (
    id        TEXT PRIMARY KEY, -- in time order
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    at        BIGINT NOT NULL,
    kind      TEXT NOT NULL, -- account, staff
    owner_id  TEXT, -- no reference: the record may outlive the account; null: of an address without one
    method    TEXT NOT NULL, -- password, passkey ...
    ok        BOOLEAN NOT NULL
);
CREATE INDEX login_tenant ON login (tenant_id, id);
CREATE INDEX login_owner ON login (owner_id, id);
CREATE INDEX login_at ON login (at);

-- From where, which is kept for a shorter time.
CREATE TABLE login_address (
    login_id TEXT PRIMARY KEY REFERENCES login (id),
    at       BIGINT NOT NULL,
    sealed   BYTEA NOT NULL -- the IP address, under the tenant's key
);
CREATE INDEX login_address_at ON login_address (at);

-- What somebody agreed to, and whether they still do.
CREATE TABLE consent (
    id         TEXT PRIMARY KEY, -- in time order
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    account_id TEXT NOT NULL, -- no reference: evidence may outlive the account
    purpose    TEXT NOT NULL,
    lang       TEXT NOT NULL,
    words      TEXT NOT NULL, -- the text that was agreed to
    given      BIGINT NOT NULL,
    withdrawn  BIGINT -- null: not
);
CREATE INDEX consent_account ON consent (account_id, id);

-- The time (start_tick) of which its owner was reminded; 0: of none.
ALTER TABLE appointment ADD COLUMN reminded BIGINT NOT NULL DEFAULT 0;

-- Mails to those who have an account, or are to get one, belong to nobody's
-- record: their key is the tenant's. SQLite cannot change a CHECK, so the table is
-- made anew.
CREATE TABLE message_next (
    id             TEXT PRIMARY KEY, -- in time order
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    appointment_id TEXT REFERENCES appointment (id), -- null: not about one
    person_id      TEXT REFERENCES person (id), -- whose key seals it; null: one of the tenant's
    staff_id       TEXT REFERENCES staff (id), -- null: not about an account of those who work here
    location_id    TEXT REFERENCES location (id), -- null: no list of a day
    day            BIGINT, -- of the list: days since 1970-01-01
    until          BIGINT, -- when it is of no use any more: then it is given up and emptied; null: see the program
    recipient      TEXT NOT NULL, -- citizen, office, staff, account
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
        OR (recipient = 'account' AND appointment_id IS NULL AND person_id IS NULL AND staff_id IS NULL AND location_id IS NULL)),
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

-- How long the tenant keeps what has to do with accounts.
ALTER TABLE tenant ADD COLUMN account_unused_days BIGINT NOT NULL DEFAULT 730; -- without a login; then its end is announced
ALTER TABLE tenant ADD COLUMN login_days BIGINT NOT NULL DEFAULT 90;
ALTER TABLE tenant ADD COLUMN login_address_days BIGINT NOT NULL DEFAULT 7;
