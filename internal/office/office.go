// SPDX-License-Identifier: EUPL-1.2

// Package office knows what a town hall offers: the tenant with its
// controller and processors, locations with counters, hours and closures, and
// the catalogue of services.
//
// A Catalogue is one immutable state of all that, loaded once per revision.
// This package does not know who booked what; that is package booking.
package office

import (
	"slices"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// Tenant is an authority that runs its appointments here.
type Tenant struct {
	ID         string // its key: lower-case letters, digits, hyphens
	Revision   int64
	SealedKey  []byte
	Name       string
	Land       string // code as in slot.Lands
	Zone       *time.Location
	Controller Controller
	Processors []Processor
	Booking    BookingRules

	SecondFactor bool // those who work here must have one
	Retention    privacy.Periods
	Statements   Statements
}

// Controller is who answers for the data (Art. 4(7) GDPR).
type Controller struct{ Name, Street, Postcode, City, Phone, Email string }

// Processor is a recipient of data (Art. 28 GDPR).
type Processor struct {
	Role    string // operator, hosting or sms
	Name    string
	Address string
}

// BookingRules are what a tenant decides about bookings.
type BookingRules struct {
	Hold                 time.Duration
	MaxExtensions        int
	ConfirmEmail         bool // appointments stay unconfirmed until the mailbox is confirmed
	ConfirmWithin        time.Duration
	UnverifiedPerAddress int           // active appointments of one e-mail address that nobody verified
	ActivePerPerson      int           // coming appointments of one mailbox or telephone for the same service
	Cooldown             time.Duration // a cancelled slot returns after a random part of this
}

// Group is a heading of the list of services.
type Group struct {
	Key  string
	Name locale.Text
}

// Service is what people come for.
type Service struct {
	ID, Key     string
	Retired     bool
	Group       string // key of a Group
	Common      bool   // shown first
	Minutes     int    // for one
	Buffer      int    // minutes that the counter needs afterwards
	MaxQuantity int
	Combines    string // services with the same word combine; empty: with none
	LeiKa       string // 14 digits or empty
	Name        locale.Text
	Fee         locale.Text
	Bring       locale.Texts
	Note        locale.Text
	Words       string // further search words, separated by spaces
	Sensitive   bool   // says a lot about somebody: not named in mails and calendars, kept shorter
	NameFixed   bool   // only the desk changes the name of an appointment
	KeepDays    int    // after the appointment, if that is shorter; 0: as long as others
}

// Location is a place where people come to.
type Location struct {
	ID, Key                string
	Retired                bool
	Name                   locale.Text
	Street, Postcode, City string
	Phone                  string
	PhoneHours             locale.Text
	Directions             locale.Text
	OfficeMail             string
	Lead                   time.Duration // a start is at least this far ahead
	HorizonDays            int           // and at most so many local days
	DayListAt              int           // when OfficeMail gets the next day's list: minutes after local midnight, or NoDayList
	Counters               []Counter     // likewise, in the office's order, those for overflow after it
	Plan                   *slot.Plan    // of the counters that are not retired and not for overflow
}

// NoDayList is for locations that want no lists by mail.
const NoDayList = -1

// Counter is one line of capacity: a desk, a room or a named clerk.
type Counter struct {
	ID, Key    string
	Retired    bool
	Name       locale.Text
	OfficeMail string   // empty: the location's
	Services   []string // ids
	Overflow   bool     // not open, offers nothing: for what is booked beyond capacity
}

// Staffed tells whether somebody works at the counter.
func (c *Counter) Staffed() bool { return !c.Retired && !c.Overflow }

// Offers tells whether the counter does all of the services, by their ids.
func (c *Counter) Offers(services ...string) bool {
	for _, id := range services {
		if !slices.Contains(c.Services, id) {
			return false
		}
	}
	return true
}

// Offers tells whether one counter of the location does all of the services, by
// their ids.
func (l *Location) Offers(services ...string) bool {
	return slices.ContainsFunc(l.Counters, func(c Counter) bool { return c.Staffed() && c.Offers(services...) })
}

// Catalogue is everything about a tenant at one revision. Nobody changes it.
type Catalogue struct {
	Tenant    Tenant
	Groups    []Group
	Services  []Service  // in the office's order, retired ones last
	Locations []Location // likewise

	index []entry // of the search
}
