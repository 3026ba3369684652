// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
)

// What a visitor typed shows in the office's mail as what it is: no markup, no
// turned direction, no line of its own.
func TestHostileOfficeFacts(t *testing.T) {
	o := clerkFacts
	o.FirstName = "Frieda<script>alert(1)</script>"
	o.LastName = "Beispiel\r\nE-Mail:\x00\x1b falsch\u202egnp.exe\u2066\u2028Telefon: 1"
	o.Note = "a & b\r\n\r\nTelefon:\n  0190 <img src=x>\xff"
	m, err := message.Office(catalogue(t), message.Booked, "amt@example.org", facts(t, locale.DE), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"<script", "<img"} {
		if strings.Contains(m.HTML, s) {
			t.Errorf("HTML has %s", s)
		}
	}
	if !strings.Contains(m.HTML, "&lt;script&gt;alert(1)") || !strings.Contains(m.HTML, "a &amp; b") {
		t.Error("HTML does not show what was typed")
	}
	for part, body := range bodies(m) {
		if i := strings.IndexAny(body, "\x00\x1b\r\u202e\u2066\u2028"); i >= 0 || !utf8.ValidString(body) {
			t.Errorf("%s has a hostile character at %d", part, i)
		}
	}
	// Headings stand at the start of a line, and there is one of each.
	for _, heading := range []string{"\nTelefon:\n", "\nE-Mail:\n"} {
		if n := strings.Count(m.Text, heading); n != 1 {
			t.Errorf("%d times %q", n, heading)
		}
	}
	if strings.ContainsAny(m.Subject, "<>") || strings.Contains(m.Subject, "Frieda") {
		t.Errorf("subject is %q", m.Subject)
	}
}

// Names as people have them stay as they are.
func TestNamesSurvive(t *testing.T) {
	for _, name := range []string{"O’Beispiel-Größe", "Ǧe̱ll", "مثال", "Š", "Åse D'Exemple"} {
		o := clerkFacts
		o.FirstName, o.LastName = name, ""
		m, err := message.Office(catalogue(t), message.Booked, "amt@example.org", facts(t, locale.DE), o)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Text, "\n  "+name+"\n") {
			t.Errorf("%q is not in the text", name)
		}
	}
}
