// SPDX-License-Identifier: EUPL-1.2

package rights

import "vorzimmer/internal/privacy"

// Covered are the classes that an answer speaks of.
func Covered() []*privacy.Class {
	var list []*privacy.Class
	for _, p := range parts {
		list = append(list, p.class)
	}
	return list
}

// PlainCell is plainCell.
var PlainCell = plainCell
