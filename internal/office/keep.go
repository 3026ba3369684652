// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"slices"

	"vorzimmer/internal/privacy"
)

// KeepDays is for how many days an appointment for services is kept after its
// date: as long as the one that is kept shortest.
func (t *Tenant) KeepDays(services ...*Service) int {
	n := t.Retention.Amount(privacy.Appointment)
	for _, s := range services {
		if s.Sensitive {
			n = min(n, t.Retention.Amount(privacy.Sensitive))
		}
		if s.KeepDays > 0 {
			n = min(n, s.KeepDays)
		}
	}
	return n
}

// Keeps lists the different numbers of days for which appointments are kept, the
// longest first, with the ids of the services that are kept no longer than that.
// The first is for all services and names none.
func (c *Catalogue) Keeps() []Keep {
	most := c.Tenant.KeepDays()
	list := []Keep{{Days: most}}
	for i := range c.Services {
		s := &c.Services[i]
		n := c.Tenant.KeepDays(s)
		if n < most && !slices.ContainsFunc(list, func(k Keep) bool { return k.Days == n }) {
			list = append(list, Keep{Days: n})
		}
	}
	slices.SortFunc(list, func(a, b Keep) int { return b.Days - a.Days })
	for i := range list[1:] {
		k := &list[i+1]
		for j := range c.Services {
			if c.Tenant.KeepDays(&c.Services[j]) <= k.Days {
				k.Services = append(k.Services, c.Services[j].ID)
			}
		}
	}
	return list
}

// Keep is a number of days and the services whose appointments are kept no longer.
type Keep struct {
	Days     int
	Services []string // ids; empty: all
}

// Sensitive tells whether one of the services says a lot about somebody.
func Sensitive(services ...*Service) bool {
	return slices.ContainsFunc(services, func(s *Service) bool { return s.Sensitive })
}
