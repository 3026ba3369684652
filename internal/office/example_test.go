// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"os"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// TestExample imports the example that the demo shows: six common services,
// and each of all services has a free start within the horizon.
func TestExample(t *testing.T) {
	content, err := os.ReadFile("../../examples/oer-erkenschwick.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		id := officetest.ImportFile(t, e, seal.NewKey(), content)
		c := catalogue(t, e, office.NewStore(), id)
		if len(c.Services) < 15 {
			t.Errorf("%d services", len(c.Services))
		}
		common := 0
		for _, s := range c.Services {
			if s.Common {
				common++
			}
			sel, err := c.Select([]office.Wanted{{Key: s.Key, Quantity: s.MaxQuantity}})
			if err != nil {
				t.Fatalf("%s: %v", s.Key, err)
			}
			if !free(c, sel) {
				t.Errorf("no free start for %d of %s", s.MaxQuantity, s.Key)
			}
		}
		if common != 6 {
			t.Errorf("%d common services", common)
		}
	})
}

func free(c *office.Catalogue, sel office.Selection) bool {
	now := dbtest.Start.Unix()
	need := slot.Need{Services: sel.IDs(), Ticks: sel.Ticks()}
	for _, l := range c.LocationsFor(sel) {
		today := slot.DateIn(now, l.Plan.Zone)
		_, last := today.AddDays(l.HorizonDays).Bounds(l.Plan.Zone)
		for n := range l.HorizonDays + 1 {
			if len(l.Plan.Day(today.AddDays(n)).Slots(need, nil, now, now+int64(l.Lead.Seconds()), last-1)) > 0 {
				return true
			}
		}
	}
	return false
}
