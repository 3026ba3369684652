// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// staged is the town whose first counter is released a week ahead, but on
// Thursday afternoon on the day itself.
func staged(t testing.TB) []byte {
	const first = "name: {de: Schalter 1, en: Counter 1}\n        services: [ausweis, pass, meldung]"
	const afternoon = `to: "18:00", interval: 15}
          - {days: [we]`
	return town(t, first, first+"\n        release: {days: 7, at: \"08:00\"}",
		afternoon, strings.Replace(afternoon, "15}", `15, release: {days: 0, at: "07:30"}}`, 1))
}

func TestParseRelease(t *testing.T) {
	rathaus := parse(t, string(staged(t))).Locations[0]
	for _, r := range rathaus.Counters[0].Rules {
		switch {
		case r.Internal:
			if r.Release != nil {
				t.Errorf("internal hours are released: %+v", r.Release)
			}
		case r.From == 14*60:
			equal(t, "own release", r.Release, &slot.Release{Days: 0, Minute: 450})
		default:
			equal(t, "release of the counter", r.Release, &slot.Release{Days: 7, Minute: 480})
		}
	}
	for _, r := range rathaus.Counters[1].Rules {
		if r.Release != nil {
			t.Errorf("another counter has the release %+v", r.Release)
		}
	}
}

// TestReleaseClosedLoop: what is imported is loaded, and gone when the file says
// nothing of it any more.
func TestReleaseClosedLoop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek := seal.NewKey()
		for _, content := range [][]byte{staged(t), officetest.Town} {
			id := officetest.ImportFile(t, e, kek, content)
			want := parse(t, string(content)).Locations[0]
			got := catalogue(t, e, office.NewStore(), id).Locations[0]
			for i, c := range want.Counters {
				equal(t, "rules of "+c.Counter.Key, got.Plan.Counters[i].Rules, c.Rules)
			}
		}
	})
}

// TestExampleReleases: the example shows both steps of a staged release, and has
// something free within a fortnight, over the holidays too, whenever one looks.
func TestExampleReleases(t *testing.T) {
	content, err := os.ReadFile("../../examples/oer-erkenschwick.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c := loaded(t, content)
	sel, err := c.Select(wanted(t, "personalausweis.1"))
	if err != nil {
		t.Fatal(err)
	}
	l := c.LocationsFor(sel)[0]
	if earliest, latest, ok := l.Plan.Ahead(sel.IDs()); !ok || earliest != 7 || latest != 28 {
		t.Errorf("releases from %d to %d days ahead, %v", earliest, latest, ok)
	}
	need := slot.Need{Services: sel.IDs(), Ticks: sel.Ticks()}
	for d := slot.DateOf(2026, 11, 1); d < slot.DateOf(2028, 3, 1); d++ {
		now := d.At(7*60+59, l.Plan.Zone)
		free, released := false, false
		for n := range 36 {
			day := l.Plan.Day(d.AddDays(n))
			free = free || n < 15 && len(day.Slots(need, nil, now, now+int64(l.Lead.Seconds()), math.MaxInt64)) > 0
			_, ok := day.NextRelease(need, day.Taken(nil), now, int64(l.Lead.Seconds()))
			released = released || ok
		}
		if !free || !released {
			t.Errorf("on %s: something free %v, something to be released %v", d, free, released)
		}
	}
}
