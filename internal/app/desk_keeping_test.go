// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// aside is the part of a card about keeping and restricting.
const aside = "section[aria-labelledby=keeping-title]"

// The office management keeps a record for a claim, reads why, and ends that. What
// was typed wrong is still there.
func TestKeepAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		card := v.bookAs(guest)
		desk := v.login(v.hire(town, staff.Admin, "leitung"))
		keep := desk.get(card).Find(aside+" form[action$='/keep']").AttrOr("action", "")
		for _, c := range []struct{ until, reason, wrong string }{
			{"", "Klage <b>", "#keep-until"}, {"14.03.2027", "Klage <b>", "#keep-until"}, {"2026-09-07", "Klage <b>", "#keep-until"},
			{"2031-09-08", "Klage <b>", "#keep-until"}, {"2027-03-14", "", "#keep-reason"}, {"2027-03-14", strings.Repeat("ä", 501), "#keep-reason"},
		} {
			page := desk.post(keep, url.Values{"keep-until": {c.until}, "keep-reason": {c.reason}})
			desk.want(page, http.StatusUnprocessableEntity)
			if links := page.Find("#errors a"); links.Length() != 1 || links.AttrOr("href", "") != c.wrong || page.Find(aside+" details[open] "+c.wrong+"[aria-invalid]").Length() != 1 {
				t.Errorf("%q, %.9q: the summary says %q", c.until, c.reason, page.Find("#errors").Text())
			}
			if page.Find("#keep-until").AttrOr("value", "") != c.until || page.Find("#keep-reason").Text() != c.reason {
				t.Errorf("%q, %.9q: what was typed is lost", c.until, c.reason)
			}
		}
		form := url.Values{"keep-until": {"2027-03-14"}, "keep-reason": {"Klage <b>\r\nAz. 1"}}
		to := desk.want(desk.post(keep, form), http.StatusSeeOther)
		desk.want(desk.post(keep, form), http.StatusSeeOther) // a second click
		page := desk.get(to)
		text := page.Find(aside + " .entries").Text()
		for _, want := range []string{"bis einschließlich Sonntag, 14. März 2027", "Klage <b>\nAz. 1", "Leitung", "7. September 2026"} {
			if !strings.Contains(text, want) {
				t.Errorf("the card says %q, without %q", text, want)
			}
		}
		if page.Find("[role=status]").Length() != 1 || page.Find(aside+" .entries li").Length() != 1 {
			t.Error("nothing says that it is kept, or it is kept twice")
		}
		clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
		if seen := clerk.get(card); seen.Find(aside+" .entries li").Length() != 1 || seen.Find(aside+" form[action*='/keep']").Length() != 0 {
			t.Error("the clerk does not see it, or is offered what is not for clerks")
		}
		two := strings.TrimPrefix(v.bookAs(guest), customers+"/")
		merged := clerk.post(card+"/merge", url.Values{"with": {two}, "keep": {two}})
		clerk.want(merged, http.StatusConflict)
		if !strings.Contains(merged.Find("#errors").Text(), "für einen Rechtsanspruch aufbewahrt") {
			t.Errorf("a merge is refused with %q", merged.Find("#errors").Text())
		}
		end := desk.get(card)
		for range 2 {
			desk.want(desk.press(end, aside+" form[action$='/keep/end'] button"), http.StatusSeeOther)
		}
		if text := desk.get(card).Find(aside).Text(); !strings.Contains(text, "gelten die üblichen Fristen") {
			t.Errorf("ended, and the card says %q", text)
		}
	})
}

// A clerk restricts a record: the front desk finds it no more, and still sees who
// comes; contact data stay as they are until the clerk lifts that.
func TestRestrictAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		path := v.appointment()
		card := customers + "/" + v.first("SELECT person_id FROM appointment")
		clerk, front := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.FrontDesk, "frieda"))
		if page := front.get(card); page.Find(aside).Length() != 0 {
			t.Errorf("the front desk reads %q", page.Find(aside).Text())
		}
		form := clerk.entered(clerk.get(path + "/contact"))
		to := clerk.want(clerk.press(clerk.get(card), aside+" form[action$='/restrict'] button"), http.StatusSeeOther)
		page := clerk.get(to)
		if text := page.Find("#restricted").Text(); !strings.Contains(text, "eingeschränkt") || !strings.Contains(text, "Sachbearbeitung") ||
			page.Find("h1 + p .desk-mark").Text() != "eingeschränkt" || page.Find("[role=status]").Length() != 1 {
			t.Errorf("restricted, and the card says %q", text)
		}
		if found := clerk.search("Beispielhuber"); found.Find(".desk-found .desk-mark").Text() != "eingeschränkt" {
			t.Error("the clerk does not find it, or not marked")
		}
		if found := front.search("Beispielhuber"); found.Find(".desk-found").Length() != 0 {
			t.Error("the front desk finds it")
		}
		hidden := front.get(card)
		front.want(hidden, http.StatusForbidden)
		if hidden.Find("h1").Text() != "Diese Kundendaten sind eingeschränkt" {
			t.Errorf("the front desk reads %q", hidden.Find("h1").Text())
		}
		appointment := front.get(path)
		front.want(appointment, http.StatusOK)
		if text := appointment.Find("main").Text(); !strings.Contains(text, "Beispielhuber") || !strings.Contains(text, "eingeschränkt") ||
			appointment.Find("main a[href^='"+customers+"/'], main a[href$='/contact']").Length() != 0 {
			t.Errorf("the appointment says %q", text)
		}
		for _, page := range []answer{clerk.get(path + "/contact"), clerk.post(path+"/contact", form), front.get(path + "/contact"), front.post(path+"/contact", form)} {
			clerk.want(page, http.StatusConflict)
			if !strings.Contains(page.Find("#errors").Text(), "Verarbeitung dieser Kundendaten ist eingeschränkt") {
				t.Errorf("a change is refused with %q", page.Find("#errors").Text())
			}
		}
		clerk.want(clerk.press(clerk.get(card), aside+" form[action$='/unrestrict'] button"), http.StatusSeeOther)
		front.want(front.get(card), http.StatusOK)
		clerk.want(clerk.post(path+"/contact", form), http.StatusSeeOther)
	})
}
