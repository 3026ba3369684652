// SPDX-License-Identifier: EUPL-1.2

// Package statistics counts how the service is used: so many of something on a
// day, and nothing else.
//
// What is counted is counted at the moment at which it happens, into totals of a
// day. Nothing is worked out from records of people afterwards, and nothing is
// remembered between two events: no cookie, no address, no hash of either, so
// that two views by one visitor and one view each by two are the same. There is
// no counter either: a counter may be a person.
//
// Who reads totals gets them in groups of five (see Read). Who objects is not
// counted (see Without). This package knows no HTTP and no rights; what an event
// is, those say who see it happen.
package statistics

import (
	"context"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
)

// Measure is what is counted.
type Measure string

// The measures.
const (
	Views     Measure = "views"     // of a step of the booking
	Full      Measure = "full"      // searches that found nothing up to the horizon
	Asked     Measure = "asked"     // services booked, by their id and as often as wanted
	Lead      Measure = "lead"      // bookings, by the days until the appointment
	Cancelled Measure = "cancelled" // by whom
	Missed    Measure = "missed"    // nobody came
	Language  Measure = "language"  // of the pages in Views
	Device    Measure = "device"    // on which they were seen
)

// Measures lists all, in the order in which they are shown.
var Measures = []Measure{Views, Full, Asked, Lead, Cancelled, Missed, Language, Device}

// The parts of Views.
const (
	Services = "services"
	Times    = "times"
	Details  = "details"
	Check    = "check"
	Done     = "done"
)

// The parts of Cancelled.
const (
	ByCitizen = "citizen"
	ByOffice  = "office"
)

// leads are the parts of Lead: the first day of each and the name.
var leads = []struct {
	from int
	name string
}{{0, "0"}, {1, "1-2"}, {3, "3-7"}, {8, "8-14"}, {15, "15-30"}, {31, "31"}}

// LeadOf is the part of Lead for a number of days, of which there are none before
// today.
func LeadOf(days int) string {
	name := leads[0].name
	for _, l := range leads {
		if days >= l.from {
			name = l.name
		}
	}
	return name
}

// Parts are those of a measure whose parts are a fixed list, in their order; nil
// for one without parts, and for services.
func (m Measure) Parts() []string {
	var list []string
	switch m {
	case Views:
		list = []string{Services, Times, Details, Check, Done}
	case Lead:
		for _, l := range leads {
			list = append(list, l.name)
		}
	case Cancelled:
		list = []string{ByCitizen, ByOffice}
	case Language:
		for _, l := range locale.Langs {
			list = append(list, string(l))
		}
	case Device:
		list = []string{Phone, Tablet, Computer, Other}
	}
	return list
}

// Placed tells whether a measure is counted by location. Pages are not: the first
// one belongs to none.
func (m Measure) Placed() bool { return m != Views && m != Language && m != Device }

// Row is what has one total: all that is known about an event.
type Row struct {
	TenantID   string
	Day        slot.Date // of the tenant
	LocationID string    // empty unless the measure is placed
	Measure    Measure
	Part       string // empty for a measure without parts
}

type objection struct{}

// Without is a context for what somebody does who objects to being counted.
func Without(ctx context.Context) context.Context {
	return context.WithValue(ctx, objection{}, true)
}

// Objected tells whether a context comes from Without.
func Objected(ctx context.Context) bool { return ctx.Value(objection{}) != nil }
