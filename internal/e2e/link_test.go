// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// unknownSecret has the form of a secret and opens nothing.
var unknownSecret = strings.Repeat("A", 43)

// TestBadLink uses links that do not hold, with every page and form.
func TestBadLink(t *testing.T) {
	p := startDemo(t, "")
	pages := []string{"/hold/", "/hold/?/check", "/hold/?/done", "/appointment/", "/appointment/?/move",
		"/appointment/?/cancel", "/appointment/?/verify", "/appointment/?/calendar.ics"}
	forms := []string{"/hold/", "/hold/?/extend", "/hold/?/release", "/hold/?/check", "/appointment/?/move",
		"/appointment/?/cancel", "/appointment/?/verify"}
	path := func(v *visitor, pattern, secret string) string {
		if !strings.Contains(pattern, "?") {
			return v.path(pattern + secret)
		}
		return v.path(strings.Replace(pattern, "?", secret, 1))
	}
	inBoth(t, p, func(t *testing.T, v *visitor) {
		b := v.book(person("link-"+v.lang+"@example.org"), 0, trade)
		secret := b.manage[strings.LastIndex(b.manage, "/")+1:]
		cut := secret[:len(secret)-1]
		for _, wrong := range []string{unknownSecret, cut, secret + "A", strings.ToUpper(secret), "x", "%00", "%ff", "..", "%2e%2e%2f",
			strings.ReplaceAll(b.reference, " ", ""), stringOf('A', 5000)} {
			if wrong == ".." {
				continue // the client itself would take it away
			}
			for _, pattern := range pages {
				v.refused(v.get(path(v, pattern, wrong)), http.StatusNotFound, "error.link.text")
			}
			for _, pattern := range forms {
				v.refused(v.post(path(v, pattern, wrong), person("x@example.org")), http.StatusNotFound, "error.link.text")
			}
		}
	})
}

// TestOtherLink uses a link that holds for something else.
func TestOtherLink(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	b := v.book(person("other@example.org"), 0, trade)
	mailed := mailsTo(t, p, b.email, 1)[0].link(t)
	hold := v.hold(v.starts(trade)[1], trade)
	secret := strings.TrimPrefix(hold, "/de/hold/")
	for _, page := range []string{"", "/move", "/cancel", "/verify"} {
		if to := v.seeOther(v.get("/de/appointment/" + secret + page)); to != hold {
			t.Errorf("%s of a hold leads to %s", page, to)
		}
	}
	for _, form := range []string{"/cancel", "/move", "/verify"} {
		a := v.post("/de/appointment/"+secret+form, url.Values{"start": {b.start}})
		if a.Status == http.StatusSeeOther && a.location() != hold || a.Status >= 500 {
			t.Errorf("%s of a hold: status %d", form, a.Status)
		}
	}
	v.fill(hold, person("other2@example.org")) // the hold is still there
	for _, page := range []string{"", "/check"} {
		asHold := strings.Replace(mailed, "/appointment/", "/hold/", 1)
		if to := v.seeOther(v.get(asHold + page)); !strings.HasSuffix(to, "/done") {
			t.Errorf("the link of a mail as that of a form leads to %s", to)
		}
	}
	t.Run("given up for another", func(t *testing.T) {
		for _, secret := range []string{unknownSecret, "x", "\x00", b.manage[strings.LastIndex(b.manage, "/")+1:]} {
			v := newVisitor(t, p)
			form := url.Values{"service": {idCard}, "location": {"rathaus"}, "start": {v.starts(idCard)[0]}, "hold": {secret}}
			shown(t, v.page(v.seeOther(v.post("/de/times", form))), "email", "")
			v.page("/de/times?" + form.Encode())
		}
		if v.page(b.manage).one(".reference").Text() != b.reference {
			t.Error("an appointment was given up")
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			b := v.book(person("over-"+v.lang+"@example.org"), 3, trade)
			v.cancel(b.manage)
			for _, page := range []string{"/move", "/cancel", "/verify"} {
				if to := v.seeOther(v.get(b.manage + page)); to != b.manage {
					t.Errorf("%s leads to %s", page, to)
				}
			}
			a := v.post(b.manage+"/move", url.Values{"start": {b.start}, "location": {"rathaus"}})
			v.refused(a, http.StatusGone, "booking.cancelled")
			v.refused(v.post(b.manage+"/verify", nil), http.StatusForbidden, "booking.verify_by_mail")
		})
	})
	t.Run("move to what is not free", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			mine := v.book(person("move-"+v.lang+"@example.org"), 5, trade)
			for start, status := range map[string]int{b.start: 409, later(t, b.start, 61): 422, "": 422, "heute": 422, later(t, b.start, 1e9): 422} {
				a := v.post(mine.manage+"/move", url.Values{"start": {start}, "location": {"rathaus"}})
				if a.Status != status || len(offered(a)) < 3 {
					t.Errorf("move to %q: status %d with %d other times, want %d", start, a.Status, len(offered(a)), status)
				}
			}
			v.refused(v.post(mine.manage+"/move", url.Values{"start": {mine.start}, "location": {"mond"}}), 404, "location.unknown")
			v.refused(v.get(mine.manage+"/move?day=2999-01-01"), 422, "time.horizon")
			v.refused(v.get(mine.manage+"/move?location=mond"), 404, "location.unknown")
			if v.page(mine.manage).one(".reference").Text() != mine.reference {
				t.Error("the appointment is gone")
			}
		})
	})
}

// TestHoldRunsOut comes back to the form too late.
func TestHoldRunsOut(t *testing.T) {
	form := person("late@example.org")
	form.Set("note", "Bitte klingeln")
	begin := func(t *testing.T) (*process, *visitor, string, string) {
		p := startDemo(t, "")
		v := newVisitor(t, p)
		start := v.starts(trade)[0]
		hold := v.hold(start, trade)
		return p, v, hold, start
	}
	// lost is a time that somebody else has by now.
	lost := func(t *testing.T) (*visitor, string) {
		p, v, hold, start := begin(t)
		runOut(t, p)
		newVisitor(t, p).hold(start, trade)
		return v, hold
	}
	// prolonged is a time that was held for as long as it can be.
	prolonged := func(t *testing.T) (*process, *visitor, string) {
		p, v, hold, _ := begin(t)
		for range 10 {
			older(t, p, time.Minute)
			v.seeOther(v.submit(v.page(hold), "form#details", form, hold+"/extend"))
		}
		return p, v, hold
	}
	kept := func(t *testing.T, v *visitor, a answer) {
		t.Helper()
		v.refused(a, http.StatusConflict, "booking.taken")
		next := v.seeOther(v.submit(a, "form#choose", url.Values{"start": {other(a)}}, ""))
		for name := range form {
			shown(t, v.page(next), name, form.Get(name))
		}
	}
	t.Run("still free", func(t *testing.T) {
		p, v, hold, start := begin(t)
		runOut(t, p)
		if !slices.Contains(v.starts(trade), start) {
			t.Error("the time is not offered to others")
		}
		if a := v.page(hold); a.doc().Find(".hold--over").Length() != 1 {
			t.Errorf("the form does not say that time is over: %s", a.text())
		}
		if check := v.fill(hold, form); check.Status != 200 || slices.Contains(v.starts(trade), start) {
			t.Error("the time was not held again")
		}
		runOut(t, p)
		if done := v.follow(v.post(hold+"/check", nil)); !strings.HasSuffix(done.URL.Path, "/done") {
			t.Errorf("not booked: %s", done.text())
		}
	})
	t.Run("taken before the form is sent", func(t *testing.T) {
		v, hold := lost(t)
		kept(t, v, v.submit(v.page(hold), "form#details", form, ""))
	})
	t.Run("taken, and the form is sent again", func(t *testing.T) {
		v, hold := lost(t)
		v.refused(v.submit(v.page(hold), "form#details", form, ""), http.StatusConflict, "booking.taken")
		if a := v.page(hold); a.doc().Find("[data-hold]").Length() != 0 {
			t.Errorf("the form says that a lost time is kept: %s", a.text())
		}
		kept(t, v, v.submit(v.page(hold), "form#details", form, ""))
	})
	t.Run("taken before it is booked", func(t *testing.T) {
		p, v, hold, start := begin(t)
		v.fill(hold, form)
		runOut(t, p)
		newVisitor(t, p).hold(start, trade)
		kept(t, v, v.post(hold+"/check", nil))
	})
	t.Run("taken before more time is asked for", func(t *testing.T) {
		v, hold := lost(t)
		kept(t, v, v.submit(v.page(hold), "form#details", form, hold+"/extend"))
	})
	t.Run("more time too often", func(t *testing.T) {
		p, v, hold := prolonged(t)
		older(t, p, time.Minute)
		const last = "Bitte zweimal klingeln"
		a := v.submit(v.page(hold), "form#details", url.Values{"note": {last}}, hold+"/extend")
		v.refused(a, http.StatusGone, "booking.extensions")
		shown(t, v.page(hold), "note", last)
	})
	t.Run("still free after the last extension", func(t *testing.T) {
		p, v, hold := prolonged(t)
		runOut(t, p)
		v.fill(hold, form)
	})
}
