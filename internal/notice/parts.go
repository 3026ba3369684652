// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
)

// Purposes, recipients and periods are what whoever asks which data there are about
// them has to be told, too (Art. 15(1)(a), (c) and (d) GDPR): in the words of the
// notice.
func (s *Store) Purposes(c *office.Catalogue, l locale.Lang) []document.Section {
	w := s.writer(c, l)
	return []document.Section{w.purposes(), w.recipients(), w.retention()}
}
