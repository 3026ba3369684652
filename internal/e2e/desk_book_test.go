// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestDeskBook books for callers, moves an appointment and changes who comes,
// as different people at the desk do.
func TestDeskBook(t *testing.T) {
	asAnybody(t, func(_ *process, tb *tab, h hands, see see) { giveOut(tb, h, see) })
}

const (
	bookForm = "form.desk-book"
	goOnBook = bookForm + " .form__submit"
)

// giveOut is a head of office with somebody on the telephone.
func giveOut(tb *tab, h hands, see see) {
	tb.t.Helper()
	desk := "/" + tb.lang + "/desk"
	tb.open(desk + "/login")
	h.enter(tb, "#email", "leitung@example.org")
	h.enter(tb, "#password", demoLogin)
	h.press(tb, "main form button")
	see("what for", tb.open(desk+"/book"), http.StatusOK)
	h.enter(tb, "#service-1", "pass")
	h.enter(tb, "#service-2", "nirgends")
	see("what it may mean", h.press(tb, goOnBook), http.StatusUnprocessableEntity)
	see("a word that means nothing", h.press(tb, "button[name=choose]"), http.StatusUnprocessableEntity)
	see("when, for whom", tb.open(desk+"/book?service="+idCard), http.StatusOK)
	h.enter(tb, "#last-name", "Quastenflosser")
	see("a form with errors", h.press(tb, goOnBook), http.StatusUnprocessableEntity)
	see("later", h.press(tb, "button[name=later]"), http.StatusOK)
	if got := ask[string](tb, `document.querySelector("#last-name").value`); got != "Quastenflosser" {
		tb.t.Errorf("the name became %q", got)
	}
	h.enter(tb, "#first-name", "Zerbina")
	h.enter(tb, "#phone", "030 23125 123")
	see("booked", h.press(tb, goOnBook), http.StatusOK)
	if ask[string](tb, `document.querySelector(".desk-booked strong").textContent`) == "" || strings.Contains(tb.address(), "Quasten") {
		tb.t.Errorf("no number, or a name in the address")
	}
	see("the slip", h.press(tb, `form[action$="/slip"] button`), http.StatusOK)
	see("the appointment", h.press(tb, `main a[href*="/appointment/"]`), http.StatusOK)
	page := tb.address()
	see("who comes", h.press(tb, `main a[href$="/contact"]`), http.StatusOK)
	ask[bool](tb, `document.querySelector("#phone").value = "", document.querySelector("#last-name").value = "", true`)
	see("nobody", h.press(tb, "main .form__submit"), http.StatusUnprocessableEntity)
	h.enter(tb, "#phone", "030 23125 124")
	h.enter(tb, "#last-name", "Flosser")
	see("who else comes", h.press(tb, "main .form__submit"), http.StatusOK)
	tb.open(page + "/move")
	stale := ask[string](tb, `document.querySelector("[name=version]").value`)
	see("when else", h.press(tb, goOnBook), http.StatusOK)
	tb.open(page + "/move")
	ask[bool](tb, fmt.Sprintf(`document.querySelector("[name=version]").value = %q, true`, stale)) // as if it had been open all the time
	see("a stale page", h.press(tb, goOnBook), http.StatusConflict)
	see("nothing free", tb.open(desk+"/book?from=2999-01-01&service="+idCard), http.StatusOK)
	h.enter(tb, "#reason", "Notfall")
	see("no time", h.press(tb, goOnBook), http.StatusUnprocessableEntity)
}

// TestDeskBookByKeys books with the keys alone: the keyboard begins where one
// types, Enter goes on, and the first free time is chosen.
func TestDeskBookByKeys(t *testing.T) {
	p := startDemo(t, "")
	tb := startBrowser(t, "").tab(t, p, "de", view{width: 1280})
	tb.open("/de/desk/login")
	give(tb, "empfang", demoLogin)
	mouse{}.press(tb, "main form button")
	tb.open("/de/desk/book")
	at := func(want string) {
		t.Helper()
		if got := ask[string](tb, `document.activeElement.name`); got != want {
			t.Fatalf("the keyboard is at %q, not %q", got, want)
		}
	}
	at("service")
	tb.do(chromedp.KeyEvent("perso"))
	if status := tb.load("Enter", chromedp.KeyEvent(kb.Enter)); status != http.StatusOK {
		t.Fatalf("times: status %d", status)
	}
	at("start")
	if !ask[bool](tb, `document.activeElement.checked && document.activeElement === document.querySelector("[name=start]")`) {
		t.Error("the first free time is not chosen")
	}
	for _, field := range []string{"last-name", "first-name", "phone"} {
		tb.do(chromedp.KeyEvent(kb.Tab))
		at(field)
		tb.do(chromedp.KeyEvent(map[string]string{"last-name": "Quastenflosser", "first-name": "Zerbina", "phone": "030 23125123"}[field]))
	}
	if status := tb.load("Enter", chromedp.KeyEvent(kb.Enter)); status != http.StatusOK {
		t.Fatalf("booked: status %d", status)
	}
	if n := ask[int](tb, `document.querySelectorAll(".desk-booked").length`); n != 1 {
		t.Error("not booked")
	}
	// Enter in a field that changes what is free shows other times, and books none.
	tb.open("/de/desk/book?service=" + idCard)
	for _, name := range []string{"last-name", "first-name", "phone"} {
		mouse{}.enter(tb, "#"+name, "030 Quastenflosser")
	}
	mouse{}.enter(tb, "#service-2", "reise")
	if status := tb.load("Enter", chromedp.KeyEvent(kb.Enter)); status != http.StatusOK || ask[int](tb, `document.querySelectorAll(".desk-booked").length`) != 0 {
		t.Errorf("other services: status %d, or booked", status)
	}
	if got := ask[string](tb, `document.querySelector("#last-name").value`); got != "030 Quastenflosser" {
		t.Errorf("the name became %q", got)
	}
}
