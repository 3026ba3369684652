// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"vorzimmer/internal/booking"
	"vorzimmer/internal/office"
)

// summaryOf is what every page says about an appointment.
func summaryOf(v *booking.View) summary {
	s := summary{Start: v.Begin(), End: v.End(), Minutes: v.Minutes, Place: placeOf(v.Location),
		DeletedOn: v.DeletedOn().UTC()}
	if v.State != booking.Held {
		s.Reference = booking.GroupReference(v.Reference)
	}
	for _, b := range v.Services {
		s.Services = append(s.Services, summaryService{Name: b.Service.Name, Quantity: b.Quantity,
			Fee: b.Service.Fee, Bring: b.Service.Bring})
	}
	return s
}

// selectionOf is what an appointment was booked for, to book it again. It may
// hold services that are no longer offered.
func selectionOf(v *booking.View) office.Selection {
	var sel office.Selection
	for _, b := range v.Services {
		sel = append(sel, office.Item{Service: b.Service, Quantity: b.Quantity})
	}
	return sel
}
