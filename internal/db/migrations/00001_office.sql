-- +goose Up
-- What an office offers: tenants, services, locations, counters, hours.
-- Texts for people are JSON objects {"de": ..., "en": ...}. Dates are days
-- since 1970-01-01, times of day are minutes after local midnight.

CREATE TABLE installation (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    key_check BYTEA NOT NULL -- a known value sealed under the installation's key
);

CREATE TABLE tenant (
    id                     TEXT PRIMARY KEY,
    revision               BIGINT NOT NULL, -- goes up with every change of the catalogue
    sealed_key             BYTEA NOT NULL,
    name                   TEXT NOT NULL,
    land                   TEXT NOT NULL,
    zone                   TEXT NOT NULL,
    controller_name        TEXT NOT NULL,
    controller_street      TEXT NOT NULL,
    controller_postcode    TEXT NOT NULL,
    controller_city        TEXT NOT NULL,
    controller_phone       TEXT NOT NULL,
    controller_email       TEXT NOT NULL,
    hold_minutes           BIGINT NOT NULL,
    max_extensions         BIGINT NOT NULL,
    confirm_email          BOOLEAN NOT NULL,
    confirm_minutes        BIGINT NOT NULL,
    unverified_per_address BIGINT NOT NULL,
    cooldown_minutes       BIGINT NOT NULL
);

CREATE TABLE processor (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    position  BIGINT NOT NULL,
    role      TEXT NOT NULL, -- operator, hosting, sms
    name      TEXT NOT NULL,
    address   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, position)
);

-- Days off in addition to the public holidays of the Land.
CREATE TABLE holiday (
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    position    BIGINT NOT NULL,
    month       BIGINT NOT NULL, -- 0 when easter counts
    day         BIGINT NOT NULL,
    easter      BIGINT NOT NULL, -- days after Easter Sunday
    from_minute BIGINT NOT NULL,
    name        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, position)
);

CREATE TABLE service_group (
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    key       TEXT NOT NULL,
    position  BIGINT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE service (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenant (id),
    key          TEXT NOT NULL,
    position     BIGINT NOT NULL,
    retired      BOOLEAN NOT NULL, -- no longer offered, kept for its appointments
    group_key    TEXT NOT NULL,
    common       BOOLEAN NOT NULL,
    minutes      BIGINT NOT NULL,
    buffer       BIGINT NOT NULL,
    max_quantity BIGINT NOT NULL,
    combines     TEXT NOT NULL, -- services with the same word combine
    leika        TEXT NOT NULL,
    name         TEXT NOT NULL,
    fee          TEXT NOT NULL,
    bring        TEXT NOT NULL,
    note         TEXT NOT NULL,
    words        TEXT NOT NULL,
    UNIQUE (tenant_id, key)
);

CREATE TABLE location (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenant (id),
    key          TEXT NOT NULL,
    position     BIGINT NOT NULL,
    retired      BOOLEAN NOT NULL,
    name         TEXT NOT NULL,
    street       TEXT NOT NULL,
    postcode     TEXT NOT NULL,
    city         TEXT NOT NULL,
    phone        TEXT NOT NULL,
    phone_hours  TEXT NOT NULL,
    directions   TEXT NOT NULL,
    office_mail  TEXT NOT NULL,
    lead_minutes BIGINT NOT NULL,
    horizon_days BIGINT NOT NULL,
    UNIQUE (tenant_id, key)
);

CREATE TABLE counter (
    id          TEXT PRIMARY KEY,
    location_id TEXT NOT NULL REFERENCES location (id),
    key         TEXT NOT NULL,
    position    BIGINT NOT NULL,
    retired     BOOLEAN NOT NULL,
    name        TEXT NOT NULL,
    office_mail TEXT NOT NULL, -- empty: the location's
    UNIQUE (location_id, key)
);

CREATE TABLE counter_service (
    counter_id TEXT NOT NULL REFERENCES counter (id),
    service_id TEXT NOT NULL REFERENCES service (id),
    PRIMARY KEY (counter_id, service_id)
);

CREATE TABLE opening (
    counter_id    TEXT NOT NULL REFERENCES counter (id),
    position      BIGINT NOT NULL,
    weekday       BIGINT NOT NULL, -- 0 is Sunday
    from_minute   BIGINT NOT NULL,
    to_minute     BIGINT NOT NULL,
    valid_from    BIGINT NOT NULL, -- 0: always
    valid_until   BIGINT NOT NULL, -- inclusive; 0: for good
    every_weeks   BIGINT NOT NULL,
    slot_interval BIGINT NOT NULL,
    internal      BOOLEAN NOT NULL,
    on_holidays   BOOLEAN NOT NULL,
    PRIMARY KEY (counter_id, position)
);

CREATE TABLE closure (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenant (id),
    location_id  TEXT REFERENCES location (id), -- null: the whole tenant
    counter_id   TEXT REFERENCES counter (id),  -- null: the whole location
    from_date    BIGINT NOT NULL,
    from_minute  BIGINT NOT NULL,
    until_date   BIGINT NOT NULL,
    until_minute BIGINT NOT NULL, -- not included
    reason       TEXT NOT NULL
);

-- Bookings and changes of hours at one location on one local day meet here:
-- whoever writes raises n first and so waits for the other.
CREATE TABLE revision (
    location_id TEXT NOT NULL REFERENCES location (id),
    day         BIGINT NOT NULL,
    n           BIGINT NOT NULL,
    PRIMARY KEY (location_id, day)
);
