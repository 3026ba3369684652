// SPDX-License-Identifier: EUPL-1.2

package privacy_test

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// noMonitoring are the Länder of which it is not known who monitors websites.
var noMonitoring = []string{"SL"}

// oneForBoth are the Länder in which one body monitors websites and helps in disputes.
var oneForBoth = []string{"BY", "HB", "HE", "MV"}

var (
	postcode = regexp.MustCompile(`^[0-9]{5}$`)
	phone    = regexp.MustCompile(`^\+49 [1-9][0-9]{1,4} [0-9]+(-[0-9]+)?$`)
	section  = regexp.MustCompile(`^(§|Art\.) [0-9]+ (Abs\. [0-9] )?[A-Z]`)
)

func land(t *testing.T, code string) privacy.Land {
	t.Helper()
	l, ok := privacy.LandOf(code)
	if !ok {
		t.Fatalf("%s is not in the table", code)
	}
	return l
}

func TestEveryLand(t *testing.T) {
	for _, code := range slot.Lands() {
		t.Run(code, func(t *testing.T) {
			l := land(t, code)
			if l.Code != code {
				t.Errorf("the code is %q", l.Code)
			}
			checkAuthority(t, l.Supervisor)
			checkReachable(t, l.Supervisor)
			checkBasis(t, l.Basis)
			checkAccess(t, l.Access, slices.Contains(noMonitoring, code))
			if same := l.Access.Monitoring == l.Access.Disputes; same != slices.Contains(oneForBoth, code) {
				t.Errorf("one body for samples and disputes: %t", same)
			}
		})
	}
}

func TestUnknownLand(t *testing.T) {
	for _, code := range []string{"", "by", "BUND", "AT"} {
		if l, ok := privacy.LandOf(code); ok {
			t.Errorf("LandOf(%q) is %s", code, l.Supervisor.Name)
		}
		if got := privacy.CatholicAuthorities(code); len(got) != 0 {
			t.Errorf("CatholicAuthorities(%q) has %d", code, len(got))
		}
	}
}

// TestNoLandShares finds a line that was copied from another Land: no law lets
// two Länder share an authority.
func TestNoLandShares(t *testing.T) {
	owner := make(map[string]string)
	claim := func(code, what string) {
		if other, taken := owner[what]; taken && other != code && what != "" {
			t.Errorf("%s and %s have both %q", other, code, what)
		}
		owner[what] = code
	}
	for _, code := range slot.Lands() {
		l := land(t, code)
		for _, a := range []privacy.Authority{l.Supervisor, l.Access.Monitoring, l.Access.Disputes} {
			claim(code, a.Name)
			claim(code, a.Phone)
			claim(code, a.Email)
			claim(code, a.URL)
		}
	}
	federal := privacy.FederalAuthority()
	claim("the federation", federal.Name)
	claim("the federation", federal.Email)
}

// TestSupervisorsOfMunicipalities holds what is most easily mixed up.
func TestSupervisorsOfMunicipalities(t *testing.T) {
	for code, want := range map[string][2]string{
		"BY": {"Bayerischer Landesbeauftragter für den Datenschutz", "Art. 4 Abs. 1 BayDSG"},
		"NW": {"Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen", "§ 3 Abs. 1 DSG NRW"},
		"ST": {"Landesbeauftragte für den Datenschutz Sachsen-Anhalt", "§ 4 DSAG LSA"},
		"SN": {"Sächsische Datenschutz- und Transparenzbeauftragte", "§ 3 Abs. 1 SächsDSDG"},
	} {
		l := land(t, code)
		if l.Supervisor.Name != want[0] || l.Basis.Section != want[1] {
			t.Errorf("%s: %q, %q", code, l.Supervisor.Name, l.Basis.Section)
		}
	}
}

func TestLawsAreTheCallers(t *testing.T) {
	l := land(t, "NW")
	want := l.Access.Laws[0]
	l.Access.Laws[0] = "something else"
	if got := land(t, "NW").Access.Laws[0]; got != want {
		t.Errorf("a caller has changed the table: %q", got)
	}
}

func TestFederalAndChurches(t *testing.T) {
	for _, a := range []privacy.Authority{privacy.FederalAuthority(), privacy.EKDAuthority()} {
		checkAuthority(t, a)
		checkReachable(t, a)
	}
	for _, code := range slot.Lands() {
		got := privacy.CatholicAuthorities(code)
		want := 1
		if code == "MV" {
			want = 2 // Two archdioceses meet there.
		}
		if len(got) != want {
			t.Errorf("%s has %d Catholic authorities, want %d", code, len(got), want)
		}
		for _, a := range got {
			checkAuthority(t, a)
		}
	}
	if got := privacy.CatholicAuthorities("NW")[0].City; got != "Dortmund" {
		t.Errorf("the authority of the dioceses in NW is in %q", got)
	}
	if got := privacy.CatholicAuthorities("MV")[0].City; got != "Bremen" {
		t.Errorf("the first authority in MV is in %q", got)
	}
}

// checkAuthority checks what is there; much may be unknown.
func checkAuthority(t *testing.T, a privacy.Authority) {
	t.Helper()
	if a.Name == "" || strings.TrimSpace(a.Name) != a.Name {
		t.Errorf("name %q", a.Name)
	}
	if a.City == "" && a.URL == "" {
		t.Errorf("%s can be found nowhere", a.Name)
	}
	if (a.Street == "") != (a.Postcode == "") || a.Street != "" && a.City == "" {
		t.Errorf("%s: half an address: %q, %q %q", a.Name, a.Street, a.Postcode, a.City)
	}
	if a.Postcode != "" && !postcode.MatchString(a.Postcode) {
		t.Errorf("%s: postcode %q", a.Name, a.Postcode)
	}
	if a.Phone != "" && !phone.MatchString(a.Phone) {
		t.Errorf("%s: phone %q", a.Name, a.Phone)
	}
	if a.Email != "" {
		parsed, err := mail.ParseAddress(a.Email)
		if err != nil || parsed.Address != a.Email || strings.ToLower(a.Email) != a.Email {
			t.Errorf("%s: e-mail address %q: %v", a.Name, a.Email, err)
		}
	}
	if a.URL != "" {
		checkURL(t, a.URL)
	}
	checkSource(t, a.Source)
}

// checkReachable asks for all that a supervisor has to be named with.
func checkReachable(t *testing.T, a privacy.Authority) {
	t.Helper()
	for what, value := range map[string]string{
		"street": a.Street, "phone": a.Phone, "e-mail address": a.Email, "page": a.URL,
	} {
		if value == "" {
			t.Errorf("%s has no %s", a.Name, what)
		}
	}
}

func checkBasis(t *testing.T, b privacy.Basis) {
	t.Helper()
	if !section.MatchString(b.Section) {
		t.Errorf("section %q", b.Section)
	}
	// The abbreviation in brackets is the one that the section is cited with.
	_, short, found := strings.Cut(b.Law, " (")
	if !found || !strings.HasSuffix(b.Section, " "+strings.TrimSuffix(short, ")")) {
		t.Errorf("%q is not of %q", b.Section, b.Law)
	}
	checkSource(t, b.Source)
}

func checkAccess(t *testing.T, a privacy.Access, unmonitored bool) {
	t.Helper()
	if len(a.Laws) == 0 {
		t.Error("no law on accessible websites")
	}
	for _, law := range a.Laws {
		if !strings.Contains(law, " (") || !strings.HasSuffix(law, ")") {
			t.Errorf("law %q has no abbreviation", law)
		}
	}
	if unmonitored {
		if a.Monitoring != (privacy.Authority{}) {
			t.Errorf("%s is known to monitor: take the Land from the list", a.Monitoring.Name)
		}
	} else {
		checkAuthority(t, a.Monitoring)
		checkURL(t, a.Monitoring.URL)
	}
	checkAuthority(t, a.Disputes)
	checkURL(t, a.Disputes.URL)
	checkSource(t, a.Source)
}

func checkSource(t *testing.T, s privacy.Source) {
	t.Helper()
	checkURL(t, s.URL)
	if s.Checked == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, s.Checked); err != nil {
		t.Errorf("checked on %q: %v", s.Checked, err)
	}
}

func checkURL(t *testing.T, s string) {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || !strings.Contains(u.Host, ".") || u.User != nil {
		t.Errorf("page %q: %v", s, err)
	}
}
