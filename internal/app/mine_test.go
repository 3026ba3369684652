// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// byLink is the address of a guest's pages: somebody has opened the link that a
// mailbox got. What was booked with it is shown to be of that mailbox.
func (v *visit) byLink(email string) string {
	v.Helper()
	v.exec("UPDATE person SET email_verified = 1")
	if err := v.service.Rights.Ask(v.Context(), town, email, locale.DE); err != nil {
		v.Fatal(err)
	}
	path := strings.TrimPrefix(link(v.T, v.send(email), `/de/rights/[\w-]+`), v.base)
	if err := v.service.Rights.Open(v.Context(), town, seal.Secret(strings.TrimPrefix(path, "/de/rights/"))); err != nil {
		v.Fatal(err)
	}
	return path
}

// listed keeps the list of erasures that a test looks at.
func (v *visit) listed() func() []string {
	v.Helper()
	list, err := erasure.Open(v.TempDir(), v.Env.Clock.Now())
	if err != nil {
		v.Fatal(err)
	}
	v.service.Bookings.Erasures = list
	return func() []string {
		v.Helper()
		entries, err := list.Entries()
		if err != nil {
			v.Fatal(err)
		}
		var out []string
		for _, e := range entries {
			out = append(out, string(e.Kind)+" "+e.ID)
		}
		return out
	}
}

// A guest erases everything at once, after reading what that does: nothing of it is
// left, the time is free, the office is asked to delete its mails, without a name,
// and the person gets a last mail. Doing it again is fine.
func TestEraseAsGuest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		erased := v.listed()
		person := strings.TrimPrefix(v.bookAs(guest), customers+"/")
		appointment, reference := v.first("SELECT id FROM appointment"), v.first("SELECT reference FROM appointment")
		base := v.byLink("quirin@example.org")
		page := v.get(base + "/erase")
		v.want(page, http.StatusOK)
		if text := page.Find("main").Text(); !strings.Contains(text, booking.GroupReference(reference)) || !strings.Contains(text, "Wir bitten es, sie zu löschen") ||
			!strings.Contains(text, "365 Tage lang aufgezeichnet, ohne Namen") {
			t.Errorf("the page says %s", text)
		}
		v.exec("UPDATE message SET state = 'queued' WHERE person_id = $1", person)
		for range 2 {
			v.want(v.press(page, "form button"), http.StatusSeeOther)
		}
		for _, table := range []string{"person", "person_token", "appointment", "secret", "claim", "appointment_service"} {
			if n := v.count("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		if n := v.count("SELECT COUNT(*) FROM message WHERE person_id IS NOT NULL"); n != 0 {
			t.Errorf("%d mails of the person are left", n)
		}
		if got := erased(); !slices.Equal(got, []string{"appointment " + appointment, "person " + person}) {
			t.Errorf("listed are %q", got)
		}
		if n := v.count("SELECT COUNT(*) FROM audit WHERE action = 'person.erased' AND actor = 'citizen' AND person_id = $1", person); n != 1 {
			t.Errorf("recorded %d times", n)
		}
		if last := v.send("quirin@example.org"); !strings.HasPrefix(last.Subject, "Ihre Daten sind gelöscht") {
			t.Errorf("the last mail says %q", last.Subject)
		}
		v.wantAsked(reference)
		if n := v.count("SELECT COUNT(*) FROM message WHERE sealed IS NOT NULL"); n != 0 {
			t.Errorf("%d mails are not empty", n)
		}
		if after := v.get(base + "/erase?done"); after.Find("form").Length() != 0 || after.Find("[role=status]").Length() != 1 {
			t.Error("the page after it has something to erase, or does not say that it is done")
		}
	})
}

// wantAsked wants one mail that asks an office to delete its copies.
func (v *visit) wantAsked(reference string) {
	v.Helper()
	var found []capture.Captured
	for _, m := range v.mails.List() {
		if m.Subject == "Bitte E-Mails zu gelöschten Terminen löschen" {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		v.Fatalf("%d mails ask for it", len(found))
	}
	if text := found[0].Text; !strings.Contains(text, booking.GroupReference(reference)) || !strings.Contains(text, "Damit abgesagt") || strings.Contains(text, "Beispielhuber") {
		v.Errorf("the office reads %s", text)
	}
}

// What the office needs for a claim stays until then, and the page says why.
func TestEraseWhatIsHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		person := strings.TrimPrefix(v.bookAs(guest), customers+"/")
		day := slot.DateIn(v.Env.Clock.Now().Unix(), time.UTC).AddDays(30)
		if err := v.service.Bookings.KeepForClaim(v.Context(), v.hire(town, staff.Admin, "leitung"), person, "Klage, Az. 1", day); err != nil {
			t.Fatal(err)
		}
		base := v.byLink("quirin@example.org")
		page := v.get(base + "/erase")
		if text := page.Find("main").Text(); !strings.Contains(text, "Klage, Az. 1") || page.Find("main form").Length() != 0 {
			t.Errorf("the page says %s", text)
		}
		refused := v.post(base+"/erase", url.Values{})
		v.want(refused, http.StatusConflict)
		if v.count("SELECT COUNT(*) FROM appointment WHERE state = 'confirmed'") != 1 || refused.Find("#errors").Length() != 1 {
			t.Error("it was erased, or nobody is told why not")
		}
	})
}

// A restricted record is erased too, and so is one that others went into, and the
// deletion job may run at the same time.
func TestEraseRestrictedAndMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		erased := v.listed()
		admin := v.hire(town, staff.Admin, "leitung")
		one := strings.TrimPrefix(v.bookAs(guest), customers+"/")
		two := strings.TrimPrefix(v.bookAs(but(guest, "email", "anders@example.org")), customers+"/")
		if err := v.service.Bookings.MergePersons(v.Context(), admin, one, two); err != nil {
			t.Fatal(err)
		}
		base := v.byLink("quirin@example.org")
		v.want(v.post(base+"/restrict", url.Values{"restrict": {"on"}}), http.StatusSeeOther)
		jobs := make(chan error, 2)
		for range 2 {
			go func() { jobs <- v.service.Deletion.Run(context.WithoutCancel(v.Context())) }()
		}
		v.want(v.post(base+"/erase", url.Values{}), http.StatusSeeOther)
		for range 2 {
			if err := <-jobs; err != nil {
				t.Error(err)
			}
		}
		if n := v.count("SELECT COUNT(*) FROM person") + v.count("SELECT COUNT(*) FROM appointment") + v.count("SELECT COUNT(*) FROM person_merge"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if got := erased(); !slices.Contains(got, "person "+one) || !slices.Contains(got, "person "+two) {
			t.Errorf("listed are %q", got)
		}
	})
}

// The owner of an account has to prove who they are, and erases the records, the
// account, or both.
func TestEraseAsOwner(t *testing.T) {
	for _, c := range []struct{ records, account bool }{{true, false}, {false, true}, {true, true}} {
		dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
			v := newOffice(t, e)
			b := v.signUp(frieda)
			b.bookAs(frieda)
			v.exec("UPDATE person SET email_verified = 1")
			form := url.Values{}
			if c.records {
				form.Set("records", "yes")
			}
			if c.account {
				form.Set("account", "yes")
			}
			if to := b.want(b.get("/de/account/erase"), http.StatusSeeOther); !strings.HasPrefix(to, "/de/account/prove?next=") {
				t.Errorf("without a proof it leads to %s", to)
			}
			b.want(b.post("/de/account/erase", form), http.StatusSeeOther)
			if v.count("SELECT COUNT(*) FROM account") != 1 || v.count("SELECT COUNT(*) FROM appointment WHERE state = 'confirmed'") != 1 {
				t.Fatalf("%+v: erased without a proof", c)
			}
			b.prove()
			if page := b.get("/de/account/erase"); page.Find("input[type=checkbox]").Length() != 2 {
				t.Errorf("the page says %s", page.Find("main").Text())
			}
			b.want(b.post("/de/account/erase", url.Values{}), http.StatusUnprocessableEntity)
			status := http.StatusSeeOther
			if c.account {
				status = http.StatusOK
			}
			b.want(b.post("/de/account/erase", form), status)
			if b.in() == c.account || (v.count("SELECT COUNT(*) FROM account") == 0) != c.account {
				t.Errorf("%+v: the account is wrong", c)
			}
			if (v.count("SELECT COUNT(*) FROM appointment WHERE state = 'confirmed'") == 0) != c.records {
				t.Errorf("%+v: the appointments are wrong", c)
			}
			v.want(v.browser().post("/de/account/erase", form), http.StatusSeeOther) // to the login
		})
	}
}

// Restriction by the person, and lifting it, are on record; it hides the record at
// the desk.
func TestRestrictOneself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		card := v.bookAs(guest)
		base := v.byLink("quirin@example.org")
		front := v.login(v.hire(town, staff.FrontDesk, "empfang"))
		for range 2 {
			v.want(v.post(base+"/restrict", url.Values{"restrict": {"on"}}), http.StatusSeeOther)
		}
		front.want(front.get(card), http.StatusForbidden)
		page := v.get(base + "/restrict")
		if page.Find("button[value=on]").Length() != 0 {
			t.Error("it can be restricted twice")
		}
		v.want(v.press(page, "button[value=off]"), http.StatusSeeOther)
		front.want(front.get(card), http.StatusOK)
		for _, action := range []string{"person.restricted", "person.unrestricted"} {
			if n := v.count("SELECT COUNT(*) FROM audit WHERE action = $1 AND actor = 'citizen'", action); n != 1 {
				t.Errorf("%s is recorded %d times", action, n)
			}
		}
	})
}

// Own data are corrected at once, and only one's own.
func TestCorrectOneself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		id := strings.TrimPrefix(v.bookAs(guest), customers+"/")
		other := strings.TrimPrefix(v.bookAs(named("Frieda", "Musterbach", 7)), customers+"/")
		base := v.byLink("quirin@example.org")
		if links := v.get(base + "/correct").Find("main ul a"); links.Length() != 1 || !strings.HasSuffix(links.AttrOr("href", ""), id) {
			t.Errorf("%d records", links.Length())
		}
		page := v.get(base + "/correct/" + id)
		form := typed(page, "main form")
		form.Set("last-name", "Beispielmaier")
		form.Set("street", "Weg 1")
		form.Set("email", "fremd@example.org")
		v.want(v.post(base+"/correct/"+id, form), http.StatusSeeOther)
		now := v.get(base + "/correct/" + id)
		if now.Find("#last-name").AttrOr("value", "") != "Beispielmaier" || now.Find("#street").AttrOr("value", "") != "Weg 1" || !strings.Contains(now.body, "quirin@example.org") {
			t.Error("it is not corrected, or the address has changed")
		}
		wrong := v.post(base+"/correct/"+id, but(form, "phone", "keine"))
		v.want(wrong, http.StatusUnprocessableEntity)
		if wrong.Find("#phone").AttrOr("value", "") != "keine" {
			t.Error("what was typed is lost")
		}
		v.want(v.get(base+"/correct/"+other), http.StatusNotFound)
		v.want(v.post(base+"/correct/"+other, form), http.StatusNotFound)
		if n := v.count("SELECT COUNT(*) FROM audit WHERE actor = 'citizen' AND action = 'appointment.contact' AND person_id = $1", id); n != 1 {
			t.Errorf("recorded %d times", n)
		}
		v.want(v.post(base+"/restrict", url.Values{"restrict": {"on"}}), http.StatusSeeOther)
		v.want(v.post(base+"/correct/"+id, form), http.StatusConflict)
	})
}

// Where a service wants it, a clerk decides about another name: the rest is changed,
// and the request is on the list of those who answer.
func TestNameIsLeftToTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		v.exec("UPDATE service SET name_fixed = $1", true)
		v.exec("UPDATE tenant SET revision = revision + 1")
		id := strings.TrimPrefix(v.bookAs(guest), customers+"/")
		base := v.byLink("quirin@example.org")
		form := typed(v.get(base+"/correct/"+id), "main form")
		form.Set("last-name", "Käufer")
		form.Set("street", "Weg 1")
		for range 2 {
			to := v.want(v.post(base+"/correct/"+id, form), http.StatusSeeOther)
			now := v.get(to)
			if now.Find("#last-name").AttrOr("value", "") != "Beispielhuber" || now.Find("#street").AttrOr("value", "") != "Weg 1" || !strings.Contains(now.body, "prüft das Amt") {
				t.Errorf("the page says %s", now.Find("main").Text())
			}
		}
		admin := v.login(v.hire(town, staff.Admin, "leitung"))
		list := admin.get("/de/desk/requests")
		if list.Find("tbody a").Length() != 1 {
			t.Fatalf("%d requests", list.Find("tbody a").Length())
		}
		if one := admin.get(list.Find("tbody a").AttrOr("href", "")); !strings.Contains(one.Find("main").Text(), "Quirin Käufer") {
			t.Error("the name is missing")
		}
	})
}

// Without the link, with one that nobody opened or that is over, nothing is shown and
// nothing is done.
func TestOwnPagesWantTheLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		v.bookAs(guest)
		base := v.byLink("quirin@example.org")
		v.Env.Clock.Advance(2 * time.Hour)
		for _, base := range []string{base, "/de/rights/" + seal.NewSecret().Reveal()} {
			for _, path := range []string{"/erase", "/restrict", "/correct", "/correct/x"} {
				v.want(v.get(base+path), http.StatusGone)
				if path != "/correct" {
					v.want(v.post(base+path, url.Values{"restrict": {"on"}}), http.StatusGone)
				}
			}
		}
		if v.count("SELECT COUNT(*) FROM person WHERE restricted IS NULL") != 1 {
			t.Error("something was done")
		}
	})
}
