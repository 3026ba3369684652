// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"slices"

	"vorzimmer/internal/office"
)

// Pulse tells whether anything that searches at some locations can find may
// have changed: while it stays the same, and the catalogue, so do they.
type Pulse struct {
	second int64 // since time changes things in whole seconds
	marks  []mark
}

// Pulse is that of this moment. What is searched for after it is at least as new.
func (b *Bookings) Pulse(ctx context.Context, places []*office.Location) (Pulse, error) {
	p := Pulse{second: b.DB.Now().Unix()}
	for _, l := range places {
		h, err := b.horizon(ctx, l)
		if err != nil {
			return p, err
		}
		p.marks = append(p.marks, h.mark)
	}
	return p, nil
}

// Same tells whether nothing has changed.
func (p Pulse) Same(o Pulse) bool {
	return p.second == o.second && slices.Equal(p.marks, o.marks)
}
