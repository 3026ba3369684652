// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// atOnce sends the same form several times in parallel.
func atOnce(v *visitor, to string, form url.Values) []answer {
	answers := make([]answer, 6)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = v.post(to, form) })
	}
	all.Wait()
	return answers
}

// TestOneAppointment books in every way in which people repeat themselves.
func TestOneAppointment(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	const email = "once@example.org"
	free := v.starts(trade)
	hold := v.hold(free[0], trade)
	tab := v.page(hold) // a second tab, opened before it was booked
	checked := v.fill(hold, person(email))

	for _, a := range atOnce(v, hold+"/check", url.Values{}) {
		if a.Status != http.StatusSeeOther || a.location() != hold+"/done" {
			t.Errorf("confirm in parallel: status %d to %q", a.Status, a.Header.Get("Location"))
		}
	}
	done := v.page(hold + "/done")
	reference := done.one(".reference").Text()
	same := func(what string, a answer) {
		t.Helper()
		a = v.follow(a)
		if a.Status != http.StatusOK || !strings.HasSuffix(a.URL.Path, "/done") || a.one(".reference").Text() != reference {
			t.Errorf("%s: status %d: %s", what, a.Status, a.text())
		}
	}
	same("confirm again", v.post(hold+"/check", url.Values{}))
	same("reload", v.get(hold+"/done"))
	same("back to the check", v.get(hold+"/check"))
	same("back to the check and confirm", v.submit(checked, checkForm, nil, ""))
	same("back to the form", v.get(hold))
	same("the form of the other tab", v.submit(tab, "form#details", person("other-tab@example.org"), ""))
	same("more time in the other tab", v.submit(tab, "form#details", nil, hold+"/extend"))
	same("give it back in the other tab", v.submit(tab, "form#details", nil, hold+"/release"))

	all := settle(t, p)
	b := appointment{email: email, reference: reference}
	if n := len(all); n != 2 || len(officeMails(all, b)) != 1 {
		t.Errorf("%d mails were sent, want one to the citizen and one to the office", n)
	}
	if slices.Contains(v.starts(trade), free[0]) {
		t.Error("the booked time is offered")
	}
}

// TestTimeInTwoTabs picks the same time in two tabs of one browser. The second
// click replaces the hold of the first, and one appointment comes of it.
func TestTimeInTwoTabs(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	start := v.starts(trade)[0]
	first := v.hold(start, trade)
	second := v.hold(start, trade)
	if check := v.fill(second, person("tabs@example.org")); check.Status != http.StatusOK {
		t.Fatalf("status %d: %s", check.Status, check.text())
	}
	v.seeOther(v.post(second+"/check", nil))
	late := v.submit(v.page(first), "form#details", person("tabs@example.org"), "")
	v.refused(late, http.StatusConflict, "booking.taken")
	if all := settle(t, p); len(all) != 2 {
		t.Errorf("%d mails were sent, want 2", len(all))
	}
}

// TestTimeTwice picks a time twice from one page, without the help of a cookie:
// by a double click, and after going back. Nobody is told that somebody else
// was quicker when it was themselves.
func TestTimeTwice(t *testing.T) {
	p := startDemo(t, "")
	for _, c := range []struct {
		name  string
		click func(v *visitor, to string, form url.Values) []answer
	}{
		{"double click", atOnce},
		{"back", func(v *visitor, to string, form url.Values) []answer {
			return []answer{v.post(to, form), v.post(to, form)}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newVisitor(t, p)
			v.client.Jar = nil
			start := v.starts(trade)[0]
			page := v.page("/de/times?service=" + trade)
			form := url.Values{"start": {start}}
			page.doc().Find("form#choose input").Each(func(_ int, s *goquery.Selection) {
				form.Add(s.AttrOr("name", ""), s.AttrOr("value", ""))
			})
			for _, a := range c.click(v, page.one("form#choose").AttrOr("action", ""), form) {
				if a.Status != http.StatusSeeOther {
					t.Errorf("status %d: %.80s", a.Status, a.text())
				}
			}
		})
	}
}

// TestChangeTwice moves and cancels with impatient clicks.
func TestChangeTwice(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	b := v.book(person("twice@example.org"), 0, trade)
	mailsTo(t, p, b.email, 1)
	free := v.starts(trade)
	form := url.Values{"start": {free[len(free)-1]}, "location": {"rathaus"}}
	for _, a := range append(atOnce(v, b.manage+"/move", form), v.post(b.manage+"/move", form)) {
		if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.location(), b.manage) {
			t.Errorf("move: status %d: %s", a.Status, a.text())
		}
	}
	moved := mailsTo(t, p, b.email, 2)
	if got := moved[1].entry.sequence; got != 1 {
		t.Errorf("moved once, but the calendar entry has sequence %d", got)
	}
	if a := v.page(b.manage); a.one(".reference").Text() != b.reference {
		t.Error("the reference changed")
	}
	for _, a := range append(atOnce(v, b.manage+"/cancel", url.Values{}), v.post(b.manage+"/cancel", url.Values{})) {
		if a.Status != http.StatusSeeOther || a.location() != b.manage {
			t.Errorf("cancel: status %d: %s", a.Status, a.text())
		}
	}
	all := settle(t, p)
	if n := len(officeMails(all, b)); n != 3 || len(all) != 6 {
		t.Errorf("%d mails were sent, %d of them to the office, want 6 and 3", len(all), n)
	}
	if !slices.Contains(v.starts(trade), b.start) || !slices.Contains(v.starts(trade), form.Get("start")) {
		t.Error("a time that was given back is not offered")
	}
}
