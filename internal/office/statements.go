// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
)

// Statements are what a town says about itself where the law asks for it. In the
// database they are one JSON object.
type Statements struct {
	RepresentedBy locale.Text `json:",omitempty"` // for the imprint (DDG, section 5)
	VATID         string      `json:",omitempty"`
	Officer       Officer     // for data protection (Art. 37 GDPR)
	// LegalBases of processing, by the key of a basis: use, analysis, staff. What is
	// missing is Art. 6(1)(e) GDPR with the law of the Land.
	LegalBases    map[string]locale.Text `json:",omitempty"`
	Accessibility Accessibility
}

// Officer is how the data protection officer is reached; what is empty, by the
// controller's address.
type Officer struct{ Name, Phone, Email string }

// Accessibility is what the town found when it checked the pages (Directive (EU)
// 2016/2102, Art. 7).
type Accessibility struct {
	Status   string        // fully, partly or not; empty: partly
	Prepared slot.Date     // when it was checked; 0: not said
	Email    string        // for feedback; empty: the controller's
	Barriers []locale.Text `json:",omitempty"` // that are known, in addition to the program's own
}

// Value stores the statements as JSON.
func (s Statements) Value() (driver.Value, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode statements: %w", err)
	}
	return string(b), nil
}

// Scan reads what Value wrote.
func (s *Statements) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("statements are %T, not text", src)
	}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return fmt.Errorf("decode statements: %w", err)
	}
	return nil
}
