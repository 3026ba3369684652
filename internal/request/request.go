// SPDX-License-Identifier: EUPL-1.2

// Package request keeps what people ask for about their data when they do not do it
// on the pages themselves: by letter, by telephone or at the counter, and what the
// pages leave to a clerk. It knows by when each has to be answered (Art. 12(3) GDPR)
// and prepares the answer.
//
// It carries nothing out: what somebody asked for is done in the record by a clerk,
// who then says here what was done. It knows no HTTP.
package request

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Kind is the right that somebody uses.
type Kind string

// The kinds, with the articles of the GDPR.
const (
	Access        Kind = "access"        // Art. 15
	Rectification Kind = "rectification" // Art. 16
	Erasure       Kind = "erasure"       // Art. 17
	Restriction   Kind = "restriction"   // Art. 18
	Portability   Kind = "portability"   // Art. 20
	Objection     Kind = "objection"     // Art. 21
)

// Kinds lists all, in the order of the law.
var Kinds = []Kind{Access, Rectification, Erasure, Restriction, Portability, Objection}

// Channel is how a request came.
type Channel string

// The channels. Online are those that a page has left to a clerk.
const (
	Letter  Channel = "letter"
	Phone   Channel = "phone"
	Counter Channel = "counter"
	Online  Channel = "online"
)

// Channels are those by which clerks receive requests.
var Channels = []Channel{Letter, Phone, Counter}

// State is what became of a request.
type State string

// The states.
const (
	Open    State = "open"
	Done    State = "done"
	Refused State = "refused"
)

// Request is one, opened.
type Request struct {
	ID       string
	TenantID string
	PersonID string // empty: no record was found
	Kind     Kind
	Channel  Channel
	Received slot.Date
	Due      slot.Date // the last day on which it can be answered
	State    State
	Created  int64 // unix seconds, as Closed
	Closed   int64 // 0: open
	Version  int64 // goes up with every change
	Content
}

// Content is what is sealed.
type Content struct {
	From     string // name and address for the answer, several lines
	Note     string `json:",omitempty"` // what was asked
	Extended string `json:",omitempty"` // why it takes longer; empty: it does not
	Outcome  string `json:",omitempty"` // what was done, or why it was refused
	// FirstName and LastName are what a page left to a clerk: the name that the person
	// wants to have.
	FirstName string `json:",omitempty"`
	LastName  string `json:",omitempty"`
}

// Warn is how many days before its last day a request is urgent.
const Warn = 7

// Late tells whether a request should have been answered before a day.
func (r *Request) Late(today slot.Date) bool { return r.State == Open && r.Due < today }

// Soon tells whether little time is left for it.
func (r *Request) Soon(today slot.Date) bool {
	return r.State == Open && r.Due >= today && r.Due < today.AddDays(Warn)
}

// HasData tells whether the answer brings everything that is kept about the person:
// somebody wants access, or a copy, and there is a record.
func (r *Request) HasData() bool {
	return r.PersonID != "" && (r.Kind == Access || r.Kind == Portability)
}

// Due is the last day of so many months after a day: the day with the same number,
// or the last of the month where that has none (Regulation (EEC, Euratom) No 1182/71,
// Art. 3(2)(c)). That it may be a day later when it is a Sunday is left out: nobody
// should wait for that.
func Due(received slot.Date, months int) slot.Date {
	y, m, d := received.Civil()
	return min(slot.DateOf(y, m+time.Month(months), d), slot.DateOf(y, m+time.Month(months)+1, 0))
}

// Requests are those of all tenants. They are safe for concurrent use.
type Requests struct {
	DB       *db.DB
	Key      *seal.Key // of the installation
	Offices  *office.Store
	Bookings *booking.Bookings
	Texts    *locale.Catalogue
}

// Old are those of a tenant that were closed at an instant or before.
var Old = db.Aged{Table: "request", Key: "id", Where: "tenant_id = $1 AND closed <= $2", Order: "closed"}

// What requests leave in the audit.
const (
	actRecorded audit.Action = "request.recorded"
	actSeen     audit.Action = "request.seen"
	actExtended audit.Action = "request.extended"
	actDone     audit.Action = "request.done"
	actRefused  audit.Action = "request.refused"
	actAnswered audit.Action = "request.answered"
)

func bound(id string) string { return "request/" + id + "/content" }

// key is that which seals a tenant's requests. They outlive the records that they
// are about, so it is no person's.
func (q *Requests) key(t *office.Tenant) (*seal.Key, error) {
	key, err := t.OpenKey(q.Key)
	if err != nil {
		return nil, err
	}
	return key.Derive("request"), nil
}

const columns = `SELECT id, tenant_id, COALESCE(person_id, ''), kind, channel, received, due, state, created, COALESCE(closed, 0),
	version, sealed FROM request WHERE `

func (q *Requests) read(ctx context.Context, tx *db.Tx, t *office.Tenant, where string, args ...any) ([]*Request, error) {
	key, err := q.key(t)
	if err != nil {
		return nil, err
	}
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (*Request, error) {
		r := &Request{}
		var sealed []byte
		err := scan(&r.ID, &r.TenantID, &r.PersonID, &r.Kind, &r.Channel, &r.Received, &r.Due, &r.State, &r.Created, &r.Closed, &r.Version, &sealed)
		if err != nil {
			return nil, err
		}
		plain, err := key.Open(sealed, bound(r.ID))
		if err != nil {
			return nil, fmt.Errorf("request %s: %w", r.ID, err)
		}
		if json.Unmarshal(plain, &r.Content) != nil {
			return nil, errors.New("request " + r.ID + " is no record")
		}
		return r, nil
	}, columns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	return list, nil
}

// lock reads a request for a change. It answers NotFound, and Conflict
// "request.changed" unless it has the version that a form was made of.
func (q *Requests) lock(ctx context.Context, tx *db.Tx, by *staff.Member, id string, version int64) (*Request, *office.Tenant, error) {
	r, t, err := q.one(ctx, tx, by, id, tx.ForUpdate())
	if err == nil && r.Version != version {
		err = fault.New(fault.Conflict, "request.changed")
	}
	return r, t, err
}

func (q *Requests) one(ctx context.Context, tx *db.Tx, by *staff.Member, id, forUpdate string) (*Request, *office.Tenant, error) {
	cat, err := q.Offices.Catalogue(ctx, tx, by.TenantID)
	if err != nil {
		return nil, nil, err
	}
	list, err := q.read(ctx, tx, &cat.Tenant, "id = $1 AND tenant_id = $2"+forUpdate, id, by.TenantID)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "error.notfound.text")
	}
	if err != nil {
		return nil, nil, err
	}
	return list[0], &cat.Tenant, nil
}

// save writes what has changed, and raises the version.
func (q *Requests) save(ctx context.Context, tx *db.Tx, t *office.Tenant, r *Request) error {
	sealed, err := q.seal(t, r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE request SET due = $2, state = $3, closed = NULLIF($4, 0), version = version + 1, sealed = $5 WHERE id = $1",
		r.ID, int64(r.Due), string(r.State), r.Closed, sealed)
	if err != nil {
		return fmt.Errorf("update request %s: %w", r.ID, err)
	}
	r.Version++
	return nil
}

func (q *Requests) seal(t *office.Tenant, r *Request) ([]byte, error) {
	key, err := q.key(t)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(r.Content)
	if err != nil {
		return nil, errors.New("encode request " + r.ID)
	}
	return key.Seal(plain, bound(r.ID)), nil
}

func note(ctx context.Context, tx *db.Tx, who audit.Actor, r *Request, a audit.Action) error {
	return audit.Append(ctx, tx, audit.Entry{TenantID: r.TenantID, Actor: who, Action: a, PersonID: r.PersonID, SubjectID: r.ID,
		Detail: string(r.Kind)})
}
