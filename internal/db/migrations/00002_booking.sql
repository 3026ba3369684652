-- +goose Up
-- Who comes when. Instants are unix seconds; a tick is five minutes
-- (unix seconds / 300).

-- Everything that says who somebody is stands in sealed, and nowhere else.
CREATE TABLE person (
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL REFERENCES tenant (id),
    created        BIGINT NOT NULL,
    sealed_key     BYTEA NOT NULL,
    sealed         BYTEA NOT NULL,
    email_verified BIGINT -- when a secret came back from the mailbox
);

-- Keyed hashes by which a person is found without opening every record.
CREATE TABLE person_token (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    kind      TEXT NOT NULL, -- email
    token     BYTEA NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (tenant_id, kind, token, person_id)
);
CREATE INDEX person_token_person ON person_token (person_id);

CREATE TABLE appointment (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    location_id TEXT NOT NULL REFERENCES location (id),
    counter_id  TEXT NOT NULL REFERENCES counter (id),
    person_id   TEXT REFERENCES person (id), -- null until the form was filled in
    reference   TEXT NOT NULL,
    state       TEXT NOT NULL, -- held, unconfirmed, confirmed, cancelled, expired
    lang        TEXT NOT NULL,
    start_tick  BIGINT NOT NULL,
    ticks       BIGINT NOT NULL, -- frozen: length on the counter, buffer included
    minutes     BIGINT NOT NULL, -- frozen: length for the citizen
    until       BIGINT NOT NULL, -- end of a hold or of the time to confirm; 0: none
    extensions  BIGINT NOT NULL,
    sequence    BIGINT NOT NULL, -- of the calendar entry (RFC 5545, 3.8.7.4)
    created     BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    UNIQUE (tenant_id, reference)
);
CREATE INDEX appointment_person ON appointment (person_id);
CREATE INDEX appointment_state_until ON appointment (state, until);

CREATE TABLE appointment_service (
    appointment_id TEXT NOT NULL REFERENCES appointment (id),
    position       BIGINT NOT NULL,
    service_id     TEXT NOT NULL REFERENCES service (id),
    quantity       BIGINT NOT NULL,
    minutes        BIGINT NOT NULL, -- frozen, for one
    PRIMARY KEY (appointment_id, position)
);

-- The promise: no two owners ever share a counter and a tick. A claim is in
-- force while until lies in the future; later the next taker overwrites it.
CREATE TABLE claim (
    counter_id TEXT NOT NULL REFERENCES counter (id),
    tick       BIGINT NOT NULL,
    owner      TEXT NOT NULL, -- appointment id, held or booked
    kind       TEXT NOT NULL, -- hold, appointment, cooldown
    until      BIGINT NOT NULL,
    PRIMARY KEY (counter_id, tick)
);
CREATE INDEX claim_owner ON claim (owner);

-- Secrets in links, one per message and channel, as SHA-256.
CREATE TABLE secret (
    hash           BYTEA PRIMARY KEY,
    appointment_id TEXT NOT NULL REFERENCES appointment (id),
    channel        TEXT NOT NULL, -- page, mail
    created        BIGINT NOT NULL
);
CREATE INDEX secret_appointment ON secret (appointment_id);

-- What the session cookie stands for, readable only with the cookie.
CREATE TABLE session (
    hash      BYTEA PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    seen      BIGINT NOT NULL,
    sealed    BYTEA NOT NULL
);
CREATE INDEX session_seen ON session (seen);
