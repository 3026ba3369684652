// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"html/template"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
	"vorzimmer/internal/web/view/viewtest"
)

// sample is a page filled with invented data.
type sample struct {
	name string // of the case
	tmpl string
	page any
}

// samples has every page at least once, and the states that look different.
// key looks up a title.
func samples(lang locale.Lang, key func(string, ...any) string) []sample {
	lay := func(title string, step int) view.Layout { return sampleLayout(lang, key(title), step) }
	wrong := lay("details.title", 3)
	wrong.Errors = []view.FieldError{
		{Field: "last-name", Text: key("field.required", "Field", key("field.label.last-name"))},
		{Field: "email", Text: key("field.email")},
		{Field: "note", Text: key("field.long", "Field", key("field.label.note"), "Max", 500)},
	}
	resumed := lay("start.title", 1)
	resumed.Phone = "02368 000000"
	resumed.Resume = &view.Resume{Until: at(8, 42), URL: "/hold/sample"}
	resumed.Example, resumed.DemoMailURL = true, "/demo/mail"
	busy := lay("check.title", 4)
	busy.Phone, busy.PhoneHours = "02368 000000", both("Montag bis Freitag, 8 bis 12 Uhr", "")
	busy.Errors = []view.FieldError{{Text: key("limit.network"), Call: true}}
	short := person.Data{FirstName: "Jörg", LastName: "Œčakowski-Müller", Email: "joerg@example.org", Phone: "0171 3920012"}
	long := short
	long.Street, long.Postcode, long.City = "Musterweg 3", "45739", "Oer-Erkenschwick"
	long.BirthDate, long.Note = "1985-11-24", "Ich komme im Rollstuhl.\nBitte <b>klingeln</b>."
	form, full := formOf(short, view.Layout{}), formOf(long, wrong)
	held := holdLine{Until: at(8, 42), Seconds: 540, Extensions: 9, ExtendURL: "/hold/more", ReleaseURL: "/hold/release"}
	over := holdLine{Until: at(8, 32), Expired: true, ReleaseURL: "/hold/release"}
	renewed := held
	renewed.Renewed = true
	qr := template.HTML(`<svg role="img" aria-label="` + template.HTMLEscapeString(key("qr.label")) + `" viewBox="0 0 9 9"><path d="M1 1h3v3H1zM5 1h3v3H5zM1 5h3v3H1z"/></svg>`)
	sum := sampleSummary()
	open := sum
	open.Reference = ""
	return append(append(statementSamples(lay, key), rightsSamples(lay, key)...), []sample{
		{"start", "start", startPage{Layout: lay("start.title", 1), Common: sampleServices()[:2], Groups: sampleGroups()}},
		{"start-chosen", "start", startPage{Layout: resumed, Basket: sampleBasket(), Common: sampleServices(), Groups: sampleGroups()}},
		{"start-search", "start", startPage{Layout: lay("start.title", 1), Query: "Pass", ClearURL: "/", Results: sampleServices()[1:2]}},
		{"start-nothing", "start", startPage{Layout: lay("start.title", 1), Query: "Raumschiff", ClearURL: "/"}},
		{"times", "times", sampleTimes(lay("times.title", 2))},
		{"times-list", "times", sampleList(lay("times.title", 2))},
		{"times-taken", "times", sampleTaken(lay("times.title", 2), key("booking.taken"))},
		{"times-move", "times", sampleMove(lay("times.move_title", 0), &sum)},
		{"times-nothing", "times", timesPage{Layout: lay("times.title", 2), Basket: sampleBasket(), BackURL: "/", Nothing: true, Release: &releasedAt, Place: sum.Place, Action: "/hold"}},
		{"details", "details", detailsPage{Layout: lay("details.title", 3), Summary: open, Hold: held, Form: formOf(person.Data{}, view.Layout{}), Action: "/details", LoginURL: "/account/login"}},
		{"details-filled", "details", detailsPage{Layout: lay("details.title", 3), Summary: open, Hold: held, Form: form, Action: "/details", Filled: true}},
		{"details-errors", "details", detailsPage{Layout: wrong, Summary: open, Hold: over, Form: full, Action: "/details"}},
		{"check", "check", checkPage{Layout: lay("check.title", 4), Summary: open, Hold: renewed, Form: form, EditURL: "/details", TimeURL: "/release", Action: "/book"}},
		{"check-full", "check", checkPage{Layout: lay("check.title", 4), Summary: open, Hold: held, Form: full, EditURL: "/details", TimeURL: "/release", Action: "/book"}},
		{"check-busy", "check", checkPage{Layout: busy, Summary: open, Hold: held, Form: form, EditURL: "/details", TimeURL: "/release", Action: "/book"}},
		{"done", "done", donePage{Layout: lay("done.title", 0), Summary: sum, Email: form.Email, CalendarURL: "/termin.ics", ManageURL: "/manage", QR: qr, RegisterURL: "/account/from/sample"}},
		{"done-mine", "done", donePage{Layout: lay("done.title", 0), Summary: sum, Email: form.Email, ManageURL: "/manage", QR: qr, MineURL: "/account"}},
		{"done-unconfirmed", "done", donePage{Layout: lay("done.title_unconfirmed", 0), Summary: sum, Email: form.Email, Unconfirmed: true, ConfirmBy: at(9, 0), QR: qr}},
		{"manage", "manage", managePage{Layout: lay("manage.title.confirmed", 0), Summary: sum, State: "confirmed", Moved: true, CalendarURL: "/termin.ics", MoveURL: "/move", CancelURL: "/cancel", StartURL: "/", AdoptURL: "/account/adopt/sample", QR: qr}},
		{"manage-unconfirmed", "manage", managePage{Layout: lay("manage.title.unconfirmed", 0), Summary: sum, State: "unconfirmed", ConfirmBy: at(9, 0), MoveURL: "/move", CancelURL: "/cancel"}},
		{"manage-cancelled", "manage", managePage{Layout: lay("manage.title.cancelled", 0), Summary: sum, State: "cancelled", StartURL: "/"}},
		{"manage-expired", "manage", managePage{Layout: lay("manage.title.expired", 0), Summary: sum, State: "expired", StartURL: "/"}},
		{"manage-past", "manage", managePage{Layout: lay("manage.title.past", 0), Summary: sum, State: "past", StartURL: "/", Kept: booking.Kept{Restricted: true, Until: at(9, 0), Reason: "Klage"}}},
		{"cancel", "cancel", cancelPage{Layout: lay("cancel.title", 0), Summary: sum, Action: "/cancel", BackURL: "/manage"}},
		{"verify", "verify", verifyPage{Layout: lay("verify.title", 0), Summary: sum, By: at(9, 0), Action: "/verify"}},
		{"privacy", "privacy", privacyPage{Layout: lay("notice.title", 0), Number: 3, Since: "2. November 2026", Document: viewtest.Document(lang), VersionsURL: "/privacy/versions"}},
		{"privacy-old", "privacy", privacyPage{Layout: lay("notice.title", 0), Number: 1, Since: "2. November 2026", Document: viewtest.Document(lang), CurrentURL: "/privacy"}},
		{"versions", "versions", versionsPage{Layout: lay("notice.versions.title", 0), Versions: []versionRow{{2, "2. November 2026", "/privacy/version/2", true}, {1, "1. November 2026", "/privacy/version/1", false}}}},
		{"error", "error", view.ErrorPage{Layout: lay("error.notfound.title", 0), Status: 404, Heading: key("error.notfound.title"), Text: key("error.notfound.text"), Links: []view.Link{{Text: key("error.home"), URL: "/"}}}},
	}...)
}

// zone is the town's.
var zone = time.FixedZone("CET", 3600)

// at is a time on Monday, 23 November 2026.
func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, zone) }

// releasedAt is when further times are released.
var releasedAt = at(8, 0).AddDate(0, 0, 7)

func both(de, en string) locale.Text {
	t := locale.Text{locale.DE: de}
	if en != "" {
		t[locale.EN] = en
	}
	return t
}

func sampleLayout(lang locale.Lang, title string, step int) view.Layout {
	return view.Layout{Lang: lang, Title: title, Town: "Stadt Oer-Erkenschwick", Step: step,
		Languages: []view.LangLink{
			{Lang: locale.DE, Name: "Deutsch", URL: "/", Current: lang == locale.DE},
			{Lang: locale.EN, Name: "English", URL: "/en", Current: lang == locale.EN}},
		HomeURL: "/", AccountURL: "/account", PrivacyURL: "/datenschutz", ImprintURL: "/impressum", AccessibilityURL: "/barrierefreiheit"}
}

func sampleServices() []serviceRow {
	return []serviceRow{
		{Name: both("Personalausweis beantragen", "Apply for an ID card"), Minutes: 15, Chosen: true, Words: "Perso"},
		{Name: both("Reisepass beantragen", "Apply for a passport"), Minutes: 20, AddURL: "/?service=ausweis&service=pass"},
		{Name: both("Eheschließung anmelden", ""), Minutes: 45},
		{Name: both("Wohnungsgeberbestätigung und Wohnsitzanmeldung aus dem Ausland für Familien mit mehreren Kindern", "Registration"), Minutes: 10, AddURL: "/?service=ausweis&service=melde"},
	}
}

func sampleGroups() []serviceGroup {
	return []serviceGroup{
		{Name: both("Ausweis und Reisepass", "ID card and passport"), Services: sampleServices()[:2]},
		{Name: both("Wohnsitz und Meldewesen", ""), Services: sampleServices()[2:]},
	}
}

func sampleBasket() basket {
	bring := locale.Texts{both("bisheriger Ausweis", "your previous ID card"), both("Code für das digitale Lichtbild", "")}
	return basket{Minutes: 50, Count: 3, TimesURL: "/termine", Wanted: []string{"ausweis.2", "pass.1", "melde.1"}, Items: []basketItem{
		{Name: both("Personalausweis beantragen", "Apply for an ID card"), Note: both("Bitte kommen Sie selbst.", ""), Fee: both("46 Euro, unter 24 Jahren 27,60 Euro.", "46 euros, 27.60 euros if you are under 24."), Bring: bring, Quantity: 2, Max: 4, Minutes: 30, PlusURL: "/?p", MinusURL: "/?m", RemoveURL: "/?r"},
		{Name: both("Reisepass beantragen", "Apply for a passport"), Quantity: 2, Max: 2, Minutes: 20, MinusURL: "/?m", RemoveURL: "/?r"},
		{Name: both("Meldebescheinigung", "Certificate"), Quantity: 1, Max: 1, Minutes: 5, RemoveURL: "/?r"},
	}}
}

func samplePlace() place {
	return place{Name: both("Rathaus", "Town hall"), Street: "Rathausplatz 1", City: "45739 Oer-Erkenschwick", Phone: "02368 000000",
		PhoneHours: both("Montag bis Freitag, 8 bis 12 Uhr", "Monday to Friday, 8 to 12"), Directions: both("Eingang am Platz, Erdgeschoss, ohne Stufen.", "")}
}

func sampleSummary() summary {
	return summary{Reference: "4829 1375", Start: at(8, 20), End: at(8, 55), Minutes: 35, Place: samplePlace(), DeletedOn: at(0, 0).AddDate(0, 0, 30), Services: []summaryService{
		{Name: both("Personalausweis beantragen", "Apply for an ID card"), Quantity: 2, Fee: both("46 Euro", "46 euros"), Bring: locale.Texts{both("bisheriger Ausweis", "your previous ID card"), both("Code für das digitale Lichtbild", "")}},
		{Name: both("Meldebescheinigung", "Certificate"), Quantity: 1},
	}}
}

func rows(from, until int) []timeRow {
	var out []timeRow
	for h := from; h < until; h++ {
		for m := 0; m < 60; m += 20 {
			out = append(out, timeRow{Start: at(h, m), Value: at(h, m).Unix(), Location: both("Rathaus", "Town hall")})
		}
	}
	return out
}

// sampleMonth is November 2026, which begins on a Sunday.
func sampleMonth() monthTable {
	m := monthTable{First: at(0, 0).AddDate(0, 0, -22), NextURL: "/termine?month=2026-12"}
	day := m.First.AddDate(0, 0, -6)
	for range 6 {
		var week [7]dayCell
		for i := range week {
			c := dayCell{Date: day, Blank: day.Month() != time.November, Today: day.Day() == 22, Selected: day.Day() == 23}
			if i < 5 && day.Day() >= 23 && !c.Blank {
				c.Free, c.URL = (day.Day()*7)%24+1, "/termine?day="+day.Format(time.DateOnly)
			}
			c.NoneFree = day.Day() >= 22 && !c.Blank && c.Free == 0
			week[i] = c
			day = day.AddDate(0, 0, 1)
		}
		m.Weeks = append(m.Weeks, week)
	}
	return m
}

func sampleTimes(l view.Layout) timesPage {
	return timesPage{Layout: l, Basket: sampleBasket(), BackURL: "/", Place: samplePlace(), Release: &releasedAt, Next: &rows(8, 9)[1], SwitchURL: "/termine?list=1",
		Month: sampleMonth(), Day: &dayTimes{Date: at(0, 0), Morning: rows(8, 12), Afternoon: rows(14, 16)}, Action: "/hold", Hidden: []hidden{{"service", "ausweis.2"}}}
}

func sampleList(l view.Layout) timesPage {
	p := sampleTimes(l)
	p.List, p.MoreURL, p.Day = true, "/termine?list=2", nil
	p.Days = []dayTimes{{Date: at(0, 0), Morning: rows(8, 10)}, {Date: at(0, 0).AddDate(0, 0, 1), Morning: rows(8, 9), Afternoon: rows(14, 15)}}
	next := at(10, 0).AddDate(0, 0, 1)
	p.Locations = []locationChoice{{Name: both("Rathaus", "Town hall"), Address: "Rathausplatz 1", URL: "/a", Current: true, Next: &next}, {Name: both("Bürgerhaus Nord", ""), Address: "Nordweg 2", URL: "/b"}}
	return p
}

func sampleTaken(l view.Layout, taken string) timesPage {
	p := sampleTimes(l)
	p.Taken, p.Nearest, p.Day, p.Release = true, rows(9, 10), nil, nil
	p.Errors = []view.FieldError{{Text: taken}}
	return p
}

func sampleMove(l view.Layout, s *summary) timesPage {
	p := sampleTimes(l)
	p.Moving, p.Basket, p.EmptyURL = s, basket{}, "/termine?month=2026-12"
	p.Day.Morning, p.Day.Afternoon = nil, nil
	return p
}
