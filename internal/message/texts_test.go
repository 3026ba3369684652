// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
)

func catalogue(t *testing.T) *locale.Catalogue {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// facts are those of an appointment on Monday, 23 November 2026, 08:20.
func facts(t *testing.T, lang locale.Lang) message.Facts {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, time.November, 23, 8, 20, 0, 0, berlin)
	return message.Facts{
		Lang: lang, ID: "0198-termin", Sequence: 1, Host: "termine.example.org", Organizer: "termine@example.org",
		Town: "Stadt Beispielhausen", Reference: "4829 1375", Start: start, End: start.Add(25 * time.Minute),
		Previous: start.AddDate(0, 0, -3),
		Services: []message.Line{{Name: "Personalausweis", Quantity: 2}, {Name: "Ummeldung", Quantity: 1}},
		Minutes:  25, Place: "Rathaus", Address: []string{"Rathausplatz 1", "12345 Beispielhausen"}, Phone: "0123 / 456-0",
		Directions: "Eingang am Markt", Bring: []string{"alter Ausweis", "Foto"}, Fees: []string{"Personalausweis: 46 Euro"},
		ManageURL: "https://termine.example.org/m/abc", VerifyURL: "https://termine.example.org/v/def",
		VerifyMinutes: 30, VerifyDeadline: start.AddDate(0, 0, -1), StartURL: "https://termine.example.org/",
	}
}

var clerkFacts = message.OfficeFacts{
	FirstName: "Frieda", LastName: "Beispiel", Email: address, Phone: "0171 3920000", Address: "Weg 1\n12345 Beispielhausen",
	BirthDate: "1. Januar 1980", Note: "Ich komme mit Kinderwagen.", Counter: "Bürgerbüro, Schalter 1",
}

// bodies are the text part and the HTML part, each of which says everything.
func bodies(m message.Mail) map[string]string {
	return map[string]string{"text": m.Text, "html": m.HTML}
}

func TestCitizen(t *testing.T) {
	cases := []struct {
		lang    locale.Lang
		kind    message.Kind
		subject string
		says    []string
		silent  []string
	}{
		{locale.DE, message.Booked, "Ihr Termin am Montag, 23.11., 08:20 Uhr", []string{
			"Guten Tag,", "Ihr Termin ist gebucht: Montag, 23. November 2026, 08:20 Uhr.", "Terminnummer: 4829 1375",
			"Rathaus, Rathausplatz 1, 12345 Beispielhausen", "2 × Personalausweis", "Ummeldung", "25 Minuten",
			"Bitte bringen Sie mit", "alter Ausweis", "Personalausweis: 46 Euro", "Eingang am Markt",
			"Termin verschieben oder absagen", "https://termine.example.org/m/abc", "0123 / 456-0", "Stadt Beispielhausen",
		}, []string{"Bisher", "/v/def", "1 × "}},
		{locale.DE, message.Moved, "Ihr Termin ist jetzt am Montag, 23.11., 08:20 Uhr", []string{
			"Ihr Termin ist verschoben.", "Bisher", "Freitag, 20. November 2026, 08:20 Uhr", "/m/abc", "Foto",
		}, []string{"/v/def"}},
		{locale.DE, message.Cancelled, "Ihr Termin am Montag, 23.11., 08:20 Uhr ist abgesagt", []string{
			"ist abgesagt. Sie müssen nichts weiter tun.", "Neuen Termin buchen",
		}, []string{"/m/abc", "/v/def", "Foto"}},
		{locale.DE, message.Verify, "Ihr Termin am Montag, 23.11., 08:20 Uhr: bitte bestätigen", []string{
			"innerhalb von 30 Minuten", "bis Sonntag, 22. November, 08:20 Uhr für Sie frei", "/v/def", "müssen Sie nichts tun",
		}, nil},
		{locale.DE, message.Expired, "Ihr Termin am Montag, 23.11., 08:20 Uhr ist nicht mehr reserviert", []string{
			"ist wieder frei", "Neuen Termin buchen",
		}, []string{"/m/abc", "/v/def"}},
		{locale.EN, message.Booked, "Your appointment on Monday, 23/11, 08:20", []string{
			"Hello,", "Your appointment is booked: Monday, 23 November 2026, 08:20.", "Appointment number: 4829 1375",
			"Please bring", "Move or cancel the appointment", "25 minutes",
		}, []string{"Uhr", "Termin verschieben"}},
		{locale.EN, message.Moved, "Your appointment is now on Monday, 23/11, 08:20", []string{"Before", "was moved"}, nil},
		{locale.EN, message.Cancelled, "Your appointment on Monday, 23/11, 08:20 is cancelled", []string{"Book a new appointment"}, nil},
		{locale.EN, message.Verify, "Your appointment on Monday, 23/11, 08:20: please confirm", []string{
			"within 30 minutes", "until Sunday, 22 November, 08:20", "Confirm e-mail address",
		}, nil},
		{locale.EN, message.Expired, "Your appointment on Monday, 23/11, 08:20 is no longer reserved", []string{"free again"}, nil},
		{"xx", message.Booked, "Ihr Termin am Montag, 23.11., 08:20 Uhr", []string{"Guten Tag,"}, nil},
	}
	c := catalogue(t)
	for _, tc := range cases {
		t.Run(string(tc.lang)+" "+string(tc.kind), func(t *testing.T) {
			m, err := message.Citizen(c, dbtest.Start, tc.kind, address, facts(t, tc.lang))
			if err != nil {
				t.Fatal(err)
			}
			if m.To != address || m.Subject != tc.subject {
				t.Errorf("to %s, subject %q", m.To, m.Subject)
			}
			checkBodies(t, m, tc.says, tc.silent)
			if withCalendar := tc.kind != message.Verify && tc.kind != message.Expired; (m.Calendar != nil) != withCalendar ||
				(m.Method != "") != withCalendar {
				t.Errorf("method %q, calendar of %d bytes", m.Method, len(m.Calendar))
			}
		})
	}
}

// checkBodies checks both parts for what they must and must not say, and for
// what a broken text leaves behind.
func checkBodies(t *testing.T, m message.Mail, says, silent []string) {
	t.Helper()
	for part, body := range bodies(m) {
		for _, s := range says {
			if !strings.Contains(body, s) {
				t.Errorf("%s does not say %q", part, s)
			}
		}
		for _, s := range append(silent, "‹", "<no value>", "ZgotmplZ", "%!") {
			if strings.Contains(body, s) {
				t.Errorf("%s says %q", part, s)
			}
		}
	}
	if !strings.Contains(m.HTML, `<html lang="`+m.Lang+`">`) {
		t.Errorf("HTML is not marked as %s", m.Lang)
	}
}

func TestOffice(t *testing.T) {
	personal := []string{"Frieda Beispiel", address, "0171 3920000", "Weg 1", "1. Januar 1980", "Kinderwagen",
		"Bürgerbüro, Schalter 1", "2 × Personalausweis", "4829 1375"}
	cases := []struct {
		lang    locale.Lang
		kind    message.Kind
		subject string
		says    string
	}{
		{"", message.Booked, "Neuer Termin am Montag, 23.11., 08:20 Uhr", "Ein Termin wurde gebucht"},
		{"", message.Moved, "Termin verschoben auf Montag, 23.11., 08:20 Uhr", "Freitag, 20. November 2026, 08:20 Uhr"},
		{"", message.Cancelled, "Termin abgesagt: Montag, 23.11., 08:20 Uhr", "wurde abgesagt"},
		{locale.EN, message.Booked, "New appointment on Monday, 23/11, 08:20", "Date of birth"},
		{locale.EN, message.Moved, "Appointment moved to Monday, 23/11, 08:20", "Before"},
		{locale.EN, message.Cancelled, "Appointment cancelled: Monday, 23/11, 08:20", "was cancelled"},
	}
	c := catalogue(t)
	for _, tc := range cases {
		m, err := message.Office(c, tc.kind, "amt@example.org", facts(t, tc.lang), clerkFacts)
		if err != nil {
			t.Fatal(err)
		}
		if m.To != "amt@example.org" || m.Subject != tc.subject || m.Calendar != nil {
			t.Errorf("to %s, subject %q, calendar of %d bytes", m.To, m.Subject, len(m.Calendar))
		}
		forbidden := []string{"/v/def"}
		says := append([]string{tc.says}, personal...)
		if tc.kind == message.Cancelled { // nothing left to move or cancel
			forbidden = append(forbidden, "/m/abc")
		} else {
			says = append(says, "/m/abc")
		}
		checkBodies(t, m, says, forbidden)
	}
}

func TestVerifyNeedsItsLink(t *testing.T) {
	f := facts(t, locale.DE)
	f.VerifyURL = ""
	if _, err := message.Citizen(catalogue(t), dbtest.Start, message.Verify, address, f); err == nil {
		t.Error("asks to confirm and offers no link")
	}
}

func TestUnknownKind(t *testing.T) {
	c := catalogue(t)
	if _, err := message.Citizen(c, dbtest.Start, "reminded", address, facts(t, locale.DE)); err == nil {
		t.Error("a mail of an unknown kind")
	}
	for _, kind := range []message.Kind{message.Verify, message.Expired, ""} {
		if _, err := message.Office(c, kind, address, facts(t, locale.DE), clerkFacts); err == nil {
			t.Errorf("a mail of kind %q to the office", kind)
		}
	}
}
