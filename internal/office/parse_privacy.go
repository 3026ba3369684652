// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"vorzimmer/internal/locale"
	"vorzimmer/internal/privacy"
)

// retention reads the periods that differ from the standard.
func (o *object) retention() privacy.Periods {
	p := privacy.Periods{}
	for _, c := range privacy.Classes {
		if !c.Chosen() {
			continue
		}
		if n := o.numberOr(c.FileKey(), c.Default, c.Min, c.Max); n != c.Default {
			p[c.Key] = n
		}
	}
	return p
}

// statements reads what stands beside the controller.
func (o *object) statements(s *Statements) {
	o.rules("officer", func(o *object) {
		s.Officer = Officer{Name: o.str("name", optional), Phone: o.str("phone", optional), Email: o.mail("email", optional)}
	})
	o.rules("imprint", func(o *object) {
		if t := o.local("represented_by", optional); len(t) > 0 {
			s.RepresentedBy = t
		}
		s.VATID = o.str("vat_id", optional)
	})
	o.rules("legal_bases", func(o *object) {
		for _, key := range privacy.Bases {
			if t := o.local(key, optional); len(t) > 0 {
				if s.LegalBases == nil {
					s.LegalBases = map[string]locale.Text{}
				}
				s.LegalBases[key] = t
			}
		}
	})
	o.rules("accessibility", func(o *object) {
		a := &s.Accessibility
		a.Status = o.oneOf("status", optional, "fully", "partly", "not")
		a.Prepared = o.date("prepared")
		a.Email = o.mail("email", optional)
		a.Barriers = o.locals("barriers")
	})
}
