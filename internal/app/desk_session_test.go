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

// endWhen makes the sessions of all who work here end as soon as something is
// inserted into a table, as by somebody who was quicker.
func (v *visit) endWhen(table string) {
	v.Helper()
	const end = "DELETE FROM session WHERE staff_id IS NOT NULL;"
	if !strings.HasPrefix(v.Env.Location, "postgres") {
		v.exec("CREATE TRIGGER ending BEFORE INSERT ON " + table + " BEGIN " + end + " END")
		return
	}
	v.exec("CREATE FUNCTION ending() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + end + " RETURN NEW; END $$")
	v.exec("CREATE TRIGGER ending BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION ending()")
}

// A form that finds its session ended only when it wants to go on in a new one
// is answered like any that comes when nobody is logged in.
func TestSessionEndsUnderAForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		b := v.login(v.hire(town, staff.Clerk, "quirin"))
		v.endWhen("audit")
		for path, form := range map[string]url.Values{
			"elsewhere": {},
			"password":  {"old": {password}, "password": {password + " 2"}, "password-again": {password + " 2"}},
		} {
			a := b.post("/de/desk/account/"+path, form)
			b.want(a, http.StatusForbidden)
			if a.Find("a[target=_blank][href='/de/desk/login']").Length() != 1 || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s: it does not lead to the login, or there is a session", path)
			}
		}
	})
}

// A reservation is made all the same, but brings no login back.
func TestSessionEndsUnderAReservation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		b := v.login(v.hire(town, staff.Clerk, "quirin"))
		b.hold("ausweis")
		b.want(b.get("/de/desk/account"), http.StatusOK)
		v.endWhen("appointment")
		b.want(b.get(b.hold("ausweis")), http.StatusOK)
		if to := b.want(b.get("/de/desk/account"), http.StatusSeeOther); !strings.HasPrefix(to, "/de/desk/login?") {
			t.Errorf("the page leads to %q", to)
		}
	})
}

// When the tenant wants a second factor from now on, whoever is logged in with
// the password alone has to set one up, and to give the password for that.
func TestSecondFactorWantedLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		m := v.hire(town, staff.Clerk, "frieda")
		b := v.login(m)
		v.secondFactor(true)
		wanted := "/de/desk/account?x=1"
		to := b.want(b.get(wanted), http.StatusSeeOther)
		if !strings.HasPrefix(to, "/de/desk/factor?next=") {
			t.Fatalf("the page leads to %q", to)
		}
		b.want(b.post("/de/desk/account/elsewhere", url.Values{}), http.StatusForbidden)
		if to = b.want(b.get(to), http.StatusSeeOther); !strings.HasPrefix(to, "/de/desk/login?next=") {
			t.Fatalf("without the password it goes on to %q", to)
		}
		form := credentials(m)
		form.Set("next", b.get(to).Find("input[name=next]").First().AttrOr("value", ""))
		b.setUp(b.want(b.post("/de/desk/login", form), http.StatusSeeOther), wanted)
	})
}

// Browsers remember titles; who works here is not for their history.
func TestNoNameInTheTitle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		b := v.login(v.hire(town, staff.Admin, "amtsleitung"))
		page := b.get("/de/desk/members/" + v.hire(town, staff.Clerk, "quirin").ID)
		if title := page.Find("title").Text(); strings.Contains(title, "quirin") || page.Find("h1").Text() != "quirin" {
			t.Errorf("the title is %q, the heading %q", title, page.Find("h1").Text())
		}
	})
}
