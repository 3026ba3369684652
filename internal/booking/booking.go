// SPDX-License-Identifier: EUPL-1.2

// Package booking lets people hold, book, move and cancel appointments, and
// holds the promise that no two of them ever share a counter and a tick.
//
// The promise is the primary key of table claim; see claim.go. Everything
// else here is about being helpful: choosing a counter, renewing a hold,
// answering a second click like the first.
//
// Every function that changes an appointment is one use case and one
// transaction. Locks are taken in this order: revision rows by location and day,
// then tokens of persons, then all other rows. Only a visitor whose hold is
// running begins with its row and ends with the day, so as not to keep others
// from it; where the two ways meet, the engine has one of them begin again. This
// package knows no HTTP and sends no mail: it leaves rows for package message in
// the same transaction.
package booking

import (
	"context"
	"slices"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"
)

// State of an appointment. Each transition is made by one function.
type State string

// The states. Hold makes held, Confirm makes unconfirmed or confirmed, Verify
// and BookFor confirmed, Cancel and CancelFor cancelled; Housekeep expires what
// nobody confirmed. Arrive, Call, Finish and Missed make the states of the
// visit, and Back undoes the last of them.
const (
	Held        State = "held"
	Unconfirmed State = "unconfirmed" // waits for a sign from the mailbox
	Confirmed   State = "confirmed"
	Arrived     State = "arrived" // is here and waits
	Called      State = "called"  // is at a counter
	Served      State = "served"
	NoShow      State = "no_show" // did not appear
	Cancelled   State = "cancelled"
	Expired     State = "expired"
)

// Where appointments come from.
const (
	OriginOnline = "online"
	OriginDesk   = "desk"
)

// seen tells whether the desk has noted something about the visit.
func (s State) seen() bool { return s == Arrived || s == Called || s == Served || s == NoShow }

// Links makes the addresses that go into messages, from the configured base
// URL of a tenant and never from a request.
type Links struct {
	Start  func(tenantID string, l locale.Lang) string
	Manage func(tenantID string, l locale.Lang, s seal.Secret) string
	Verify func(tenantID string, l locale.Lang, s seal.Secret) string
}

// Bookings is the book of all tenants. It is safe for concurrent use.
type Bookings struct {
	DB      *db.DB
	Offices *office.Store
	Persons *person.Vault
	Texts   *locale.Catalogue
	Links   Links
	From    string // address that mails come from
	Wake    func() // tells the worker that there is something to send
	Font    []byte // TrueType, for what is printed
	// Erasures is where it is noted what was erased.
	Erasures *erasure.List
	// Names gives the names of a tenant's staff by id. Without it, which is nil,
	// people are called by their role.
	Names func(ctx context.Context, by *staff.Member) (map[string]string, error)
	// Statistics counts what happens to appointments; nil: nobody does.
	Statistics *statistics.Counter

	seen   horizons
	live   live
	looked looked
	listed listed
}

// Appointment is one visit, from the hold on.
type Appointment struct {
	ID         string
	TenantID   string
	Tenant     *office.Tenant
	Location   *office.Location
	Counter    *office.Counter
	Reference  string // eight digits
	State      State
	Lang       locale.Lang
	Start      slot.Tick
	Ticks      int // length on the counter with the buffer, frozen
	Minutes    int // length for the citizen, frozen
	Services   []Booked
	Until      int64 // unix seconds: end of the hold, or of the time to confirm; 0: none
	Extensions int   // how often the hold was prolonged
	Sequence   int
	Changed    int64
	PersonID   string // empty until the form was filled in
	Version    int64  // goes up with every change, so that a form can tell what it was made of
	Origin     string // OriginOnline or OriginDesk
	Overbooked string // why it was booked beyond capacity, where the person was read with it; else empty
	Arrived    int64  // unix seconds, like the next two; 0: not yet
	Called     int64
	Finished   int64           // served, or did not appear
	CalledAt   *office.Counter // nil: not called

	reason []byte // Overbooked, sealed under the person's key; nil: within capacity
}

// Beyond tells whether an appointment was booked beyond capacity.
func (a *Appointment) Beyond() bool { return a.reason != nil }

// sealReason seals why it was, if it was: a clerk may have written anything.
func (a *Appointment) sealReason(key *seal.Key) {
	if a.Overbooked != "" {
		a.reason = key.Seal([]byte(a.Overbooked), boundReason(a.ID))
	}
}

// boundReason names the row that the reason is sealed for.
func boundReason(appointmentID string) string { return "appointment/" + appointmentID + "/overbooked" }

// Booked is a service of an appointment with its frozen duration.
type Booked struct {
	Service  *office.Service
	Quantity int
	Minutes  int // for one
}

// Begin is the start in the location's zone.
func (a *Appointment) Begin() time.Time {
	return time.Unix(a.Start.Unix(), 0).In(a.Location.Plan.Zone)
}

// End is when the citizen is done.
func (a *Appointment) End() time.Time {
	return a.Begin().Add(time.Duration(a.Minutes) * time.Minute)
}

// Active tells whether somebody is expected who has not come yet.
func (a *Appointment) Active() bool { return a.State == Unconfirmed || a.State == Confirmed }

// RunOut tells whether the hold, or the time to confirm, was over at now.
func (a *Appointment) RunOut(now time.Time) bool {
	return (a.State == Held || a.State == Unconfirmed) && a.Until <= now.Unix()
}

// sensitive tells whether one of the services says a lot about somebody: then all of
// the appointment does.
func (a *Appointment) sensitive() bool {
	return slices.ContainsFunc(a.Services, func(s Booked) bool { return office.Sensitive(s.Service) })
}

func (a *Appointment) day() day {
	return day{a.Location.ID, slot.DateIn(a.Start.Unix(), a.Location.Plan.Zone)}
}

func (a *Appointment) serviceIDs() []string {
	ids := make([]string, len(a.Services))
	for i, s := range a.Services {
		ids[i] = s.Service.ID
	}
	return ids
}
