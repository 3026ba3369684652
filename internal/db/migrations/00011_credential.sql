-- +goose Up
-- Citizens' accounts beside those of staff.

-- Whose session it is, when it is a citizen's who has an account. There is no
-- reference: whoever deletes an account deletes its sessions.
ALTER TABLE session ADD COLUMN account_id TEXT;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_account_seen ON session (seen) WHERE account_id IS NOT NULL;
CREATE INDEX session_account_created ON session (created) WHERE account_id IS NOT NULL;
