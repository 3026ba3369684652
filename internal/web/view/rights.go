// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
)

// Right is one line of the list of rights, for the part "rights".
type Right struct {
	Text string // translated
	URL  string // where it is used; empty: by a letter
}

// rights are all, in the order of the GDPR, with where a guest uses them, below the
// page of the link, and where the owner of an account does, below that of accounts.
// An empty path: by a letter.
var rights = []struct{ key, guest, account string }{
	{"access", "/access", "/access"},
	{"correct", "/correct", "/correct"},
	{"erase", "/erase", "/erase"},
	{"restrict", "/restrict", "/restrict"},
	{"export", "/export", "/export"},
	{"import", "", "/import"},
	{"object", "", ""},
	{"consent", "", "/consents"},
}

// Rights lists them for a guest or for the owner of an account. base is the address
// of the page of the link, or of the account; complaint is that of the page about
// complaints.
func Rights(p *locale.Printer, base, complaint string, owner bool) []Right {
	var list []Right
	for _, r := range rights {
		path := r.guest
		if owner {
			path = r.account
		}
		one := Right{Text: p.T("rights.of." + r.key)}
		if path != "" {
			one.URL = base + path
		} else if !owner && (r.key == "import" || r.key == "consent") {
			continue // they are about accounts
		}
		list = append(list, one)
	}
	return append(list, Right{p.T("rights.of.complaint"), complaint})
}

// Held is everything that is kept about somebody, for the part "held".
type Held struct {
	Document document.Document
	PDFURL   string
	JSONURL  string
	BackURL  string
}

// Export is the file with everything, for the part "export".
type Export struct {
	FileURL   string
	SchemaURL string
	BackURL   string
}
