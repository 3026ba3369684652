// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/staff"
)

// telling is whatever gives away the sensitive service of newQuietOffice, in both
// languages.
var telling = []string{"Wohnsitz", "wohnsitz", "Register your", "Meldung", "meldung", "Wohnungsgeber", "landlord", "7 Euro", "7 euros", "10 Minuten", "10 minutes"}

// newQuietOffice is newOffice with registering an address as a sensitive service,
// and mailboxes that have to be confirmed.
func newQuietOffice(t *testing.T, e *dbtest.Env) *visit {
	t.Helper()
	v := newOffice(t, e)
	const words = "words: [Umzug, Meldebescheinigung]"
	quiet := strings.NewReplacer("confirm_email: false", "confirm_email: true", words, words+`
    sensitive: true
    fee: {de: 7 Euro, en: 7 euros}
    bring:
      - {de: Bestätigung des Wohnungsgebers, en: a note of your landlord}`).Replace(string(officetest.Town))
	officetest.ImportFile(t, e, v.key, []byte(quiet))
	v.secondFactor(false)
	return v
}

// bookIn books the sensitive service in a language, up to the mail that asks to
// confirm.
func (v *visit) bookIn(lang string) {
	v.Helper()
	page := v.get("/" + lang + "/times?service=meldung&location=rathaus")
	form := v.want(v.post("/"+lang+"/times", chosen(page)), http.StatusSeeOther)
	check := v.want(v.post(form, guest), http.StatusSeeOther)
	v.want(v.post(check, url.Values{}), http.StatusSeeOther)
}

// quiet wants nothing telling in a text.
func (v *visit) quiet(what, text string) {
	v.Helper()
	text = strings.ReplaceAll(text, "\r\n ", "") // folded lines of a calendar entry
	for _, word := range telling {
		if strings.Contains(text, word) {
			v.Errorf("%s: %q", what, word)
		}
	}
}

// What an appointment with a sensitive service is for stands on its own page, and in
// the mails of the office: not in any mail to the citizen, nor in a calendar.
func TestSensitiveMailsAndCalendar(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) { newQuietOffice(t, e).sensitiveLife(lang) })
		})
	}
}

// sensitiveLife is that of one appointment, and of another that nobody confirms.
func (v *visit) sensitiveLife(lang string) {
	v.bookIn(lang)
	verify := link(v.T, v.send(guest.Get("email")), `/verify`)
	manage := v.want(v.post(verify, url.Values{}), http.StatusSeeOther)
	page := v.get(manage)
	v.want(page, http.StatusOK)
	if text := page.Find("main").Text(); !strings.Contains(text, map[string]string{"de": "Wohnsitz anmelden", "en": "Register your address"}[lang]) {
		v.Errorf("its own page says %q", text)
	}
	file := v.get(manage + "/calendar.ics")
	v.want(file, http.StatusOK)
	title := map[string]string{"de": "SUMMARY:Termin\r\n", "en": "SUMMARY:Appointment\r\n"}[lang]
	if !strings.Contains(file.body, title) || !strings.Contains(file.body, `LOCATION:Marktplatz 1\, 12345 Kleinstadt`) {
		v.Errorf("the calendar entry is %q", file.body)
	}
	v.quiet("calendar", file.Header.Get("Content-Disposition")+file.body)
	v.want(v.post(manage+"/move", chosen(v.get(manage+"/move"))), http.StatusSeeOther)
	v.want(v.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
	v.bookIn(lang)
	v.Clock.Advance(time.Hour)
	if _, err := v.service.Bookings.Housekeep(v.Context()); err != nil {
		v.Fatal(err)
	}
	v.send(guest.Get("email"))
	v.checkMails()
}

// checkMails wants six quiet mails to the citizen, and three to the office that say
// what it is about.
func (v *visit) checkMails() {
	v.Helper()
	citizen, clerks := 0, 0
	for _, m := range v.mails.List() {
		if m.To == guest.Get("email") {
			citizen++
			v.quiet(m.Subject, m.Subject+m.Text+m.HTML+string(m.ICS))
			if strings.Contains(m.Subject, "Rathaus") || !strings.Contains(m.Text, "Marktplatz 1, 12345 Kleinstadt") {
				v.Errorf("%q: the place", m.Subject)
			}
			continue
		}
		clerks++
		v.quiet("office", m.Subject)
		if !strings.Contains(m.Text, "Wohnsitz anmelden") {
			v.Errorf("the office is not told in %q", m.Subject)
		}
	}
	if citizen != 6 || clerks != 3 {
		v.Errorf("%d mails to the citizen, %d to the office", citizen, clerks)
	}
}

// On the card of a person a sensitive appointment has a service only for those who
// work on it, and is gone when it is over; the page says so.
func TestSensitiveOnTheCard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newQuietOffice(t, e)
		v.bookIn("de")
		manage := v.want(v.post(link(t, v.send(guest.Get("email")), `/verify`), url.Values{}), http.StatusSeeOther)
		card := customers + "/" + v.first("SELECT person_id FROM appointment")
		hall := v.login(v.hire(town, staff.FrontDesk, "frieda", "rathaus"))
		north := v.login(v.hire(town, staff.FrontDesk, "nora", "nord"))
		read := func(b *visit, path string) string {
			page := b.get(path)
			b.want(page, http.StatusOK)
			return page.Find("main").Text()
		}
		if text := read(hall, card); !strings.Contains(text, "Wohnsitz anmelden") || !strings.Contains(text, "nur, solange sie bevorstehen") {
			t.Errorf("where it is worked on: %q", text)
		}
		english := strings.Replace(card, "/de/", "/en/", 1)
		for _, path := range []string{card, english} {
			text := read(north, path)
			v.quiet("elsewhere", text)
			if !strings.Contains(text, "Rathaus") && !strings.Contains(text, "Town hall") {
				t.Errorf("elsewhere: %q", text)
			}
		}
		v.want(v.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
		found := hall.search("beispielhuber")
		for what, text := range map[string]string{"card": read(hall, card), "English card": read(hall, english), "search": found.Find(".desk-found").Text()} {
			v.quiet(what, text)
			if !strings.Contains(text, "Beispielhuber") || strings.Contains(text, "2026") || strings.Contains(text, "Rathaus") {
				t.Errorf("%s after it was cancelled: %q", what, text)
			}
		}
		officer := v.login(v.hire(town, staff.Officer, "olga"))
		v.quiet("audit", read(officer, "/de/desk/audit"))
	})
}
