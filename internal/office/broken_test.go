// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/office"
)

// TestParseRefuses breaks the minimal file at one place each. The only problem
// must be the one on the given line.
func TestParseRefuses(t *testing.T) {
	const hours = `{days: [mo], from: "08:00", to: "12:00"}`
	const service = "{key: s, name: Eins, group: g, minutes: 10}"
	in := func(before, after string) []string { return []string{before, after} }
	add := func(s string) []string {
		return []string{"hours:\n          - " + hours, "hours:\n          - " + hours + "\n" + s}
	}
	opening := func(s string) []string { return in(hours, `{days: [mo], from: "08:00", to: "12:00", `+s+"}") }
	of := func(s string) []string { return in(service, "{key: s, name: Eins, group: g, minutes: 10, "+s+"}") }
	for _, c := range []struct {
		name    string
		change  []string
		line    string
		message string
	}{
		{"unknown key", in("zone:", "colour: red\nzone:"), "4", `unknown key "colour" in the file: use one of tenant, name,`},
		{"unknown key deep down", of("minuts: 10"), "8", `unknown key "minuts" in a service`},
		{"period too long", in("zone:", "retention: {appointment_days: 366}\nzone:"), "4", `"appointment_days" must be a whole number from 1 to 365`},
		{"period that nobody chooses", in("zone:", "retention: {session_hours: 3}\nzone:"), "4", `unknown key "session_hours" in retention`},
		{"service kept for no time", of("keep_days: -1"), "8", `"keep_days" must be a whole number from 1 to 365`},
		{"state of accessibility", in("zone:", "accessibility: {status: nearly}\nzone:"), "4", `unknown status "nearly": use one of fully, partly, not`},
		{"unknown language", in("name: Eins", "name: {de: Eins, fr: Un}"), "8", `unknown key "fr" in "name": use one of de, en`},
		{"duplicate key", in("zone:", "land: BY\nzone:"), "4", `key "land" stands twice in the file, first on line 3`},
		{"duplicate service", in("locations:", "  - "+service+"\nlocations:"), "9", `service "s" exists already, on line 8`},
		{"duplicate group", in("[{key: g, name: G}]", "[{key: g, name: G}, {key: g, name: H}]"), "6", `group "g" exists already`},
		{"duplicate counter", add("      - {key: c, name: C, services: [s], hours: [" + hours + "]}"), "23", "counter of l \"c\" exists already, on line 18"},
		{"missing key", in("name: Klein\n", ""), "1", `"name" is missing in the file: add it`},
		{"missing German", in("name: Eins", "name: {en: One}"), "8", `"de" is missing in "name"`},
		{"missing minutes", in(", minutes: 10", ""), "8", `"minutes" is missing in a service`},
		{"empty value", in("name: Klein\n", "name:\n"), "2", `"name" is empty`},
		{"empty text", in("name: Klein\n", "name: \" \"\n"), "2", `"name" is empty`},
		{"empty list", in("- "+hours, "[]"), "22", `"hours" is an empty list`},
		{"wrong type", in(`postcode: "1", city`, "postcode: 1, city"), "5", `"postcode" must be text: put it in quotes`},
		{"list instead of text", in("name: Klein\n", "name: [Klein]\n"), "2", `"name" must be text`},
		{"text instead of list", in("[mo]", "mo"), "22", `"days" must be a list`},
		{"text instead of mapping", in("- "+hours, "- montags"), "22", "an opening hour must be a mapping"},
		{"text instead of flag", of("common: yes"), "8", `"common" must be true or false`},
		{"two lines", in("name: Klein\n", "name: \"Klein\\nGross\"\n"), "2", `"name" has a line break`},
		{"long text", in("name: Klein\n", "name: "+strings.Repeat("x", 1001)+"\n"), "2", "longer than 1000 characters"},
		{"reference within the file", in("name: Klein\n", "name: &a Klein\nbooking: *a\n"), "3", "refers to another place"},
		{"key with capitals", in("tenant: klein", "tenant: Klein"), "1", `"tenant" may only have a-z, 0-9 and hyphens`},
		{"key with a dot", of("combines: a.b"), "8", `"combines" may only have`},
		{"unknown Land", in("land: BY", "land: NRW"), "3", `unknown land "NRW": use one of BW, BY`},
		{"unknown zone", in("Europe/Berlin", "Europe/Oer"), "4", `unknown zone "Europe/Oer"`},
		{"the machine's zone", in("Europe/Berlin", "Local"), "4", `unknown zone "Local"`},
		{"address without domain", in("email: a@example.org", "email: a@example"), "5", `"email" must be one e-mail address`},
		{"address with a name", in("office_mail: a@example.org", "office_mail: A <a@example.org>"), "16", `"office_mail" must be one e-mail address`},
		{"unknown role", in("groups:", "processors: [{role: mail, name: N, address: A}]\ngroups:"), "6", `unknown role "mail"`},
		{"hold too long", in("groups:", "booking: {hold_minutes: 61}\ngroups:"), "6", `"hold_minutes" must be a whole number from 1 to 60`},
		{"no appointments for a person", in("groups:", "booking: {active_per_person: 0}\ngroups:"), "6", `"active_per_person" must be a whole number from 1 to 100`},
		{"too many appointments for a person", in("groups:", "booking: {active_per_person: 101}\ngroups:"), "6", `"active_per_person" must be a whole number from 1 to 100`},
		{"minutes too many", in("minutes: 10", "minutes: 481"), "8", `"minutes" must be a whole number from 1 to 480`},
		{"minutes zero", in("minutes: 10", "minutes: 0"), "8", `"minutes" must be a whole number`},
		{"minutes in quotes", in("minutes: 10", `minutes: "10"`), "8", `"minutes" must be a whole number`},
		{"minutes with a leading zero", in("minutes: 10", "minutes: 010"), "8", `"minutes" must be a whole number`},
		{"half minutes", in("minutes: 10", "minutes: 7.5"), "8", `"minutes" must be a whole number`},
		{"quantity", of("max_quantity: 21"), "8", `"max_quantity" must be a whole number from 1 to 20`},
		{"leika", of(`leika: "9910702401100"`), "8", `"leika" must have 14 digits`},
		{"unknown group", in("group: g", "group: h"), "8", `there is no group "h"`},
		{"unknown service", in("[s]", "[s, t]"), "20", `there is no service "t"`},
		{"service twice at a counter", in("[s]", "[s, s]"), "20", `offers service "s" twice`},
		{"service that nobody offers", in("locations:", "  - {key: t, name: Zwei, group: g, minutes: 10}\nlocations:"), "9", `no counter offers service "t"`},
		{"off the grid", in("08:00", "08:02"), "22", "the time 08:02 is off the grid"},
		{"impossible hour", in("12:00", "25:00"), "22", "the time 25:00 does not exist"},
		{"impossible minute", in("12:00", "11:60"), "22", "the time 11:60 does not exist"},
		{"after midnight", in("12:00", "24:05"), "22", "the time 24:05 does not exist"},
		{"hour without zero", in("08:00", "8:00"), "22", `"8:00" is not a time of day`},
		{"hour as number", in(`"08:00"`, "8"), "22", `"from" must be text: put it in quotes`},
		{"ends before it begins", in("08:00", "13:00"), "22", "must begin before it ends"},
		{"unknown weekday", in("[mo]", "[mo, di]"), "22", `unknown day "di"`},
		{"weekday twice", in("[mo]", "[mo, mo]"), "22", "day mo stands twice"},
		{"interval off the grid", opening("interval: 7"), "22", `"interval" is off the grid`},
		{"interval zero", opening("interval: 0"), "22", `"interval" must be a whole number from 5`},
		{"every two weeks since never", opening("every_weeks: 2"), "22", "needs the date from which to count"},
		{"validity backwards", opening("valid_from: 2026-12-01, valid_until: 2026-11-30"), "22", "before it begins"},
		{"impossible date", opening("valid_from: 2026-02-30"), "22", `"2026-02-30" is not a date that exists`},
		{"year 1970", opening("valid_from: 1970-01-01"), "22", "the year of 1970-01-01"},
		{"release without a time", opening("release: {days: 7}"), "22", `"at" is missing in a release`},
		{"release without days", opening(`release: {at: "08:00"}`), "22", `"days" is missing in a release`},
		{"release with another key", opening(`release: {days: 7, at: "08:00", weeks: 1}`), "22", `unknown key "weeks" in a release`},
		{"release as a number", opening("release: 7"), "22", "a release must be a mapping"},
		{"release a year ahead", opening(`release: {days: 366, at: "08:00"}`), "22", `"days" must be a whole number from 0 to 365`},
		{"release beyond the horizon", opening(`release: {days: 61, at: "08:00"}`), "22", `61 days ahead has no effect, since "horizon_days" of the location is 60`},
		{"release off the grid", opening(`release: {days: 7, at: "08:01"}`), "22", "the time 08:01 is off the grid"},
		{"release at midnight's other name", opening(`release: {days: 7, at: "24:00"}`), "22", "a release cannot be at 24:00"},
		{"release after the opening", opening(`release: {days: 0, at: "12:00"}`), "22", "release must not be after the opening"},
		{"release too late to book", opening(`release: {days: 0, at: "11:00"}`), "22", `too late for the "lead_minutes"`},
		{"release of internal hours", opening(`internal: true, release: {days: 7, at: "08:00"}`), "22", "internal hours are never released online"},
		{"release of a counter", in("services: [s]\n", "services: [s]\n        release: {days: 61, at: \"08:00\"}\n"), "21", "61 days ahead has no effect"},
		{"overlap", add(`          - {days: [tu, mo], from: "11:55", to: "13:00", internal: true}`), "23", "overlap on mo with those on line 22"},
		{"holiday that is nowhere", in("groups:", "holidays: [{name: N}]\ngroups:"), "6", `needs either "day" or "easter"`},
		{"holiday that is twice", in("groups:", `holidays: [{day: "12-24", easter: 1, name: N}]`+"\ngroups:"), "6", `needs either "day" or "easter"`},
		{"holiday on no day", in("groups:", `holidays: [{day: "02-30", name: N}]`+"\ngroups:"), "6", `"02-30" is not a day that exists`},
		{"holiday that begins at its end", in("groups:", `holidays: [{day: "12-24", from: "24:00", name: N}]`+"\ngroups:"), "6", "cannot begin at 24:00"},
		{"closure of an unknown location", in("groups:", "closures: [{from: 2026-12-01, until: 2026-12-02, location: m, counter: c}]\ngroups:"), "6", `there is no location "m"`},
		{"closure of an unknown counter", in("groups:", "closures: [{from: 2026-12-01, until: 2026-12-02, location: l, counter: d}]\ngroups:"), "6", `there is no counter of l "d"`},
		{"closure of a counter somewhere", in("groups:", "closures: [{from: 2026-12-01, until: 2026-12-02, counter: c}]\ngroups:"), "6", `needs "location" too`},
		{"closure backwards", in("groups:", "closures: [{from: 2026-12-02, until: 2026-12-01}]\ngroups:"), "6", "closure must begin before it ends"},
		{"closure off the grid", in("groups:", "closures: [{from: 2026-12-02 08:01, until: 2026-12-02 09:00}]\ngroups:"), "6", "the time 08:01 is off the grid"},
		{"bracket left open", in("land: BY", "land: [BY"), "3", "not well-formed YAML"},
		{"indented wrongly", in("    name: L", "   name: L"), "10", "not well-formed YAML"},
		{"tab", in("land: BY", "land:\n\tBY"), "4", "not well-formed YAML"},
		{"a second document", in("locations:", "---\nlocations:"), "9", "a second document"},
		{"control character", in("land: BY", "land: B\x00Y"), "3", "not plain UTF-8 text"},
		{"not UTF-8", in("name: Eins", "name: \xfcber"), "8", "not plain UTF-8 text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(minimal, c.change[0], c.change[1], 1)
			_, err := office.Parse("town.yaml", strings.NewReader(broken))
			if broken == minimal || err == nil {
				t.Fatal("nothing was broken")
			}
			if first, rest, _ := strings.Cut(err.Error(), "\n"); !strings.HasPrefix(first, "town.yaml:"+c.line+": ") ||
				!strings.Contains(first, c.message) || rest != "" {
				t.Errorf("error = %v", err)
			}
		})
	}
}

func TestParseRefusesLocationTwice(t *testing.T) {
	_, second, _ := strings.Cut(minimal, "locations:\n")
	_, err := office.Parse("town.yaml", strings.NewReader(minimal+second))
	if err == nil || !strings.HasPrefix(err.Error(), `town.yaml:23: location "l" exists already, on line 10`) {
		t.Errorf("error = %v", err)
	}
}

func TestParseRefusesFiles(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "only a comment": "# nothing\n", "list": "- a\n", "word": "word", "too large": "#" + strings.Repeat(" ", 4<<20)} {
		t.Run(name, func(t *testing.T) {
			_, err := office.Parse("town.yaml", strings.NewReader(content))
			if err == nil || !strings.HasPrefix(err.Error(), "town.yaml:1: ") {
				t.Errorf("error = %v", err)
			}
		})
	}
}
