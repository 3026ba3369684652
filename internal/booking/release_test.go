// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
)

// change imports the town again with pairs of texts replaced.
func (w *town) change(oldnew ...string) {
	w.Helper()
	officetest.ImportFile(w.T, w.Env, w.kek, changed(w.T, oldnew...))
}

// changed is the town's file with pairs of texts replaced.
func changed(t *testing.T, oldnew ...string) []byte {
	t.Helper()
	s := string(officetest.Town)
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(s, oldnew[i]) {
			t.Fatalf("the town has no %q", oldnew[i])
		}
		s = strings.ReplaceAll(s, oldnew[i], oldnew[i+1])
	}
	return []byte(s)
}

// search is the one for a service at a location.
func (w *town) search(service, location string) booking.Search {
	w.Helper()
	cat, err := w.Bookings.Catalogue(w.Context(), w.tenant)
	if err != nil {
		w.Fatal(err)
	}
	sel, err := cat.Select([]office.Wanted{{Key: service, Quantity: 1}})
	if err != nil {
		w.Fatal(err)
	}
	l, ok := cat.Location(location)
	if !ok {
		w.Fatalf("no location %s", location)
	}
	return booking.SearchFor(l, sel)
}

// nextRelease is 0 when there is none.
func (w *town) nextRelease(service, location string) int64 {
	w.Helper()
	next, ok, err := w.NextRelease(w.Context(), w.search(service, location))
	if err != nil || ok != (next != 0) {
		w.Fatal(next, ok, err)
	}
	return next
}

// counter is the line of a counter's name in the file, and that line with a release.
func counter(n, release string) (string, string) {
	line := "name: {de: Schalter " + n + ", en: Counter " + n + "}\n        services: [ausweis, pass, meldung]"
	return line, line + "\n        release: " + release
}

// stage releases the first counter of the town hall a week ahead and the second
// one a day ahead, both at eight.
func (w *town) stage() {
	w.Helper()
	first, early := counter("1", `{days: 7, at: "08:00"}`)
	second, late := counter("2", `{days: 1, at: "08:00"}`)
	w.change(first, early, second, late)
}

// Before its release nobody can have a slot, however they ask for it; from that
// second on everybody can.
func TestStagedRelease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.stage()
		release, wanted := at(8, 8, 0), at(15, 10, 0)
		mine := w.book("ausweis", at(8, 10, 0))
		w.Clock.Set(time.Unix(release-1, 0))
		if w.free("ausweis", wanted) || !w.free("ausweis", at(14, 10, 0)) {
			t.Error("a second before the release: what is shown is not what is released")
		}
		_, err := w.hold("ausweis", wanted)
		wantKind(t, err, fault.Conflict, "booking.taken")
		wantKind(t, w.Move(t.Context(), w.tenant, mine, "", wanted), fault.Conflict, "booking.taken")
		if got := w.nextRelease("ausweis", "rathaus"); got != release {
			t.Errorf("next release at %d, want %d", got, release)
		}

		w.Clock.Set(time.Unix(release, 0))
		if !w.free("ausweis", wanted) {
			t.Error("not shown at its release")
		}
		if err := w.Move(t.Context(), w.tenant, mine, "", wanted); err != nil {
			t.Error(err)
		}
		if got := w.nextRelease("ausweis", "rathaus"); got != at(9, 8, 0) {
			t.Errorf("then the next release at %d, want %d", got, at(9, 8, 0))
		}
	})
}

// Of two counters one is released early: it takes one, and the second place
// waits.
func TestReleaseOfOneCounterOfTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.stage()
		w.book("ausweis", at(11, 10, 0))
		_, err := w.hold("ausweis", at(11, 10, 0))
		wantKind(t, err, fault.Conflict, "booking.taken")
		if got := w.nextRelease("ausweis", "rathaus"); got != at(8, 8, 0) {
			t.Errorf("next release at %d, want %d", got, at(8, 8, 0))
		}
		w.Clock.Set(time.Unix(at(10, 8, 0), 0))
		w.book("ausweis", at(11, 10, 0))
		_, err = w.hold("ausweis", at(11, 10, 0))
		wantKind(t, err, fault.Conflict, "booking.taken")
	})
}

func TestNextRelease(t *testing.T) {
	first, released := counter("1", `{days: 28, at: "08:00"}`)
	const thursday = `{days: [th], from: "14:00", to: "18:00", interval: 15}`
	for _, c := range []struct {
		name     string
		change   []string
		service  string
		location string
		want     int64
	}{
		{"tomorrow", []string{first, released}, "ausweis", "rathaus", at(8, 8, 0)},
		{"of a day beyond the horizon", []string{first, released, "horizon_days: 60", "horizon_days: 28"}, "ausweis", "rathaus", at(8, 8, 0)},
		{"once a week", []string{thursday, strings.TrimSuffix(thursday, "}") + `, release: {days: 28, at: "09:15"}}`}, "ausweis", "nord", at(10, 9, 15)},
		{"later today", []string{first, strings.ReplaceAll(released, `"08:00"`, `"10:05"`)}, "pass", "rathaus", at(7, 10, 5)},
		{"a service of another counter", []string{first, released}, "trauung", "rathaus", 0},
		{"another location", []string{first, released}, "ausweis", "nord", 0},
		{"no release at all", nil, "ausweis", "rathaus", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				w := newTown(t, e)
				w.change(c.change...)
				if got := w.nextRelease(c.service, c.location); got != c.want {
					t.Errorf("at %d, want %d", got, c.want)
				}
			})
		})
	}
}
