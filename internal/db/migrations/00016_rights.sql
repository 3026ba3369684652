-- +goose Up
-- Links by which somebody without an account uses their rights. Instants are unix
-- seconds.

CREATE TABLE rights_link (
    hash      BYTEA PRIMARY KEY, -- SHA-256 of the secret in the link
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    until     BIGINT NOT NULL,
    opened    BIGINT, -- when somebody pressed the button; null: nobody has
    wrong     BIGINT NOT NULL, -- numbers of appointments that were typed and are not of this mailbox
    sealed    BYTEA NOT NULL -- address and numbers, under a key from the secret: only the link opens it
);
CREATE INDEX rights_link_until ON rights_link (tenant_id, until);

-- What is on record about an account is found without looking at everything.
CREATE INDEX audit_subject ON audit (subject_id, id) WHERE subject_id IS NOT NULL;
