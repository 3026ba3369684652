-- +goose Up
-- How the owners of accounts prove who they are, for those who work here and
-- for citizens alike. Instants are unix seconds.

CREATE TABLE credential (
    owner_id  TEXT PRIMARY KEY, -- of staff, or of a citizen's account
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    password  TEXT NOT NULL, -- argon2id in PHC form; empty: none
    totp      BYTEA, -- sealed secret of a code generator; null: none
    totp_step BIGINT NOT NULL -- the last one that was used, so that none is used twice
);
INSERT INTO credential (owner_id, tenant_id, password, totp, totp_step)
    SELECT id, tenant_id, password, totp, totp_step FROM staff;
ALTER TABLE staff DROP COLUMN password;
ALTER TABLE staff DROP COLUMN totp;
ALTER TABLE staff DROP COLUMN totp_step;

CREATE TABLE passkey (
    id       BYTEA PRIMARY KEY, -- credential id (WebAuthn, section 4)
    owner_id TEXT NOT NULL REFERENCES credential (owner_id),
    created  BIGINT NOT NULL,
    used     BIGINT NOT NULL, -- last time; 0: never
    sealed   BYTEA NOT NULL -- public key, counter, and what its owner calls it
);
INSERT INTO passkey (id, owner_id, created, used, sealed) SELECT id, staff_id, created, used, sealed FROM staff_passkey;
DROP TABLE staff_passkey;
CREATE INDEX passkey_owner ON passkey (owner_id);

CREATE TABLE recovery_code (
    owner_id TEXT NOT NULL REFERENCES credential (owner_id),
    hash     BYTEA NOT NULL, -- keyed; the row goes when the code is used
    PRIMARY KEY (owner_id, hash)
);
INSERT INTO recovery_code (owner_id, hash) SELECT staff_id, hash FROM staff_recovery;
DROP TABLE staff_recovery;

-- Secrets in links that let somebody set a password, as SHA-256.
CREATE TABLE credential_link (
    hash     BYTEA PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES credential (owner_id),
    until    BIGINT NOT NULL
);
INSERT INTO credential_link (hash, owner_id, until) SELECT hash, staff_id, until FROM staff_invitation;
DROP TABLE staff_invitation;
CREATE INDEX credential_link_owner ON credential_link (owner_id);

-- Whose session it is, when it is a citizen's who has an account. There is no
-- reference: whoever deletes an account deletes its sessions.
ALTER TABLE session ADD COLUMN account_id TEXT;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_account_seen ON session (seen) WHERE account_id IS NOT NULL;
CREATE INDEX session_account_created ON session (created) WHERE account_id IS NOT NULL;
