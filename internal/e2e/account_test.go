// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const accountSubmit = "main form.form button[type=submit]"

// mailed is the first page of accounts in the newest of n mails to an address.
func mailed(t *testing.T, p *process, address string, n int) string {
	t.Helper()
	found := regexp.MustCompile(`https?://[^/\s]+(/\w\w/account/\S+)`).FindStringSubmatch(mailsTo(t, p, address, n)[n-1].text)
	if found == nil {
		t.Fatal("no link to the account in the mail")
	}
	return found[1]
}

// TestAccount goes the way of a citizen who makes an account with a passkey, books
// with it and changes it, and lets axe-core judge each page.
func TestAccount(t *testing.T) {
	source := axeSource(t)
	p := startDemo(t, "")
	p.base = strings.Replace(p.base, "127.0.0.1", "localhost", 1) // passkeys are for names
	tb := startBrowser(t, "").tab(t, p, "de", view{width: 1280})
	m, d := mouse{}, newDevice(tb)
	see := func(what string, status, want int) {
		t.Helper()
		if status != want {
			t.Errorf("%s: status %d, want %d", what, status, want)
		}
		axe(tb, source)
	}

	tb.open("/de/")
	see("login", m.press(tb, ".site-account"), http.StatusOK)
	see("register", m.press(tb, `main a[href$="/account/register"]`), http.StatusOK)
	see("nothing typed", m.press(tb, accountSubmit), http.StatusUnprocessableEntity)
	data := person("konto@example.org")
	for name, values := range data {
		m.enter(tb, "#"+name, values[0])
	}
	see("a mail is on its way", m.press(tb, accountSubmit), http.StatusOK)
	see("password or passkey", tb.open(mailed(t, p, "konto@example.org", 1)), http.StatusOK)
	m.enter(tb, "#password", "kurz")
	see("a short password", m.press(tb, accountSubmit), http.StatusUnprocessableEntity)
	see("an account without a password", m.press(tb, "section[data-passkey-offer] button"), http.StatusOK)
	m.enter(tb, "#name", "Dieses Telefon")
	d.ask("form[data-passkey-offer] button", ".recovery")
	see("recovery codes", http.StatusOK, http.StatusOK)
	see("a passkey", m.press(tb, "main a.kern-btn--primary"), http.StatusOK)
	see("logged out", m.press(tb, ".account-menu button"), http.StatusOK)
	if d.ask("[data-passkey-offer] button", ".account-menu"); tb.path() != "/de/account" {
		t.Errorf("the passkey leads to %s", tb.path())
	}
	see("no appointment", http.StatusOK, http.StatusOK)
	t.Run("book", func(t *testing.T) { bookWithAccount(tb, see, data.Get("last-name")) })
	t.Run("change", func(t *testing.T) { changeAccount(t, p, tb, see, d) })
	t.Run("english", func(t *testing.T) {
		tb.lang = "en"
		for _, path := range []string{"", "/data", "/consents", "/security", "/email", "/delete"} {
			see(path, tb.open("/en/account"+path), http.StatusOK)
		}
		see("deleted", m.press(tb, ".actions--choice button"), http.StatusOK)
		for _, path := range []string{"/login", "/register", "/register/sent", "/forgotten"} {
			see(path, tb.open("/en/account"+path), http.StatusOK)
		}
	})
}

// bookWithAccount finds the form filled in, and the appointment in the account.
func bookWithAccount(tb *tab, see see, lastName string) {
	tb.t.Helper()
	m := mouse{}
	tb.open("/de/times?view=list&service=" + idCard)
	see("the form", m.press(tb, ".time"), http.StatusOK)
	if got := ask[string](tb, `document.querySelector("#last-name").value`); got != lastName {
		tb.t.Errorf("the name is %q", got)
	}
	m.press(tb, sendButton)
	see("booked", m.press(tb, bookButton), http.StatusOK)
	see("my appointments", m.press(tb, `main a[href$="/account"]`), http.StatusOK)
	see("the appointment", m.press(tb, ".entries button"), http.StatusOK)
	if !ask[bool](tb, `!!document.querySelector('main a[href$="/move"]')`) {
		tb.t.Error("it cannot be moved there")
	}
}

// changeAccount proves by the passkey, and changes what there is.
func changeAccount(t *testing.T, p *process, tb *tab, see see, d device) {
	m := mouse{}
	see("data", tb.open("/de/account/data"), http.StatusOK)
	m.enter(tb, "#last-name", "-Neu")
	see("saved", m.press(tb, accountSubmit), http.StatusOK)
	see("prove it", m.press(tb, `main a[href$="/account/email"]`), http.StatusOK)
	d.ask("[data-passkey-offer] button", "main form.form #email")
	see("the address", http.StatusOK, http.StatusOK)
	m.enter(tb, "#email", "neu.konto@example.org")
	see("on its way", m.press(tb, accountSubmit), http.StatusOK)
	see("a button", tb.open(mailed(t, p, "neu.konto@example.org", 1)), http.StatusOK)
	see("another address", m.press(tb, "main form button"), http.StatusOK)
	see("security", tb.open("/de/account/security"), http.StatusOK)
	see("code generator", m.press(tb, `main a[href$="/security/code"]`), http.StatusOK)
	see("a wrong code", m.press(tb, accountSubmit), http.StatusUnprocessableEntity)
	see("consents", tb.open("/de/account/consents"), http.StatusOK)
	see("given", m.press(tb, "button[value=give]"), http.StatusOK)
	see("withdrawn", m.press(tb, "button[value=withdraw]"), http.StatusOK)
}
