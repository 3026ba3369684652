// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
)

// importUnfit imports a file and lists, in the same transaction, what no longer
// fits: time, location and reason.
func (w *town) importUnfit(content []byte) []string {
	w.Helper()
	f, err := office.Parse("town.yaml", bytes.NewReader(content))
	if err != nil {
		w.Fatal(err)
	}
	var list []booking.Unfit
	err = w.Env.DB.Write(w.Context(), func(tx *db.Tx) error {
		if err := office.Import(w.Context(), tx, w.kek, f); err != nil {
			return err
		}
		var err error
		list, err = booking.ListUnfit(w.Context(), tx, w.tenant)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	var lines []string
	for _, u := range list {
		if len(u.Reference) != 8 || u.Counter.In(locale.DE) == "" {
			w.Errorf("incomplete: %+v", u)
		}
		lines = append(lines, u.Start.Format("02 15:04 ")+u.Location.In(locale.DE)+" "+strings.TrimPrefix(u.Why, "operator.unfit."))
	}
	return lines
}

// TestUnfit changes the office under three appointments: at the town hall on
// Tuesday at ten and eleven, and in the north on Wednesday at ten.
func TestUnfit(t *testing.T) {
	const tuesday10, tuesday11, north = "08 10:00 Rathaus ", "08 11:00 Rathaus ", "09 10:00 Bürgerbüro Nord "
	const closures, day = "groups:\n", "{day: \"12-24\""
	_, northern, _ := strings.Cut(string(officetest.Town), "\n  - key: nord\n")
	for _, c := range []struct {
		name   string
		change []string
		want   []string
	}{
		{"nothing", nil, nil},
		{"names and new releases", []string{"de: Reisepass beantragen", "de: Pass", `from: "08:00", to: "12:00", interval: 15}`,
			`from: "08:00", to: "12:00", interval: 20, release: {days: 0, at: "07:00"}}`}, nil},
		{"longer service", []string{"minutes: 15", "minutes: 90"}, nil},
		{"hours", []string{`to: "12:00"`, `to: "11:10"`}, []string{tuesday11 + "hours"}},
		{"hours that became internal", []string{`to: "12:00", interval: 15}`, `to: "12:00", interval: 15, internal: true}`}, nil},
		{"closure of all", []string{closures, "closures: [{from: 2026-09-08, until: 2026-09-08}]\n" + closures},
			[]string{tuesday10 + "closed", tuesday11 + "closed"}},
		{"closure of a location", []string{closures, "closures: [{from: 2026-09-08, until: 2026-09-09, location: nord}]\n" + closures},
			[]string{north + "closed"}},
		{"closure of a part", []string{closures, "closures: [{from: 2026-09-08 10:05, until: 2026-09-08 10:10}]\n" + closures},
			[]string{tuesday10 + "closed"}},
		{"holiday", []string{day, "{day: \"09-09\", name: Markt}\n  - " + day}, []string{north + "closed"}},
		{"counters", []string{"schalter-1", "platz-1", "schalter-2", "platz-2"},
			[]string{tuesday10 + "counter", tuesday11 + "counter", north + "counter"}},
		{"location", []string{"\n  - key: nord\n" + northern, "\n"}, []string{north + "location"}},
		{"service", []string{"key: ausweis", "key: perso", "[ausweis, ", "[perso, "},
			[]string{tuesday10 + "service", tuesday11 + "service", north + "service"}},
		{"service of a counter", []string{"services: [ausweis, meldung]", "services: [meldung]"}, []string{north + "service"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				w := newTown(t, e)
				w.book("ausweis", at(8, 10, 0))
				w.book("ausweis", at(8, 11, 0))
				if err := w.Move(t.Context(), w.tenant, w.book("ausweis", at(9, 10, 0)), "nord", at(9, 10, 0)); err != nil {
					t.Fatal(err)
				}
				before := w.number("SELECT SUM(changed) FROM appointment")
				w.Clock.Advance(time.Minute)
				if got := w.importUnfit(changed(t, c.change...)); !reflect.DeepEqual(got, c.want) {
					t.Errorf("unfit %q, want %q", got, c.want)
				}
				if w.claimed("appointment") != 9 || w.number("SELECT SUM(changed) FROM appointment") != before {
					t.Error("the import changed appointments")
				}
			})
		})
	}
}

// What is over, given up or not yet booked is not reported.
func TestUnfitSkips(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.book("ausweis", at(7, 11, 15))
		if err := w.Cancel(t.Context(), w.tenant, w.book("ausweis", at(8, 10, 0))); err != nil {
			t.Fatal(err)
		}
		w.confirmByMail()
		w.book("ausweis", at(8, 11, 0)) // runs out
		w.Clock.Set(time.Unix(at(7, 11, 15), 0))
		w.mustHold("ausweis", at(8, 11, 30))
		w.book("ausweis", at(8, 11, 45))
		got := w.importUnfit(changed(t, `from: "08:00"`, `from: "06:00"`, `to: "12:00"`, `to: "07:00"`))
		if want := []string{"08 11:45 Rathaus hours"}; !reflect.DeepEqual(got, want) {
			t.Errorf("unfit %q, want %q", got, want)
		}
	})
}
