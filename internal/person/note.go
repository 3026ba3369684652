// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

// Note is what somebody at the desk wrote about a person.
type Note struct {
	ID      string
	StaffID string
	Created time.Time
	Text    string
}

// sameNote is how long, in seconds, the same words of the same member are one note:
// a form that was sent twice.
const sameNote = 600

// AddNote seals a note under a person's key and returns its id, which is empty
// when the newest note is that one already. It answers
// Invalid "note.empty" when nothing is written, and Invalid "form.incomplete"
// with the field FieldNote when it is too long or not fit to be kept, Conflict
// "merge.gone" for a record that went into another.
func (v *Vault) AddNote(ctx context.Context, tx *db.Tx, tenantID, personID, staffID, text string) (string, error) {
	c := &checker{}
	text = c.note(text)
	if len(c.problems) > 0 {
		return "", &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: c.problems}
	}
	if text == "" {
		return "", fault.New(fault.Invalid, "note.empty")
	}
	p, err := v.Lock(ctx, tx, tenantID, personID)
	if err != nil {
		return "", err
	}
	before, err := v.Notes(ctx, tx, p)
	if err != nil {
		return "", err
	}
	if len(before) > 0 && before[0].StaffID == staffID && before[0].Text == text && tx.Unix()-before[0].Created.Unix() < sameNote {
		return "", nil
	}
	id := db.NewID()
	_, err = tx.Exec(ctx, "INSERT INTO person_note (id, person_id, staff_id, created, sealed) VALUES ($1, $2, $3, $4, $5)",
		id, personID, staffID, tx.Unix(), p.Key.Seal([]byte(text), BoundNote(id, personID)))
	if err != nil {
		return "", fmt.Errorf("insert note: %w", err)
	}
	return id, nil
}

// Lock opens a record and keeps it from going into another until commit: what
// is added to it would stay behind. It answers Conflict "merge.gone" for one that
// has done so, and NotFound.
func (v *Vault) Lock(ctx context.Context, tx *db.Tx, tenantID, id string) (*Person, error) {
	if err := lockRows(ctx, tx, id); err != nil {
		return nil, err
	}
	into, err := v.MergedInto(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if into != "" {
		return nil, fault.New(fault.Conflict, "merge.gone")
	}
	return v.Load(ctx, tx, tenantID, id)
}

// Notes are those about a person, the newest first.
func (v *Vault) Notes(ctx context.Context, tx *db.Tx, p *Person) ([]Note, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Note, error) {
		var n Note
		var created int64
		var sealed []byte
		if err := scan(&n.ID, &n.StaffID, &created, &sealed); err != nil {
			return n, err
		}
		plain, err := p.Key.Open(sealed, BoundNote(n.ID, p.ID))
		if err != nil {
			return n, fmt.Errorf("note %s: %w", n.ID, err)
		}
		n.Text, n.Created = string(plain), time.Unix(created, 0)
		return n, nil
	}, "SELECT id, staff_id, created, sealed FROM person_note WHERE person_id = $1 ORDER BY id DESC", p.ID)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	return list, nil
}

// BoundNote names the row that a note is sealed for.
func BoundNote(id, personID string) string { return "person/" + personID + "/note/" + id }

// sealedNote is a row of person_note as far as it changes hands.
type sealedNote struct {
	id     string
	sealed []byte
}

// handNotes gives the notes that a query finds from one person to another and
// returns their ids. The query's columns are id and sealed.
func handNotes(ctx context.Context, tx *db.Tx, from, to record, query string, args ...any) ([]string, error) {
	notes, err := db.Collect(ctx, tx, func(scan db.Scan) (sealedNote, error) {
		var n sealedNote
		return n, scan(&n.id, &n.sealed)
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	var ids []string
	for _, n := range notes {
		plain, err := from.key.Open(n.sealed, BoundNote(n.id, from.id))
		if err != nil {
			return nil, fmt.Errorf("note %s: %w", n.id, err)
		}
		_, err = tx.Exec(ctx, "UPDATE person_note SET person_id = $2, sealed = $3 WHERE id = $1",
			n.id, to.id, to.key.Seal(plain, BoundNote(n.id, to.id)))
		if err != nil {
			return nil, fmt.Errorf("hand over note %s: %w", n.id, err)
		}
		ids = append(ids, n.id)
	}
	return ids, nil
}

// record is a person with the key that opens what is theirs.
type record struct {
	id  string
	key *seal.Key
}
