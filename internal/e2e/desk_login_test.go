// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// device is the passkey device of a tab, whose owner is there.
type device struct {
	tb *tab
	id webauthn.AuthenticatorID
}

func newDevice(tb *tab) device {
	tb.t.Helper()
	d := device{tb: tb}
	tb.do(command(webauthn.Enable, webauthn.EnableParams{}),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			r, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
				Options: &webauthn.VirtualAuthenticatorOptions{Protocol: "ctap2", Transport: "internal", HasResidentKey: true,
					HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
			d.id = r.AuthenticatorID
			return err
		}))
	return d
}

// owner says whether whoever holds the device is its owner.
func (d device) owner(yes bool) {
	d.tb.t.Helper()
	d.tb.do(command(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: d.id, IsUserVerified: yes}))
}

// ask presses what leads to the question to the device. When it answers, the
// page goes on by itself, until the element of a selector is there.
func (d device) ask(selector, until string) {
	d.tb.t.Helper()
	d.tb.do(mouseOn(d.tb, selector), chromedp.WaitVisible(until))
	d.tb.fits()
}

// says waits until the page says one of its sentences about the device.
func (d device) says(sentence string) {
	d.tb.t.Helper()
	d.tb.do(chromedp.WaitVisible("[data-passkey-say]"))
	eventually(d.tb.t, "a sentence about the device", func() bool {
		return ask[bool](d.tb, `(e => e.textContent === e.dataset.`+sentence+`)(document.querySelector("[data-passkey-say]"))`)
	})
}

// TestDeskLogin goes the way of somebody new with a passkey, and lets axe-core
// judge each page.
func TestDeskLogin(t *testing.T) {
	source := axeSource(t)
	p, settings := deskTown(t)
	tb := startBrowser(t, "").tab(t, p, "de", view{width: 1280})
	m, d := mouse{}, newDevice(tb)
	see := func(what string, status, want int) {
		t.Helper()
		if status != want {
			t.Errorf("%s: status %d, want %d", what, status, want)
		}
		axe(tb, source)
	}

	see("invitation", tb.open(hire(t, settings, "admin", "amtsleitung")), http.StatusOK)
	m.enter(tb, "#password", "kurz")
	m.enter(tb, "#password-again", "kurz")
	see("a short password", m.press(tb, "main button"), http.StatusUnprocessableEntity)
	m.enter(tb, "#password", deskPassword)
	m.enter(tb, "#password-again", deskPassword)
	see("login", m.press(tb, "main button"), http.StatusOK)
	give(tb, "amtsleitung", "falsch und lang genug")
	see("a wrong password", m.press(tb, "main form button"), http.StatusForbidden)
	m.enter(tb, "#password", deskPassword)
	m.press(tb, "main form button")
	m.enter(tb, "#name", "Dieser Rechner")
	d.ask("[data-passkey-offer] button", ".recovery")
	m.press(tb, "main a.kern-btn--primary")
	if at := tb.path(); at != "/de/desk/day" {
		t.Errorf("it goes on at %s", at)
	}
	t.Run("again", func(t *testing.T) { again(tb, see, d) })
	t.Run("accounts", func(t *testing.T) { deskAccounts(tb, see, d) })
	t.Run("officer", func(t *testing.T) { deskOfficer(tb, see, d, hire(t, settings, "officer", "beauftragte")) })
}

// give fills in the login.
func give(tb *tab, name, password string) {
	tb.t.Helper()
	mouse{}.enter(tb, "#email", name+"@example.org")
	mouse{}.enter(tb, "#password", password)
}

// again logs out and in by the passkey alone, then by password and passkey.
func again(tb *tab, see see, d device) {
	m := mouse{}
	see("logged out", m.press(tb, ".desk-who button"), http.StatusOK)
	if d.ask("[data-passkey-offer] button", ".desk-who"); tb.path() != "/de/desk/day" {
		tb.t.Errorf("the passkey alone leads to %s", tb.path())
	}
	m.press(tb, ".desk-who button")
	tb.open("/de/desk/members")
	give(tb, "amtsleitung", deskPassword)
	see("second step", m.press(tb, "main form button"), http.StatusOK)
	m.enter(tb, "#code", "000000")
	see("a wrong code", m.press(tb, "main form button"), http.StatusUnprocessableEntity)

	d.owner(false)
	m.press(tb, "[data-passkey-offer] button")
	d.says("failed")
	see("refused by the device", http.StatusOK, http.StatusOK)
	d.owner(true)
	if d.ask("[data-passkey-start]", ".desk-who"); tb.path() != "/de/desk/members" {
		tb.t.Errorf("after both steps it goes on at %s", tb.path())
	}
}

// mouseOn clicks what does not lead to another page.
func mouseOn(tb *tab, selector string) chromedp.Action[chromedp.Void] {
	tb.t.Helper()
	at := aim(tb, selector)
	return chromedp.MouseClickXY(at.X, at.Y)
}

// deskAccounts are the own account and those of others. The session ends in
// the middle of it, and the form that was sent then is not lost.
func deskAccounts(tb *tab, see see, d device) {
	m := mouse{}
	tb.lang = "en"
	see("the password again, in English", tb.open("/en/desk/account/prove"), http.StatusOK)
	tb.lang = "de"
	see("own account", tb.open("/de/desk/account"), http.StatusOK)
	see("the password again", m.press(tb, `main a[href$="/account/prove"]`), http.StatusOK)
	m.enter(tb, "#password", "falsch und lang genug")
	see("a wrong password", m.press(tb, "main form button"), http.StatusUnprocessableEntity)
	m.enter(tb, "#password", deskPassword)
	see("what can be changed now", m.press(tb, "main form button"), http.StatusOK)
	m.enter(tb, "[name=name]", "Noch einmal")
	m.press(tb, "[data-passkey-offer] button")
	d.says("known")
	see("accounts", tb.open("/de/desk/members"), http.StatusOK)
	see("account", m.press(tb, ".desk-table a"), http.StatusOK)
	see("invite", tb.open("/de/desk/members/new"), http.StatusOK)
	see("invite nobody", m.press(tb, "main form button"), http.StatusUnprocessableEntity)
	m.enter(tb, "#name", "Frieda Musterbach")
	m.enter(tb, "#email", "frieda@example.org")
	tb.do(mouseOn(tb, "label[for=everywhere]"))

	cookie := storedCookies(tb)
	tb.do(command(network.ClearBrowserCookies, cdp.Empty{}))
	see("the session has ended", m.press(tb, "main form button"), http.StatusForbidden)
	restore(tb, cookie) // as the login in another tab would
	tb.load("send it again", command(page.Reload, page.ReloadParams{}))
	if !strings.HasPrefix(tb.address(), "/de/desk/members?invited") {
		tb.t.Errorf("the form was lost: %s", tb.path())
	}
	see("invited", http.StatusOK, http.StatusOK)
	see("no right", tb.open("/de/desk/audit"), http.StatusForbidden)
	see("forgotten password", tb.open("/de/desk/forgotten"), http.StatusOK)
	m.enter(tb, "#email", "niemand@example.org")
	see("a mail may be on its way", m.press(tb, "main form button"), http.StatusOK)
}

func storedCookies(tb *tab) []*network.Cookie {
	tb.t.Helper()
	var out []*network.Cookie
	tb.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{})
		out = r.Cookies
		return err
	}))
	return out
}

func restore(tb *tab, cookies []*network.Cookie) {
	tb.t.Helper()
	for _, c := range cookies {
		tb.do(command(network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: tb.base, HTTPOnly: &c.HTTPOnly}))
	}
}

// deskOfficer sees the audit.
func deskOfficer(tb *tab, see see, d device, link string) {
	m := mouse{}
	tb.open("/de/desk")
	m.press(tb, ".desk-who button")
	accept(tb, link, "beauftragte")
	m.enter(tb, "#name", "Dieser Rechner")
	d.ask("[data-passkey-offer] button", ".recovery")
	m.press(tb, "main a.kern-btn--primary")
	if at := tb.path(); at != "/de/desk/audit" {
		tb.t.Errorf("the officer's first page is %s", at)
	}
	see("audit", tb.open("/de/desk/audit"), http.StatusOK)
	see("no such appointment", tb.open("/de/desk/audit?appointment=1"), http.StatusUnprocessableEntity)
	see("statistics", tb.open("/de/desk/statistics"), http.StatusOK)
	see("not for officers", tb.open("/de/desk/day"), http.StatusForbidden)
}
