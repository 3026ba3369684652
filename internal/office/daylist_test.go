// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"bytes"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

// The list of the next day comes at six in the evening unless a location says
// otherwise, and the last import counts.
func TestDayListTime(t *testing.T) {
	at := func(value string) []byte {
		return town(t, "horizon_days: 60", "horizon_days: 60\n    day_list: "+value)
	}
	for value, problem := range map[string]string{
		`"24:00"`: `"day_list" cannot be at 24:00`, `"18:03"`: "off the grid", `"abends"`: "is not a time of day", `1800`: "must be text",
	} {
		_, err := office.Parse("town.yaml", bytes.NewReader(at(value)))
		if err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v", value, err)
		}
	}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, offices := seal.NewKey(), office.NewStore()
		for _, c := range []struct {
			content []byte
			want    int
		}{{officetest.Town, 18 * 60}, {at("never"), office.NoDayList}, {at(`"00:00"`), 0}, {at(`"17:30"`), 17*60 + 30}, {officetest.Town, 18 * 60}} {
			id := officetest.ImportFile(t, e, kek, c.content)
			if got := catalogue(t, e, offices, id).Locations[1].DayListAt; got != c.want {
				t.Errorf("at %d, want %d", got, c.want)
			}
		}
	})
}
