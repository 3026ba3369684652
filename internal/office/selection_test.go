// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

// loaded is a catalogue of a file; what is tested on it does not depend on the engine.
func loaded(t *testing.T, content []byte) *office.Catalogue {
	t.Helper()
	e := dbtest.New(t, "sqlite")
	return catalogue(t, e, office.NewStore(), officetest.ImportFile(t, e, seal.NewKey(), content))
}

// wanted reads "ausweis.2 pass.1".
func wanted(t *testing.T, s string) []office.Wanted {
	t.Helper()
	var all []office.Wanted
	for _, word := range strings.Fields(s) {
		var w office.Wanted
		if _, err := fmt.Sscanf(strings.Replace(word, ".", " ", 1), "%s %d", &w.Key, &w.Quantity); err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	return all
}

func TestSelect(t *testing.T) {
	// Of the three words below nobody offers "pass" and "umzug" together.
	c := loaded(t, town(t, "services: [ausweis, meldung]", "services: [ausweis, meldung, umzug]",
		"  - key: trauung", `  - {key: umzug, name: Umzug, group: meldewesen, minutes: 7, combines: b, buffer: 10, max_quantity: 3}
  - key: trauung`))
	for _, tc := range []struct {
		wanted         string
		minutes, ticks int
		places         string
		more           string
	}{
		{"ausweis.1", 15, 3, "rathaus nord", "pass meldung umzug"},
		{"ausweis.4", 60, 12, "rathaus nord", "pass meldung umzug"},
		{"ausweis.1 pass.2", 55, 11, "rathaus", "meldung"},
		{"ausweis.1 meldung.1 ausweis.2", 55, 11, "rathaus nord", "pass umzug"},
		{"umzug.1", 7, 4, "nord", "ausweis meldung"},
		{"umzug.3", 21, 7, "nord", "ausweis meldung"},
		{"ausweis.1 umzug.2", 29, 8, "nord", "meldung"},
		{"trauung.1", 45, 12, "rathaus", ""},
	} {
		t.Run(tc.wanted, func(t *testing.T) {
			sel, err := c.Select(wanted(t, tc.wanted))
			if err != nil {
				t.Fatal(err)
			}
			if sel.Minutes() != tc.minutes || sel.Ticks() != tc.ticks || len(sel.IDs()) != len(sel) {
				t.Errorf("%d minutes, %d ticks, ids %v", sel.Minutes(), sel.Ticks(), sel.IDs())
			}
			var places []string
			for _, l := range c.LocationsFor(sel) {
				places = append(places, l.Key)
			}
			equal(t, "places", strings.Join(places, " "), tc.places)
			equal(t, "combinable", keys(c.Combinable(sel)), tc.more)
		})
	}
	equal(t, "combinable with nothing", keys(c.Combinable(nil)), "ausweis pass meldung umzug trauung")
}

func keys(services []*office.Service) string {
	var all []string
	for _, s := range services {
		all = append(all, s.Key)
	}
	return strings.Join(all, " ")
}

func TestSelectRefuses(t *testing.T) {
	c := loaded(t, town(t, "services: [ausweis, meldung]", "services: [ausweis, umzug]",
		"  - key: trauung", `  - {key: umzug, name: Umzug, group: meldewesen, minutes: 7, combines: b}
  - {key: fest, name: Fest, group: meldewesen, minutes: 7}
  - key: trauung`, "services: [trauung]", "services: [trauung, fest]"))
	for _, tc := range []struct {
		name   string
		wanted []office.Wanted
		kind   fault.Kind
		key    string
	}{
		{"nothing", nil, fault.Invalid, "select.empty"},
		{"unknown", wanted(t, "ausweis.1 perso.1"), fault.NotFound, "select.unknown"},
		{"empty key", []office.Wanted{{Quantity: 1}}, fault.NotFound, "select.unknown"},
		{"none", wanted(t, "ausweis.0"), fault.Invalid, "select.quantity"},
		{"less than none", wanted(t, "ausweis.-1"), fault.Invalid, "select.quantity"},
		{"too many", wanted(t, "ausweis.5"), fault.Invalid, "select.quantity"},
		{"too many in two parts", wanted(t, "ausweis.2 pass.1 ausweis.3"), fault.Invalid, "select.quantity"},
		{"more than a number holds", []office.Wanted{{Key: "ausweis", Quantity: 1}, {Key: "ausweis", Quantity: math.MaxInt}}, fault.Invalid, "select.quantity"},
		{"one that stands alone", wanted(t, "ausweis.1 trauung.1"), fault.Invalid, "select.combine"},
		{"two that stand alone at one counter", wanted(t, "trauung.1 fest.1"), fault.Invalid, "select.combine"},
		{"no counter offers both", wanted(t, "pass.1 umzug.1"), fault.Invalid, "select.combine"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sel, err := c.Select(tc.wanted)
			f, ok := fault.As(err)
			if !ok || sel != nil || f.Kind != tc.kind || f.Key != tc.key {
				t.Fatalf("selection %v, error %v", sel, err)
			}
			if f.Key == "select.quantity" {
				s, _ := c.Service("ausweis")
				equal(t, "args", f.Args, []any{"Max", 4, "Name", s.Name})
			} else if len(f.Args) != 0 {
				t.Errorf("args = %v", f.Args)
			}
		})
	}
}

func TestSearch(t *testing.T) {
	c := loaded(t, town(t, "key: ausweis\n    name: {de: Personalausweis beantragen, en: Apply for an ID card}",
		"key: ausweis\n    name: {de: Personalausweis für Große beantragen, en: Apply for an ID card}"))
	for _, tc := range []struct {
		lang  locale.Lang
		query string
		want  string
	}{
		{locale.DE, "", ""},
		{locale.DE, " .,- ", ""},
		{locale.DE, "\u0308", ""},
		{locale.DE, "Perso", "ausweis"},
		{locale.DE, "PERSONALAUSWEIS", "ausweis"},
		{locale.DE, "pass", "pass"},
		{locale.DE, "grosse", "ausweis"},
		{locale.DE, "GROẞE", "ausweis"},
		{locale.DE, "fur große", "ausweis"},
		{locale.DE, "fuer", "ausweis"},
		{locale.DE, "fu\u0308r", "ausweis"},
		{locale.DE, "Eheschliessung", "trauung"},
		{locale.DE, "wedding", "trauung"},
		{locale.DE, "umzug", "meldung"},
		{locale.DE, "beantragen ausweis", "ausweis pass"}, // pass by the name of its group
		{locale.DE, "anmelden wohn", "meldung"},
		{locale.DE, "anmelden bauen", ""},
		{locale.DE, "meld", "meldung trauung"}, // begins a search word, stands inside "anmelden"
		{locale.DE, "registry", "trauung"},
		{locale.EN, "register", "meldung trauung"},
		{locale.EN, "card", "ausweis"},
		{locale.EN, "<script>", ""},
		{locale.DE, strings.Repeat(" ", 100) + "perso", ""},
		{locale.DE, strings.Repeat("ü", 100) + "x", ""},
		{locale.DE, "perso" + strings.Repeat(" ", 95) + "nirgendwo", "ausweis"},
	} {
		t.Run(string(tc.lang)+"/"+tc.query, func(t *testing.T) {
			equal(t, "found", keys(c.Search(tc.lang, tc.query)), tc.want)
		})
	}
}

// TestSearchOrder: a word that begins so in the name comes before search words,
// those before the group, and all before words that only contain it.
func TestSearchOrder(t *testing.T) {
	c := loaded(t, []byte(strings.NewReplacer(
		"groups: [{key: g, name: G}]", "groups: [{key: g, name: G}, {key: m, name: Meldewesen}]",
		"  - {key: s, name: Eins, group: g, minutes: 10}\n", `  - {key: inside, name: Ummelden, group: g, minutes: 10}
  - {key: group, name: Eins, group: m, minutes: 10}
  - {key: english, name: {de: Zwei, en: Melden}, group: g, minutes: 10}
  - {key: words, name: Drei, group: g, minutes: 10, words: [Meldung]}
  - {key: name, name: {de: Wohnsitz melden, en: Four}, group: g, minutes: 10}
`,
		"services: [s]", "services: [inside, group, english, words, name]").Replace(minimal)))
	equal(t, "German", keys(c.Search(locale.DE, "meld")), "name words english group inside")
	equal(t, "English", keys(c.Search(locale.EN, "meld")), "english words name group inside")
}
