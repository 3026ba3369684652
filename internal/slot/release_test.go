// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"math"
	"testing"
	"time"
)

// released is the rule with a release.
func (r Rule) released(t testing.TB, days int, at string) Rule {
	return r.with(func(r *Rule) { r.Release = &Release{Days: days, Minute: minute(t, at)} })
}

// TestReleaseInstant: starts appear at the very second of the release, whose
// local time counts on the local date so many days before.
func TestReleaseInstant(t *testing.T) {
	for _, c := range []struct {
		name, zone, date string
		days             int
		at, want         string
	}{
		{"four weeks", "Europe/Berlin", "2026-11-30", 28, "08:00", "2026-11-02T08:00:00+01:00"},
		{"a week across the end of summer time", "Europe/Berlin", "2026-10-29", 7, "08:00", "2026-10-22T08:00:00+02:00"},
		{"a week across the beginning of it", "Europe/Berlin", "2026-04-02", 7, "08:00", "2026-03-26T08:00:00+01:00"},
		{"Sunday with 23 hours", "Europe/Berlin", "2026-04-05", 7, "08:00", "2026-03-29T08:00:00+02:00"},
		{"Sunday with 25 hours", "Europe/Berlin", "2026-11-01", 7, "08:00", "2026-10-25T08:00:00+01:00"},
		{"a time that is skipped", "Europe/Berlin", "2026-04-05", 7, "02:30", "2026-03-29T03:00:00+02:00"},
		{"a time that comes twice", "Europe/Berlin", "2026-11-01", 7, "02:30", "2026-10-25T02:30:00+02:00"},
		{"a midnight that is skipped", "America/Sao_Paulo", "2018-11-11", 7, "00:00", "2018-11-04T01:00:00-02:00"},
		{"a date that is skipped", "Pacific/Apia", "2012-01-06", 7, "08:00", "2011-12-31T00:00:00+14:00"},
		{"on 29 February", "Europe/Berlin", "2028-03-28", 28, "08:00", "2028-02-29T08:00:00+01:00"},
		{"of 29 February", "Europe/Berlin", "2028-02-29", 28, "08:00", "2028-02-01T08:00:00+01:00"},
		{"in a year without it", "Europe/Berlin", "2027-03-28", 28, "08:00", "2027-02-28T08:00:00+01:00"},
		{"the same day", "Europe/Berlin", "2026-11-30", 0, "07:00", "2026-11-30T07:00:00+01:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			loc, day := zone(t, c.zone), date(t, c.date)
			plan := &Plan{Zone: loc, Counters: []Counter{{ID: "one", Rules: []Rule{opens(t, day.Weekday(), "09:00", "10:00", 30).released(t, c.days, c.at)}}}}
			need, at := Need{Ticks: 6}, instant(t, c.want)
			d := plan.Day(day)
			start := TickOf(day.At(9*60, loc))
			for now, want := range map[int64]string{at - 1: "", at: "09:00 09:30", at + 1: "09:00 09:30"} {
				if got := show(d.Slots(need, nil, now, math.MinInt64, forever), loc, "15:04"); got != want {
					t.Errorf("%d seconds from the release: %q", now-at, got)
				}
				if _, ok := d.Pick(need, start, d.Taken(nil), now); ok != (want != "") {
					t.Errorf("%d seconds from the release: picked %v", now-at, ok)
				}
			}
			if got := show(d.Slots(Need{Ticks: 6, Internal: true}, nil, at-1, math.MinInt64, forever), loc, "15:04"); got != "09:00 09:30" {
				t.Errorf("internal search before the release: %q", got)
			}
			if _, ok := d.Pick(Need{Ticks: 6, Internal: true}, start, d.Taken(nil), at-1); !ok || !d.Fits("one", start, 6, false) {
				t.Error("the office cannot pick before the release, or the hours are not public")
			}
			if got, ok := d.NextRelease(need, d.Taken(nil), at-1, 0); !ok || got != at {
				t.Errorf("next release %d %v, want %d", got, ok, at)
			}
			if _, ok := d.NextRelease(need, d.Taken(nil), at, 0); ok {
				t.Error("released twice")
			}
		})
	}
}

// staged is a Monday, 30 November 2026, at a location that releases the morning
// in two steps; the afternoon needs none, and the last hour is the office's.
func staged(t *testing.T) (*Day, *time.Location) {
	loc := zone(t, "Europe/Berlin")
	opens := func(from, to string) Rule { return opens(t, time.Monday, from, to, 30) }
	plan := &Plan{Zone: loc, MinTicks: 3, Counters: []Counter{
		{ID: "one", Services: []string{"passport", "move"}, Rules: []Rule{
			opens("08:00", "09:00").released(t, 28, "08:00"), opens("09:00", "10:00").released(t, 7, "08:00"),
			opens("14:00", "15:00"), opens("15:00", "16:00").with(func(r *Rule) { r.Internal = true })}},
		{ID: "two", Services: []string{"move"}, Rules: []Rule{opens("08:00", "09:00").released(t, 3, "12:00")}},
	}}
	return plan.Day(date(t, "2026-11-30")), loc
}

// TestStages walks through the releases of one day; the day itself is computed once.
func TestStages(t *testing.T) {
	day, loc := staged(t)
	for _, c := range []struct {
		now      string
		services string
		minutes  int
		want     string
		next     string // release, empty: none
	}{
		{"2026-11-01T12:00:00+01:00", "passport", 30, "14:00 14:30", "2026-11-02T08:00:00+01:00"},
		{"2026-11-02T08:00:00+01:00", "passport", 30, "08:00 08:30 14:00 14:30", "2026-11-23T08:00:00+01:00"},
		// Across both hours only when both are released, and the first is not news then.
		{"2026-11-02T08:00:00+01:00", "passport", 60, "08:00 14:00", "2026-11-23T08:00:00+01:00"},
		{"2026-11-23T07:59:59+01:00", "passport", 60, "08:00 14:00", "2026-11-23T08:00:00+01:00"},
		{"2026-11-23T08:00:00+01:00", "passport", 60, "08:00 08:30 09:00 14:00", ""},
		{"2026-11-01T12:00:00+01:00", "passport", 90, "", "2026-11-23T08:00:00+01:00"},
		{"2026-11-01T12:00:00+01:00", "passport", 150, "", ""},
		// The other counter still has its own to come.
		{"2026-11-23T08:00:00+01:00", "move", 60, "08:00 08:30 09:00 14:00", "2026-11-27T12:00:00+01:00"},
		{"2026-11-27T12:00:00+01:00", "move", 60, "08:00 08:30 09:00 14:00", ""},
		{"2026-11-01T12:00:00+01:00", "pickup", 30, "", ""},
	} {
		now := instant(t, c.now)
		need := Need{Services: []string{c.services}, Ticks: Ticks(c.minutes)}
		if got := show(day.Slots(need, nil, now, math.MinInt64, forever), loc, "15:04"); got != c.want {
			t.Errorf("%d minutes of %s at %s: %q, want %q", c.minutes, c.services, c.now, got, c.want)
		}
		next, ok := day.NextRelease(need, day.Taken(nil), now, 0)
		if ok != (c.next != "") || ok && next != instant(t, c.next) {
			t.Errorf("%d minutes of %s at %s: next release %s %v, want %q", c.minutes, c.services, c.now, time.Unix(next, 0).In(loc), ok, c.next)
		}
	}
}

func TestNextReleaseSkips(t *testing.T) {
	day, loc := staged(t)
	at := func(clock string) Tick { return TickOf(date(t, "2026-11-30").At(minute(t, clock), loc)) }
	now := instant(t, "2026-11-01T12:00:00+01:00")
	first, second := instant(t, "2026-11-02T08:00:00+01:00"), instant(t, "2026-11-23T08:00:00+01:00")
	var booked, held []Claim
	for tick := at("08:00"); tick < at("09:00"); tick++ {
		booked = append(booked, Claim{Counter: "one", Tick: tick, Until: forever})
		held = append(held, Claim{Counter: "one", Tick: tick, Until: first})
	}
	for _, c := range []struct {
		name   string
		need   Need
		claims []Claim
		lead   int64
		want   int64 // 0: none
	}{
		{"what is booked already", Need{Services: []string{"passport"}, Ticks: 6}, booked, 0, second},
		{"but not a claim that runs out by then", Need{Services: []string{"passport"}, Ticks: 6}, held, 0, first},
		{"what comes too late for the lead time", Need{Services: []string{"passport"}, Ticks: 6}, nil, 8 * 86400, first},
		{"what none can reach", Need{Services: []string{"passport"}, Ticks: 6}, nil, 29 * 86400, 0},
		{"internal searches", Need{Services: []string{"passport"}, Ticks: 6, Internal: true}, nil, 0, 0},
	} {
		if got, ok := day.NextRelease(c.need, day.Taken(c.claims), now, c.lead); ok != (c.want != 0) || got != c.want {
			t.Errorf("%s: %d %v, want %d", c.name, got, ok, c.want)
		}
	}
}

// TestPickBesideUnreleased: a start that waits for its release can be lost too.
func TestPickBesideUnreleased(t *testing.T) {
	loc := zone(t, "Europe/Berlin")
	later := opens(t, time.Monday, "08:30", "09:00", 10)
	plan := &Plan{Zone: loc, MinTicks: 4, Counters: []Counter{
		{ID: "continued", Rules: []Rule{opens(t, time.Monday, "08:00", "08:30", 10).released(t, 1, "08:00"), later}},
		{ID: "alone", Rules: []Rule{later}},
	}}
	day := plan.Day(date(t, "2026-11-30"))
	start := TickOf(date(t, "2026-11-30").At(minute(t, "08:30"), loc))
	got, ok := day.Pick(Need{Ticks: 4}, start, day.Taken(nil), instant(t, "2026-11-02T08:00:00+01:00"))
	if !ok || got != "alone" {
		t.Errorf("picked %q %v: on the other counter nobody can begin at 08:20 any more", got, ok)
	}
}

func TestAhead(t *testing.T) {
	day, _ := staged(t)
	for _, c := range []struct {
		services         []string
		earliest, latest int
		ok               bool
	}{
		{[]string{"passport"}, 7, 28, true},
		{[]string{"move"}, 3, 28, true},
		{nil, 3, 28, true},
		{[]string{"pickup"}, 0, 0, false},
	} {
		if few, many, ok := day.plan.Ahead(c.services); few != c.earliest || many != c.latest || ok != c.ok {
			t.Errorf("%v: %d to %d days, %v", c.services, few, many, ok)
		}
	}
}
