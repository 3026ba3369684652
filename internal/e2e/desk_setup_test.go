// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"vorzimmer/internal/clock"
)

// TestDeskSetUp sets up the second step by a passkey and by a code, in both
// languages, and lets axe-core judge each page on the way.
func TestDeskSetUp(t *testing.T) {
	source := axeSource(t)
	p, settings := deskTown(t)
	b := startBrowser(t, "")
	links := map[string]string{}
	for _, name := range []string{"de-passkey", "de-code", "en-passkey", "en-code"} {
		links[name] = "/" + name[:2] + strings.TrimPrefix(hire(t, settings, "clerk", name), "/de")
	}
	t.Run("all", func(t *testing.T) {
		for name, link := range links {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				tb := b.tab(t, p, name[:2], view{width: 1280})
				see := func(what string, status, want int) {
					t.Helper()
					if status != want {
						t.Fatalf("%s: status %d, want %d", what, status, want)
					}
					axe(tb, source)
				}
				accept(tb, link, name)
				if strings.HasSuffix(name, "passkey") {
					byPasskey(tb, see)
				} else {
					byCode(tb, see)
				}
				see("recovery codes", http.StatusOK, http.StatusOK)
				if n := ask[int](tb, `document.querySelectorAll(".recovery li").length`); n != 10 {
					t.Errorf("%d recovery codes", n)
				}
				mouse{}.press(tb, "main a.kern-btn--primary")
				if at := tb.address(); at != "/"+name[:2]+"/desk/day" {
					t.Errorf("it goes on at %s", tb.path())
				}
				see("own account", tb.open("/"+name[:2]+"/desk/account"), http.StatusOK)
			})
		}
	})
}

// byPasskey asks a device that does not know its owner at first.
func byPasskey(tb *tab, see see) {
	d := newDevice(tb)
	see("set up the second step", http.StatusOK, http.StatusOK)
	mouse{}.enter(tb, "#name", "Dieser Rechner")
	d.owner(false)
	status := mouse{}.press(tb, "[data-passkey-offer] button")
	d.says("failed")
	see("the device refuses", status, http.StatusOK)
	d.owner(true)
	d.ask("[data-passkey-start]", ".recovery")
}

// byCode types a wrong code, and then what a code generator shows.
func byCode(tb *tab, see see) {
	m := mouse{}
	m.enter(tb, "#code", "12")
	see("a wrong code", m.press(tb, "main form button"), http.StatusUnprocessableEntity)
	secret := strings.ReplaceAll(ask[string](tb, `document.querySelector(".secret-text").textContent`), " ", "")
	code, err := totp.GenerateCode(secret, clock.System{}.Now())
	if err != nil {
		tb.t.Fatal(err)
	}
	m.enter(tb, "#code", code)
	if status := m.press(tb, "main form button"); status != http.StatusOK {
		tb.t.Fatalf("the right code: status %d", status)
	}
}

// TestPasskeysByName opens the desk of a demonstration under the name that it
// prints, where passkeys work, and under its number, where the pages say that
// they cannot and offer a code.
func TestPasskeysByName(t *testing.T) {
	source := axeSource(t)
	p := startDemo(t, "", "--second-factor")
	printed := regexp.MustCompile(`(http://localhost:\d+)(/de/desk)\n`)
	eventually(t, "the address of the desk", func() bool { return printed.MatchString(p.out.String()) })
	found := printed.FindStringSubmatch(p.out.String())
	b := startBrowser(t, "")
	login := func(tb *tab, name string) {
		t.Helper()
		give(tb, name, demoLogin)
		mouse{}.press(tb, "main form button")
	}
	offers := func(tb *tab, want bool) {
		t.Helper()
		tb.do(chromedp.WaitVisible(map[bool]string{true: "[data-passkey-offer]", false: "[data-passkey-numbered]"}[want]))
		if both := ask[bool](tb, `document.querySelector("[data-passkey-offer]").hidden === document.querySelector("[data-passkey-numbered]").hidden`); both {
			t.Errorf("%s offers passkeys and says that there are none", tb.path())
		}
	}
	number := b.tab(t, p, "de", view{width: 1280})
	number.open(found[2])
	offers(number, false)
	axe(number, source)
	login(number, "empfang")
	offers(number, false)
	if n := ask[int](number, `document.querySelectorAll("#code").length`); n != 1 {
		t.Error("no code is offered")
	}
	axe(number, source)

	named := b.tab(t, &process{base: found[1]}, "de", view{width: 1280})
	d := newDevice(named)
	named.open(found[2])
	offers(named, true)
	login(named, "leitung")
	offers(named, true)
	mouse{}.enter(named, "#name", "Dieser Rechner")
	d.ask("[data-passkey-offer] button", ".recovery")
}
