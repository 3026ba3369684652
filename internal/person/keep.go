// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// Fields of the form that keeps a record, as problems name them.
const (
	FieldKeepUntil  = "keep-until"
	FieldKeepReason = "keep-reason"
)

// LegalHold says that a record is needed for legal claims, so that nobody may
// delete it for now (Art. 17(3)(e) GDPR).
type LegalHold struct {
	ID             string
	StaffID        string    // who set it
	Created, Until time.Time // Until is not included
	Reason         string
}

// CheckReason cleans why a record is kept, which may have several lines, and says
// what is wrong with it.
func CheckReason(text string) (string, []fault.Field) {
	c := &checker{}
	text = c.note(text)
	for i := range c.problems {
		c.problems[i].Name = FieldKeepReason
	}
	if text == "" && len(c.problems) == 0 {
		c.problem(FieldKeepReason, "field.required")
	}
	return text, c.problems
}

// AddHold seals under a record's key why it is kept until an instant, and returns
// the id of that, which is empty when it is kept for the same reason until then
// already. The record is locked, and the reason checked.
func (v *Vault) AddHold(ctx context.Context, tx *db.Tx, tenantID string, p *Person, staffID, reason string, until int64) (string, error) {
	before, err := v.Holds(ctx, tx, p)
	if err != nil {
		return "", err
	}
	for _, h := range before {
		if h.Reason == reason && h.Until.Unix() == until {
			return "", nil
		}
	}
	id := db.NewID()
	_, err = tx.Exec(ctx, `INSERT INTO legal_hold (id, tenant_id, person_id, staff_id, created, until, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, tenantID, p.ID, staffID, tx.Unix(), until, p.Key.Seal([]byte(reason), BoundHold(id, p.ID)))
	if err != nil {
		return "", fmt.Errorf("insert legal hold: %w", err)
	}
	return id, nil
}

// Holds are those of a record that are in force, the one that ends last first.
func (v *Vault) Holds(ctx context.Context, tx *db.Tx, p *Person) ([]LegalHold, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (LegalHold, error) {
		var h LegalHold
		var created, until int64
		var sealed []byte
		if err := scan(&h.ID, &h.StaffID, &created, &until, &sealed); err != nil {
			return h, err
		}
		plain, err := p.Key.Open(sealed, BoundHold(h.ID, p.ID))
		if err != nil {
			return h, fmt.Errorf("legal hold %s: %w", h.ID, err)
		}
		h.Reason, h.Created, h.Until = string(plain), time.Unix(created, 0), time.Unix(until, 0)
		return h, nil
	}, "SELECT id, staff_id, created, until, sealed FROM legal_hold WHERE person_id = $1 AND until > $2 ORDER BY until DESC, id", p.ID, tx.Unix())
	if err != nil {
		return nil, fmt.Errorf("read legal holds: %w", err)
	}
	return list, nil
}

// HeldBy is the id of the record that a legal hold, also one that is over, belongs
// to. It answers NotFound for one that does not exist or belongs to another tenant.
func (v *Vault) HeldBy(ctx context.Context, tx *db.Tx, tenantID, holdID string) (string, error) {
	var id string
	err := tx.QueryRow(ctx, "SELECT person_id FROM legal_hold WHERE id = $1 AND tenant_id = $2", holdID, tenantID).Scan(&id)
	if db.IsNoRows(err) {
		return "", fault.New(fault.NotFound, "error.notfound.text")
	}
	if err != nil {
		return "", fmt.Errorf("select legal hold: %w", err)
	}
	return id, nil
}

// EndHold ends a legal hold now, and tells whether it was in force. Its row says why
// the record was kept until the record is deleted.
func (v *Vault) EndHold(ctx context.Context, tx *db.Tx, holdID string) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE legal_hold SET until = $2 WHERE id = $1 AND until > $2", holdID, tx.Unix())
	if err != nil {
		return false, fmt.Errorf("end legal hold %s: %w", holdID, err)
	}
	return n > 0, nil
}

// Restrict restricts the processing of a record (Art. 18 GDPR), and tells whether it
// was not yet.
func (v *Vault) Restrict(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE person SET restricted = $2 WHERE id = $1 AND restricted IS NULL", id, tx.Unix())
	if err != nil {
		return false, fmt.Errorf("restrict person %s: %w", id, err)
	}
	return n > 0, nil
}

// Unrestrict ends that, and tells whether it was restricted.
func (v *Vault) Unrestrict(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE person SET restricted = NULL WHERE id = $1 AND restricted IS NOT NULL", id)
	if err != nil {
		return false, fmt.Errorf("end restriction of person %s: %w", id, err)
	}
	return n > 0, nil
}

// BoundHold names the row that the reason of a legal hold is sealed for.
func BoundHold(id, personID string) string { return "person/" + personID + "/hold/" + id }
