// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	good := opens(t, time.Monday, "08:00", "24:00", 20)
	for name, r := range map[string]Rule{
		"plain":         good,
		"every week":    good.with(func(r *Rule) { r.EveryWeeks = 1 }),
		"two weeks":     good.with(func(r *Rule) { r.EveryWeeks, r.ValidFrom = 2, 20000 }),
		"one day":       good.with(func(r *Rule) { r.ValidFrom, r.ValidUntil = 20000, 20000 }),
		"without start": good.with(func(r *Rule) { r.ValidUntil = 20000 }),
		"released":      good.released(t, 28, "23:59"),
		"the same day":  good.released(t, 0, "23:59"),
	} {
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*Rule){
		"weekday":        func(r *Rule) { r.Weekday = 7 },
		"early":          func(r *Rule) { r.From = -5 },
		"late":           func(r *Rule) { r.To = dayMinutes + 5 },
		"empty":          func(r *Rule) { r.To = r.From },
		"from off grid":  func(r *Rule) { r.From = 483 },
		"to off grid":    func(r *Rule) { r.To = 721 },
		"no interval":    func(r *Rule) { r.Interval = 0 },
		"odd interval":   func(r *Rule) { r.Interval = 12 },
		"minus interval": func(r *Rule) { r.Interval = -5 },
		"huge interval":  func(r *Rule) { r.Interval = dayMinutes + 5 },
		"validity":       func(r *Rule) { r.ValidFrom, r.ValidUntil = 20001, 20000 },
		"minus weeks":    func(r *Rule) { r.EveryWeeks = -2 },
		"weeks of what":  func(r *Rule) { r.EveryWeeks = 2 },
		"release later":  func(r *Rule) { r.Release = &Release{Days: -1} },
		"release early":  func(r *Rule) { r.Release = &Release{Days: 1, Minute: -1} },
		"release 24:00":  func(r *Rule) { r.Release = &Release{Days: 1, Minute: dayMinutes} },
		"release over":   func(r *Rule) { r.To, r.Release = 720, &Release{Minute: 720} },
		"release inside": func(r *Rule) { r.Internal, r.Release = true, &Release{Days: 1} },
	} {
		if good.with(change).Validate() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := closure(t, "2026-11-23", "12:00", "2026-11-23", "12:05").Validate(); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]Closure{
		"empty":    {20000, 60, 20000, 60},
		"backward": {20000, 60, 19999, 120},
		"off grid": {20000, 61, 20000, 120},
		"late":     {20000, 60, 20000, dayMinutes + 5},
		"early":    {20000, -5, 20000, 60},
	} {
		if c.Validate() == nil {
			t.Errorf("closure %s: no error", name)
		}
	}
}
