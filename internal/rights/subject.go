// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"fmt"
	"slices"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// Asker is who uses a right: somebody with a link, or the owner of an account.
type Asker struct {
	tenantID string
	link     seal.Secret
	visit    *credential.Visit // nil: by a link
}

// Guest is who has a link to their mailbox.
func Guest(tenantID string, s seal.Secret) Asker { return Asker{tenantID: tenantID, link: s} }

// Owner is who is logged in to an account.
func Owner(v credential.Visit) Asker { return Asker{tenantID: v.TenantID, visit: &v} }

// Subject is what somebody may see and change about themselves.
type Subject struct {
	TenantID  string
	AccountID string // empty: not by an account
	// Persons are the ids of the records, in order; none that went into another.
	Persons []string
	// Closed is how many records there are besides that only the number of one of
	// their appointments opens, or somebody at the desk.
	Closed int
}

// Subject finds out who asks, anew in each transaction. A link that is over, or was
// not opened by its button, answers Gone "rights.link.gone.text"; nobody who is
// logged in answers NotFound.
func (r *Rights) Subject(ctx context.Context, tx *db.Tx, by Asker) (*Subject, error) {
	if by.visit != nil {
		return r.ofAccount(ctx, tx, *by.visit)
	}
	l, err := openLink(ctx, tx, by.tenantID, by.link)
	if err == nil && !l.opened {
		err = errGone()
	}
	if err != nil {
		return nil, err
	}
	all, err := r.ofMailbox(ctx, tx, by.tenantID, l.Email)
	if err != nil {
		return nil, err
	}
	s := &Subject{TenantID: by.tenantID}
	if len(all) == 1 && !l.Shared {
		s.Persons = all
		return s, nil
	}
	for _, reference := range l.References {
		id, err := ownerOf(ctx, tx, by.tenantID, reference)
		if err != nil {
			return nil, err
		}
		if slices.Contains(all, id) && !slices.Contains(s.Persons, id) {
			s.Persons = append(s.Persons, id)
		}
	}
	slices.Sort(s.Persons)
	s.Closed = len(all) - len(s.Persons)
	return s, nil
}

// maxRecords is how many records of one mailbox are looked at.
const maxRecords = 200

// ofMailbox are the records with an address whose mailbox was shown to be that of
// the person. Tokens lead to more: to addresses that are the same mailbox at most
// providers, and not at all.
func (r *Rights) ofMailbox(ctx context.Context, tx *db.Tx, tenantID, email string) ([]string, error) {
	find, ok, err := r.Persons.ByContact(ctx, tx, tenantID, email, "")
	if err != nil || !ok {
		return nil, err
	}
	ids, err := db.Collect(ctx, tx, scanID, "SELECT p.id FROM person p WHERE p.id IN ("+find.SQL+`) AND p.email_verified IS NOT NULL
		AND EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND a.state <> 'held')
		AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.gone = p.id)
		ORDER BY p.id LIMIT `+fmt.Sprint(maxRecords), find.Args...)
	if err != nil {
		return nil, fmt.Errorf("find the records of a mailbox: %w", err)
	}
	list, err := r.Persons.LoadAll(ctx, tx, tenantID, ids)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p *person.Person) bool { return !sameMailbox(p.Data.Email, email) })
	return idsOf(list), nil
}

func sameMailbox(a, b string) bool { return credential.NormalEmail(a) == credential.NormalEmail(b) }

// ofAccount are an account and the records of its appointments. A record that also
// has appointments elsewhere may be somebody else's for whom the owner has booked:
// it counts only if its mailbox is that of the account.
func (r *Rights) ofAccount(ctx context.Context, tx *db.Tx, v credential.Visit) (*Subject, error) {
	mine, err := r.Accounts.Load(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	s := &Subject{TenantID: v.TenantID, AccountID: mine.ID}
	const theirs = `a.person_id IS NOT NULL AND a.state <> 'held' AND NOT EXISTS (SELECT 1 FROM account_appointment c
		WHERE c.appointment_id = a.id AND c.account_id = $1)`
	type record struct {
		id    string
		alone bool
	}
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (record, error) {
		var one record
		var elsewhere int
		err := scan(&one.id, &elsewhere)
		one.alone = elsewhere == 0
		return one, err
	}, `SELECT m.person_id, (SELECT COUNT(*) FROM appointment a WHERE a.person_id = m.person_id AND `+theirs+`)
		FROM (SELECT DISTINCT o.person_id FROM account_appointment c JOIN appointment o ON o.id = c.appointment_id
			WHERE c.account_id = $1 AND o.tenant_id = $2 AND o.person_id IS NOT NULL AND o.state <> 'held') m ORDER BY m.person_id`,
		mine.ID, v.TenantID)
	if err != nil {
		return nil, fmt.Errorf("find the records of an account: %w", err)
	}
	for _, one := range list {
		if !one.alone {
			p, err := r.Persons.Load(ctx, tx, v.TenantID, one.id)
			if err != nil {
				return nil, err
			}
			one.alone = p.EmailVerified && sameMailbox(p.Data.Email, mine.Data.Email)
		}
		if one.alone {
			s.Persons = append(s.Persons, one.id)
		} else {
			s.Closed++
		}
	}
	return s, nil
}

// ownerOf is the record of the appointment with a number; empty for none.
func ownerOf(ctx context.Context, tx *db.Tx, tenantID, reference string) (string, error) {
	var id string
	err := tx.QueryRow(ctx, "SELECT COALESCE(person_id, '') FROM appointment WHERE tenant_id = $1 AND reference = $2 AND state <> 'held'",
		tenantID, reference).Scan(&id)
	if err != nil && !db.IsNoRows(err) {
		return "", fmt.Errorf("select appointment by number: %w", err)
	}
	return id, nil
}

func scanID(scan db.Scan) (string, error) {
	var id string
	return id, scan(&id)
}

func idsOf(list []*person.Person) []string {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	return ids
}

func errGone() error { return fault.New(fault.Gone, "rights.link.gone.text") }

// Who is Subject in a transaction of its own, for a page that shows no data.
func (r *Rights) Who(ctx context.Context, by Asker) (*Subject, error) {
	var s *Subject
	err := r.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		s, err = r.Subject(ctx, tx, by)
		return err
	})
	return s, err
}
