// SPDX-License-Identifier: EUPL-1.2

package locale

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// Text is something that an office wrote for people, once per language. In
// the database it is a JSON object.
type Text map[Lang]string

// In is the text in a language, else in German, else in any language.
func (t Text) In(l Lang) string { return t[t.LangOf(l)] }

// LangOf is the language that In(l) answers in, for the lang attribute.
func (t Text) LangOf(l Lang) Lang {
	for _, try := range append([]Lang{l, DE}, Langs...) {
		if t[try] != "" {
			return try
		}
	}
	return l
}

// Value stores the text as JSON; nil and empty are the empty object.
func (t Text) Value() (driver.Value, error) {
	if len(t) == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(map[Lang]string(t))
	if err != nil {
		return nil, fmt.Errorf("encode text: %w", err)
	}
	return string(b), nil
}

// Scan reads what Value wrote.
func (t *Text) Scan(src any) error { return scanJSON(src, t) }

// Texts is a list of texts, stored as one JSON array.
type Texts []Text

// Value stores the list as JSON; nil is the empty array.
func (t Texts) Value() (driver.Value, error) {
	if len(t) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal([]Text(t))
	if err != nil {
		return nil, fmt.Errorf("encode texts: %w", err)
	}
	return string(b), nil
}

// Scan reads what Value wrote.
func (t *Texts) Scan(src any) error { return scanJSON(src, t) }

func scanJSON(src, into any) error {
	var b []byte
	switch v := src.(type) {
	case string:
		b = []byte(v)
	case []byte:
		b = v
	default:
		return fmt.Errorf("decode text: unexpected column type %T", src)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("decode text: %w", err)
	}
	return nil
}
