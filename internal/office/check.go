// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"maps"
	"slices"

	"vorzimmer/internal/slot"
)

// reference is a place of the file that names a thing by its key.
type reference struct {
	kind, key string
	line      int
}

// counterKind is the kind of a location's counters, whose keys are its own.
func counterKind(location string) string { return "counter of " + location }

// define notes that a thing exists, which must not have happened before.
func (r *reader) define(kind, key string, line int) {
	if key == "" {
		return
	}
	if r.defined[kind] == nil {
		r.defined[kind] = map[string]int{}
	}
	if first, twice := r.defined[kind][key]; twice {
		r.fail(line, "%s %q exists already, on line %d: choose another key", kind, key, first)
		return
	}
	r.defined[kind][key] = line
}

// check looks at what can only be known when the whole file was read.
func (r *reader) check() {
	offered := map[string]bool{}
	for _, ref := range r.refs {
		if ref.kind == "service" {
			offered[ref.key] = true
		}
		if _, ok := r.defined[ref.kind][ref.key]; !ok && r.placed(ref.kind) {
			r.fail(ref.line, "there is no %s %q: define it or correct the key", ref.kind, ref.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.defined["service"])) {
		if !offered[key] {
			r.fail(r.defined["service"][key], "no counter offers service %q: add it to a counter or remove it", key)
		}
	}
}

// placed is false for counters of a location that does not exist: that is
// reported once, at the location's key.
func (r *reader) placed(kind string) bool {
	switch kind {
	case "group", "service", "location":
		return true
	}
	return len(r.defined[kind]) > 0
}

// overlaps reports openings of one counter that cover the same time, once for
// each pair.
func (r *reader) overlaps(all []opening) {
	for i, later := range all {
		for _, earlier := range all[:i] {
			if day, ok := common(earlier, later); ok {
				r.fail(later.line, "these hours overlap on %s with those on line %d: change one of them", day, earlier.line)
			}
		}
	}
}

// common is the first weekday on which two openings cover the same time.
func common(a, b opening) (string, bool) {
	for _, x := range a.rules {
		for _, y := range b.rules {
			if overlap(x, y) {
				return weekdays[x.Weekday], true
			}
		}
	}
	return "", false
}

// overlap tells whether two valid rules open the same minute of some date.
func overlap(a, b slot.Rule) bool {
	if a.Weekday != b.Weekday || a.From >= b.To || b.From >= a.To {
		return false
	}
	last := cmp.Or(min(a.ValidUntil, b.ValidUntil), a.ValidUntil, b.ValidUntil) // 0: for good
	day := max(a.ValidFrom, b.ValidFrom)
	day = day.AddDays((int(a.Weekday-day.Weekday()) + 7) % 7)
	// After so many weeks two rhythms begin again.
	for range max(a.EveryWeeks, 1) * max(b.EveryWeeks, 1) {
		if last != 0 && day > last {
			return false
		}
		if inRhythm(a, day) && inRhythm(b, day) {
			return true
		}
		day = day.AddDays(7)
	}
	return false
}

func inRhythm(r slot.Rule, d slot.Date) bool {
	return r.EveryWeeks <= 1 || (week(d)-week(r.ValidFrom))%r.EveryWeeks == 0
}

// week numbers weeks from Monday on; 1970-01-01 was a Thursday.
func week(d slot.Date) int { return (int(d) + 3) / 7 }
