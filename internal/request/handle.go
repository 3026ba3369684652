// SPDX-License-Identifier: EUPL-1.2

package request

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Names of the forms' fields, as they appear in Fields of a fault.
const (
	FieldKind     = "request-kind"
	FieldChannel  = "request-channel"
	FieldReceived = "request-received"
	FieldFrom     = "request-from"
	FieldNote     = "request-note"
	FieldReason   = "request-reason"
	FieldOutcome  = "request-outcome"
)

// The longest texts, in characters.
const (
	MaxFrom = 500
	MaxText = 2000
)

// First and Longest are how many months an answer may take (Art. 12(3) GDPR): as a
// rule, and when somebody has said why it takes longer.
const (
	First   = 1
	Longest = 3
)

// oldest is how many days ago a request may have come that is recorded now.
const oldest = 366

// New is what a clerk records.
type New struct {
	PersonID string // empty: there is no record, or none was found
	Kind     Kind
	Channel  Channel
	Received slot.Date
	From     string // empty: name and address of the record
	Note     string
}

// Record keeps a request and returns its id. The right is RecordRequest, and
// FindPerson for one about a record. The same form sent twice keeps it once. It
// answers Invalid "form.incomplete" with fields, Forbidden "customer.hidden.text",
// NotFound.
func (q *Requests) Record(ctx context.Context, by *staff.Member, n New) (string, error) {
	if err := by.May(staff.RecordRequest, ""); err != nil {
		return "", err
	}
	id := ""
	err := q.DB.Write(ctx, func(tx *db.Tx) error {
		cat, err := q.Offices.Catalogue(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		r := &Request{ID: db.NewID(), TenantID: by.TenantID, Kind: n.Kind, Channel: n.Channel, Received: n.Received, State: Open,
			Content: Content{From: n.From, Note: n.Note}}
		if n.PersonID != "" {
			p, err := q.Bookings.Visible(ctx, tx, by, n.PersonID)
			if err != nil {
				return err
			}
			r.PersonID = p.ID
			if strings.TrimSpace(r.From) == "" {
				r.From = Address(p.Data)
			}
		}
		if wrong := check(r, slot.DateIn(tx.Unix(), cat.Tenant.Zone)); len(wrong) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: wrong}
		}
		known, err := q.same(ctx, tx, &cat.Tenant, r)
		if err != nil || known != "" {
			id = known
			return err
		}
		id = r.ID
		return q.insert(ctx, tx, &cat.Tenant, by.Actor(), r)
	})
	return id, err
}

// Address is how a letter to a person begins.
func Address(d person.Data) string {
	var lines []string
	for _, s := range []string{d.FirstName + " " + d.LastName, d.Street, d.Postcode + " " + d.City} {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

// check tidies a new request and says what has to be corrected.
func check(r *Request, today slot.Date) []fault.Field {
	var wrong []fault.Field
	if !slices.Contains(Kinds, r.Kind) {
		wrong = append(wrong, fault.Field{Name: FieldKind, Key: "field.required"})
	}
	if !slices.Contains(Channels, r.Channel) {
		wrong = append(wrong, fault.Field{Name: FieldChannel, Key: "field.required"})
	}
	if r.Received > today || r.Received < today.AddDays(-oldest) {
		wrong = append(wrong, fault.Field{Name: FieldReceived, Key: "request.received"})
	}
	var from, text []fault.Field
	r.From, from = person.CheckText(FieldFrom, r.From, MaxFrom, true)
	r.Note, text = person.CheckText(FieldNote, r.Note, MaxText, false)
	return slices.Concat(wrong, from, text)
}

// same is the id of an open request that says the same; empty for none.
func (q *Requests) same(ctx context.Context, tx *db.Tx, t *office.Tenant, r *Request) (string, error) {
	list, err := q.read(ctx, tx, t, "tenant_id = $1 AND state = 'open' AND kind = $2 AND received = $3 AND COALESCE(person_id, '') = $4",
		r.TenantID, string(r.Kind), int64(r.Received), r.PersonID)
	for _, known := range list {
		if known.Content == r.Content {
			return known.ID, err
		}
	}
	return "", err
}

func (q *Requests) insert(ctx context.Context, tx *db.Tx, t *office.Tenant, who audit.Actor, r *Request) error {
	r.Due, r.Created, r.Version = Due(r.Received, First), tx.Unix(), 1
	sealed, err := q.seal(t, r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO request (id, tenant_id, person_id, kind, channel, received, due, state, created, version, sealed)
		VALUES ($1, $2, NULLIF($3, ''), $4, $5, $6, $7, $8, $9, $10, $11)`, r.ID, r.TenantID, r.PersonID, string(r.Kind), string(r.Channel),
		int64(r.Received), int64(r.Due), string(r.State), r.Created, r.Version, sealed)
	if err != nil {
		return fmt.Errorf("insert request: %w", err)
	}
	return note(ctx, tx, who, r, actRecorded)
}

// Leave keeps a request of a person that a page leaves to a clerk: another name.
// Asking for the same twice, while nobody has decided, is once.
func (q *Requests) Leave(ctx context.Context, tx *db.Tx, t *office.Tenant, p *person.Person, firstName, lastName string) error {
	r := &Request{ID: db.NewID(), TenantID: t.ID, PersonID: p.ID, Kind: Rectification, Channel: Online,
		Received: slot.DateIn(tx.Unix(), t.Zone), State: Open,
		Content: Content{From: Address(p.Data), FirstName: firstName, LastName: lastName}}
	open, err := q.read(ctx, tx, t, "person_id = $1 AND tenant_id = $2 AND state = 'open' AND kind = $3", p.ID, t.ID, string(Rectification))
	if err != nil {
		return err
	}
	for _, known := range open {
		if known.FirstName == firstName && known.LastName == lastName {
			return nil
		}
	}
	return q.insert(ctx, tx, t, audit.Actor{Kind: audit.Citizen}, r)
}

// Extend gives a request two more months, once, for a reason of which the person has
// to be told (Art. 12(3) GDPR). It answers Invalid with the field FieldReason,
// Conflict "request.changed", "request.closed" or "request.extended", NotFound. The
// right is HandleRequests.
func (q *Requests) Extend(ctx context.Context, by *staff.Member, id string, version int64, reason string) error {
	return q.decide(ctx, by, id, version, FieldReason, reason, func(_ *db.Tx, r *Request, text string) (audit.Action, error) {
		if r.Extended != "" {
			return "", fault.New(fault.Conflict, "request.extended")
		}
		r.Extended, r.Due = text, Due(r.Received, Longest)
		return actExtended, nil
	})
}

// Close notes what was done, or why the request was refused. It answers Invalid with
// the field FieldOutcome, and the rest as Extend does.
func (q *Requests) Close(ctx context.Context, by *staff.Member, id string, version int64, done bool, outcome string) error {
	return q.decide(ctx, by, id, version, FieldOutcome, outcome, func(tx *db.Tx, r *Request, text string) (audit.Action, error) {
		r.Outcome, r.Closed, r.State = text, tx.Unix(), Refused
		if done {
			r.State = Done
			return actDone, nil
		}
		return actRefused, nil
	})
}

func (q *Requests) decide(ctx context.Context, by *staff.Member, id string, version int64, field, typed string,
	change func(*db.Tx, *Request, string) (audit.Action, error)) error {
	if err := by.May(staff.HandleRequests, ""); err != nil {
		return err
	}
	text, wrong := person.CheckText(field, typed, MaxText, true)
	return q.DB.Write(ctx, func(tx *db.Tx) error {
		r, t, err := q.lock(ctx, tx, by, id, version)
		if err != nil {
			return err
		}
		if r.State != Open {
			return fault.New(fault.Conflict, "request.closed")
		}
		if len(wrong) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: wrong}
		}
		action, err := change(tx, r, text)
		if err != nil {
			return err
		}
		if err := q.save(ctx, tx, t, r); err != nil {
			return err
		}
		return note(ctx, tx, by.Actor(), r, action)
	})
}
