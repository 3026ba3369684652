-- +goose Up
-- How often something happened on a day. There is no column that could say to
-- whom, by whom or when on that day.
CREATE TABLE statistic (
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    day         BIGINT NOT NULL, -- days since 1970-01-01, of the tenant
    location_id TEXT NOT NULL, -- '': of no location
    measure     TEXT NOT NULL, -- views, full, asked, lead, cancelled, missed, language, device
    part        TEXT NOT NULL, -- from the list of the measure, or the id of a service; '': it has none
    n           BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, location_id, measure, part)
);
