// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
)

// File is the content of a tenant file that Parse found to be right: every key
// in it exists once, and every key that it refers to exists.
type File struct {
	Tenant    Tenant // without Revision and SealedKey
	Holidays  []FileHoliday
	Closures  []FileClosure
	Groups    []Group
	Services  []Service // without IDs
	Locations []FileLocation
}

// FileHoliday is a day off in addition to the public holidays of the Land,
// every year. It is a date if Month is not 0, else a distance from Easter.
type FileHoliday struct {
	Month, Day int
	Easter     int // days after Easter Sunday, negative before
	From       int // minutes after midnight at which it begins; it lasts until midnight
	Name       locale.Text
}

// FileClosure shuts the whole tenant, or a location, or one counter of it.
type FileClosure struct {
	Location string // key; empty: the whole tenant
	Counter  string // key within the location; empty: all of it
	Time     slot.Closure
	Reason   locale.Text
}

// FileLocation is a location with what the file says below it. Location has
// neither IDs nor Counters nor Plan.
type FileLocation struct {
	Location Location
	Counters []FileCounter
}

// FileCounter is a counter with its hours. Counter.Services are keys here.
type FileCounter struct {
	Counter Counter
	Rules   []slot.Rule // one per weekday
}
