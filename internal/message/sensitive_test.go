// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"

	"github.com/emersion/go-ical"
)

// telling is whatever gives away, or helps to guess, what facts are about.
var telling = []string{"Personalausweis", "Ummeldung", "alter Ausweis", "Foto", "46 Euro", "25 Minuten", "25 minutes"}

// sensitive are facts about a sensitive service.
func sensitive(t *testing.T, lang locale.Lang) message.Facts {
	f := facts(t, lang)
	f.Sensitive = true
	return f
}

// Whoever sees the mailbox of somebody with a sensitive service learns when and
// where, and nothing else; the reader is led to the rest.
func TestCitizenSensitive(t *testing.T) {
	said := map[locale.Lang]struct{ manage, see, subject string }{
		locale.DE: {"„Termin ansehen, verschieben oder absagen“", "„Termin ansehen“", "Montag, 23.11., 08:20 Uhr"},
		locale.EN: {"“See, move or cancel the appointment”", "“See the appointment”", "Monday, 23/11, 08:20"},
	}
	c := catalogue(t)
	for lang, want := range said {
		for _, kind := range []message.Kind{message.Booked, message.Moved, message.Cancelled, message.Verify, message.Expired, message.Reminder} {
			t.Run(string(lang)+" "+string(kind), func(t *testing.T) {
				m, err := message.Citizen(c, dbtest.Start, kind, address, sensitive(t, lang))
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(m.Subject, want.subject) || strings.Contains(m.Subject, "Rathaus") {
					t.Errorf("subject %q", m.Subject)
				}
				label := want.manage
				if kind == message.Cancelled || kind == message.Expired {
					label = want.see
				}
				says := []string{"Rathaus, Rathausplatz 1, 12345 Beispielhausen", "4829 1375", "/m/abc", label}
				checkBodies(t, m, says, telling)
				checkQuiet(t, m.Subject+string(m.Calendar))
			})
		}
	}
}

func checkQuiet(t *testing.T, s string) {
	t.Helper()
	for _, word := range telling {
		if strings.Contains(s, word) {
			t.Errorf("%q is in %q", word, s)
		}
	}
}

// The entry in a calendar has a neutral title and the address without the name of
// the office, and still its time.
func TestCalendarSensitive(t *testing.T) {
	c := catalogue(t)
	for lang, title := range map[locale.Lang]string{locale.DE: "Termin", locale.EN: "Appointment"} {
		f := sensitive(t, lang)
		for _, method := range []string{message.MethodPublish, message.MethodRequest, message.MethodCancel} {
			b, err := f.ICS(c, dbtest.Start, method, address)
			if err != nil {
				t.Fatal(err)
			}
			_, e := decode(t, b)
			description := text(t, e.Props, ical.PropDescription)
			for name, want := range map[string]string{ical.PropSummary: title, ical.PropLocation: "Rathausplatz 1, 12345 Beispielhausen"} {
				if got := text(t, e.Props, name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", lang, method, name, got, want)
				}
			}
			if !strings.Contains(description, f.ManageURL) || !strings.Contains(description, f.Reference) {
				t.Errorf("description is %q", description)
			}
			for _, p := range e.Props {
				for _, one := range p {
					checkQuiet(t, one.Value)
					if one.Name != ical.PropAttendee && one.Name != ical.PropLocation && strings.Contains(one.Value, "Rathaus") {
						t.Errorf("%s names the office: %q", one.Name, one.Value)
					}
				}
			}
			if end, err := e.DateTimeEnd(nil); err != nil || !end.Equal(f.End) {
				t.Errorf("it ends at %v, %v", end, err)
			}
		}
	}
}

// The office prepares for it, so its mail names the service; the subject does not.
func TestOfficeSensitive(t *testing.T) {
	for _, kind := range []message.Kind{message.Booked, message.Moved, message.Cancelled} {
		m, err := message.Office(catalogue(t), kind, "amt@example.org", sensitive(t, locale.DE), clerkFacts)
		if err != nil {
			t.Fatal(err)
		}
		checkBodies(t, m, []string{"2 × Personalausweis", "Ummeldung", "25 Minuten"}, nil)
		checkQuiet(t, m.Subject)
		if strings.Contains(m.Subject, "Rathaus") {
			t.Errorf("subject %q", m.Subject)
		}
	}
}
