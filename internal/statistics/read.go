// SPDX-License-Identifier: EUPL-1.2

package statistics

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
)

// Group is what every total that is shown is a multiple of.
const Group = 5

// KeepMonths is how long totals are kept, beside the month that is running.
const KeepMonths = 60

// Total is how often something happened in a month: at least N times and less
// than N+Group. It is never below Group.
type Total struct {
	Month      slot.Date // its first day
	LocationID string
	Measure    Measure
	Part       string
	N          int
}

// MonthOf is the first day of a date's month.
func MonthOf(d slot.Date) slot.Date { return AddMonths(d, 0) }

// AddMonths is the first day of the month that is n months after a date's.
func AddMonths(d slot.Date, n int) slot.Date {
	y, m, _ := d.Civil()
	return slot.DateOf(y, m+time.Month(n), 1)
}

// Read lists the totals of a tenant by month, from the month of first to that of
// last, without those below Group.
//
// Totals are rounded down before anybody can add them up, and their grain is fixed:
// a month, a location, a part. So whatever is asked for and however often, another
// period, another location, sums, the day after, different measures of the same
// events: all answers come from these numbers, and what is left of a small one or
// of one more than yesterday is in none of them.
func Read(ctx context.Context, tx *db.Tx, tenantID string, first, last slot.Date) ([]Total, error) {
	var all []Total
	for month := MonthOf(first); month <= last; month = AddMonths(month, 1) {
		list, err := db.Collect(ctx, tx, func(scan db.Scan) (Total, error) {
			t := Total{Month: month}
			err := scan(&t.LocationID, &t.Measure, &t.Part, &t.N)
			t.N -= t.N % Group
			return t, err
		}, `SELECT location_id, measure, part, CAST(SUM(n) AS BIGINT) FROM statistic
			WHERE tenant_id = $1 AND day >= $2 AND day < $3
			GROUP BY location_id, measure, part HAVING SUM(n) >= $4 ORDER BY location_id, measure, part`,
			tenantID, int64(month), int64(AddMonths(month, 1)), Group)
		if err != nil {
			return nil, fmt.Errorf("read statistics of %s: %w", tenantID, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// Old is what a tenant counted on the day of an instant or before.
var Old = db.Aged{Table: "statistic", Key: "day", Where: "tenant_id = $1 AND day <= $2 / 86400", Order: "day"}
