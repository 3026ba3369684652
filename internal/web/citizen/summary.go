// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"fmt"
	"html/template"
	"strings"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/office"

	"rsc.io/qr"
)

// summaryOf is what every page says about an appointment.
func summaryOf(v *booking.View) summary {
	s := summary{Start: v.Begin(), End: v.End(), Minutes: v.Minutes, Place: placeOf(v.Location)}
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

// qrCode draws text as an SVG that scales with its frame. Dark modules are
// drawn on a light ground in dark mode too: readers expect it so.
func qrCode(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("draw QR code: %w", err)
	}
	const quiet = 4 // modules of white around it (ISO/IEC 18004)
	size := code.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" width="200" height="200">`,
		template.HTMLEscapeString(label), size, size)
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="`, size, size)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil
}
