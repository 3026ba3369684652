// SPDX-License-Identifier: EUPL-1.2

package privacy

import "slices"

// Land is what the notices of a town have to say and what depends on the Land
// in which it lies.
type Land struct {
	// Code is that of slot.Lands: ISO 3166-2:DE without "DE-".
	Code string
	// Supervisor takes complaints about municipalities (Art. 77 GDPR). In
	// Bavaria that is not the authority that supervises companies.
	Supervisor Authority
	Basis      Basis
	Access     Access
}

// Authority is a public body and how to reach it. Names, addresses and sections
// are German in every language, as they stand on letters.
//
// What could not be established is empty, and a notice leaves it out. Street and
// Postcode are known both or neither; City may stand alone.
type Authority struct {
	Name     string
	Street   string
	Postcode string // five digits
	City     string
	Phone    string // international, such as "+49 211 38424-0"
	Email    string // in small letters, without a name
	URL      string // its page, https
	Source   Source
}

// Basis is what a public body of a Land processes personal data upon, together
// with Art. 6(1)(e) and (3) GDPR, where no special law says more.
type Basis struct {
	Section string // as it is cited, such as "§ 3 Abs. 1 DSG NRW"
	Law     string // in full, with its abbreviation in brackets
	Source  Source
}

// Access is how a Land has put Directive (EU) 2016/2102 on the accessibility of
// the websites of public bodies into law.
type Access struct {
	Laws []string // in full, with their abbreviations in brackets
	// Monitoring examines websites by samples (Art. 8 of the Directive). Its Name
	// is empty where it could not be established; a statement need not name it.
	Monitoring Authority
	// Disputes helps people whose report of a barrier led to nothing (Art. 9); an
	// accessibility statement has to name it. Some Länder give both tasks to one.
	Disputes Authority
	Source   Source // of Laws
}

// Source says where facts come from, so that they can be looked up again.
type Source struct {
	// URL is a page that states the facts or, where Checked is empty, the page
	// where they have to be stated.
	URL string
	// Checked is the day, as YYYY-MM-DD, on which they were compared with a copy
	// of that page. The copy may have been older than the day. Empty means that
	// the facts were taken from other public notices and not from that page.
	Checked string
}

// checkedOn is when the table was made. A fact that is corrected later gets a
// Source with its own day.
const checkedOn = "2026-11-22"

func seen(url string) Source   { return Source{URL: url, Checked: checkedOn} }
func unseen(url string) Source { return Source{URL: url} }

// collected is a record of the open collection of supervisory authorities from
// which phone numbers and e-mail addresses were taken. Where it has a post office
// box, Street is from notices of public bodies.
func collected(record string) Source {
	return seen("https://github.com/datenanfragen/data/blob/master/supervisory-authorities/" + record + ".json")
}

// LandOf returns what is to be said in a Land, by its code as in slot.Lands.
func LandOf(code string) (Land, bool) {
	for _, l := range slices.Concat(landsFromBW, landsFromMV, landsFromSN) {
		if l.Code == code {
			l.Access.Laws = slices.Clone(l.Access.Laws)
			return l, true
		}
	}
	return Land{}, false
}

// FederalAuthority supervises the public bodies of the federation. A
// municipality is never among them; a tenant that is a federal body is.
func FederalAuthority() Authority {
	return Authority{
		Name:   "Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
		Street: "Graurheindorfer Straße 153", Postcode: "53117", City: "Bonn",
		Phone: "+49 228 997799-0", Email: "poststelle@bfdi.bund.de",
		URL: "https://www.bfdi.bund.de", Source: collected("debfdi"),
	}
}
