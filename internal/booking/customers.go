// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// What the customer database records in the audit.
const (
	actionSearched audit.Action = "person.searched"
	actionCard     audit.Action = "person.card"
	actionRevealed audit.Action = "person.revealed"
	actionNoted    audit.Action = "person.noted"
	actionMerged   audit.Action = "person.merged"
	actionUnmerged audit.Action = "person.unmerged"
	actionDeleted  audit.Action = "person.deleted" // the record that is left over
	// An appointment that a merge, or its undoing, gave to another record, or that
	// went to the one of somebody who was recognised.
	actionHanded audit.Action = "appointment.handed"
)

// Found is a person whom a search has found. Address and number are masked: a
// list of names is no reason to see them.
type Found struct {
	PersonID            string
	FirstName, LastName string
	Email, Phone        string // masked
	Next                *Visit // nil: nothing to come
	Last                *Visit // that is over and not sensitive; nil: none
	Restricted          bool
	booked              bool // has, or had, an appointment, shown or not
}

const (
	maxPersonsFound = 50
	maxCandidates   = 2000 // whose names are compared
	openBatch       = 100
	maxQuery        = 200 // characters
)

// reading is one meaning of what was typed into the search.
type reading struct {
	how    string // for the audit
	lookup person.Lookup
	fits   func(person.Data) bool // nil: whatever the lookup finds
}

// FindPersons searches the customers of the member's tenant, at all of its
// locations: by reference, e-mail address or telephone number, each complete
// and in any spelling, or by the beginnings of names in any order. It returns
// at most fifty, those who come next first, then those who were here last;
// true says that there are more. Restricted records are found by those who have
// the right RestrictRecord. The right is FindPerson. It answers Invalid
// "customer.query" when there is nothing to search for, "customer.email" and
// "customer.number" for what is no address and no number.
func (b *Bookings) FindPersons(ctx context.Context, by *staff.Member, text string) ([]Found, bool, error) {
	if err := by.May(staff.FindPerson, ""); err != nil {
		return nil, false, err
	}
	var list []Found
	var more bool
	how := ""
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		readings, err := b.readings(ctx, tx, by.TenantID, text)
		if err != nil {
			return err
		}
		for _, r := range readings {
			how = r.how
			if list, more, err = b.search(ctx, tx, by, r); err != nil || len(list) > 0 {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	// Nobody sees what was found unless that is on record.
	err = b.DB.Write(ctx, func(tx *db.Tx) error {
		ids := make([]string, len(list))
		for i, f := range list {
			ids[i] = f.PersonID
		}
		return audit.Append(ctx, tx, audit.Entry{TenantID: by.TenantID, Actor: by.Actor(), Action: actionSearched,
			Detail: fmt.Sprintf("%s, %d", how, len(list))}, ids...)
	})
	if err != nil {
		return nil, false, err
	}
	return list, more, nil
}

// readings are what a text may mean, the likelier first.
func (b *Bookings) readings(ctx context.Context, tx *db.Tx, tenantID, text string) ([]reading, error) {
	text = strings.TrimSpace(text)
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	switch {
	case len([]rune(text)) > maxQuery:
		return nil, fault.New(fault.Invalid, "customer.query")
	case strings.Contains(text, "@"):
		return b.byContact(ctx, tx, tenantID, "email", text)
	case digits == "" || strings.Trim(text, "0123456789 +-/().\u00a0\u202a\u202c") != "":
		q, ok := person.ParseName(text)
		if !ok {
			return nil, fault.New(fault.Invalid, "customer.query")
		}
		l, err := b.Persons.ByName(ctx, tx, tenantID, q)
		return []reading{{"name", l, q.Matches}}, err
	}
	phone, err := b.byContact(ctx, tx, tenantID, "phone", text)
	if len(digits) != 8 {
		return phone, err
	}
	if err != nil && fault.Of(err) != fault.Invalid {
		return nil, err
	}
	return append([]reading{{how: "reference", lookup: person.Lookup{
		SQL:  "SELECT person_id FROM appointment WHERE tenant_id = $1 AND reference = $2 AND person_id IS NOT NULL",
		Args: []any{tenantID, digits}}}}, phone...), nil
}

func (b *Bookings) byContact(ctx context.Context, tx *db.Tx, tenantID, how, text string) ([]reading, error) {
	email, phone, problem := text, "", "customer.email"
	if how == "phone" {
		email, phone, problem = "", text, "customer.number"
	}
	l, ok, err := b.Persons.ByContact(ctx, tx, tenantID, email, phone)
	if err == nil && !ok {
		err = fault.New(fault.Invalid, problem)
	}
	if err != nil {
		return nil, err
	}
	return []reading{{how: how, lookup: l}}, nil
}

// candidates is the query for the ids of those whom a lookup finds, in the
// order of the answer. Who is just filling in a form is not there yet.
func candidates(l person.Lookup, now int64) (string, []any) {
	n := len(l.Args)
	return fmt.Sprintf(`SELECT x.person_id FROM (
			SELECT f.person_id, COUNT(a.id) AS visits, COUNT(CASE WHEN a.state <> 'held' THEN 1 END) AS booked,
				MIN(CASE WHEN a.state IN ('unconfirmed', 'confirmed', 'arrived', 'called') AND a.start_tick + a.ticks > $%d
					AND (a.until = 0 OR a.until > $%d) THEN a.start_tick END) AS coming,
				MAX(a.start_tick) AS latest
			FROM (%s) f LEFT JOIN appointment a ON a.person_id = f.person_id GROUP BY f.person_id) x
		WHERE x.visits = 0 OR x.booked > 0
		ORDER BY CASE WHEN x.coming IS NULL THEN 1 ELSE 0 END, x.coming, x.latest DESC, x.person_id LIMIT $%d`,
		n+1, n+2, l.SQL, n+3), append(slices.Clone(l.Args), int64(slot.TickOf(now)), now, maxCandidates)
}

// search opens the candidates one batch after another until there are enough.
func (b *Bookings) search(ctx context.Context, tx *db.Tx, by *staff.Member, r reading) ([]Found, bool, error) {
	q, args := candidates(r.lookup, tx.Unix())
	ids, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		return id, scan(&id)
	}, q, args...)
	if err != nil {
		return nil, false, fmt.Errorf("search persons: %w", err)
	}
	more := len(ids) == maxCandidates
	var persons []*person.Person
	for batch := range slices.Chunk(ids, openBatch) {
		opened, err := b.Persons.LoadAll(ctx, tx, by.TenantID, batch)
		if err != nil {
			return nil, false, err
		}
		for _, p := range opened {
			if visible(by, p) && (r.fits == nil || r.fits(p.Data)) {
				persons = append(persons, p)
			}
		}
		if len(persons) > maxPersonsFound {
			persons, more = persons[:maxPersonsFound], true
			break
		}
	}
	list, err := b.foundOf(ctx, tx, by, persons)
	return list, more, err
}

// foundOf adds the appointments to persons.
func (b *Bookings) foundOf(ctx context.Context, tx *db.Tx, by *staff.Member, persons []*person.Person) ([]Found, error) {
	ids := make([]string, len(persons))
	for i, p := range persons {
		ids[i] = p.ID
	}
	visits, err := b.visits(ctx, tx, by, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Found, len(persons))
	for i, p := range persons {
		list[i] = Found{PersonID: p.ID, FirstName: p.Data.FirstName, LastName: p.Data.LastName,
			Email: person.MaskEmail(p.Data.Email), Phone: person.MaskPhone(p.Data.Phone), Restricted: !p.Restricted.IsZero()}
		list[i].Next, list[i].Last = around(visits[p.ID].shown)
		list[i].booked = len(visits[p.ID].locations) > 0
	}
	return list, nil
}

// current is the person of an id or, when that record went into another one,
// the person of that. Somebody who has not booked anything yet is NotFound.
func (b *Bookings) current(ctx context.Context, tx *db.Tx, tenantID, id string) (*person.Person, error) {
	id, err := b.Persons.Current(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return b.booked(ctx, tx, tenantID, id)
}

func (b *Bookings) booked(ctx context.Context, tx *db.Tx, tenantID, id string) (*person.Person, error) {
	p, err := b.Persons.Load(ctx, tx, tenantID, id)
	if err != nil {
		return nil, err
	}
	var all, held int
	err = tx.QueryRow(ctx, "SELECT COUNT(*), COUNT(CASE WHEN state = 'held' THEN 1 END) FROM appointment WHERE person_id = $1", id).Scan(&all, &held)
	if err != nil {
		return nil, fmt.Errorf("count appointments of person %s: %w", id, err)
	}
	if all > 0 && all == held {
		return nil, fault.New(fault.NotFound, "error.notfound.text")
	}
	return p, nil
}
