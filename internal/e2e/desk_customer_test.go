// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// TestDeskCustomers looks somebody up, writes a note, merges two records and
// takes that back, as different people at the desk do.
func TestDeskCustomers(t *testing.T) { asAnybody(t, customers) }

// customers is a clerk who has two bookings of one person before them.
func customers(p *process, tb *tab, h hands, see see) {
	t := tb.t
	t.Helper()
	who := person("doppelt@example.org")
	one := newVisitor(t, p).book(who, 0, idCard)
	newVisitor(t, p).book(who, 1, idCard)
	tb.open("/" + tb.lang + "/desk/login")
	h.enter(tb, "#email", "sachbearbeitung@example.org")
	h.enter(tb, "#password", demoLogin)
	h.press(tb, "main form button")

	says := func(text string) {
		t.Helper()
		if all := ask[string](tb, "document.querySelector('main').innerText"); !strings.Contains(all, text) {
			t.Errorf("%s does not say %q", tb.path(), text)
		}
	}
	find := func(field, button, text string) int {
		t.Helper()
		ask[string](tb, "document.querySelector('"+field+"').value = ''")
		h.enter(tb, field, text)
		return h.press(tb, button)
	}
	const field, search = "#query", "main form[role=search] button"
	see("from anywhere", find("#nav-query", ".desk-search button", "Qua"), http.StatusOK)
	if at := tb.address(); at != "/"+tb.lang+"/desk/customers" {
		t.Errorf("the result is at %s", at)
	}
	says("Quastenflosser, Zerbina")
	see("half an address", find(field, search, "doppelt@"), http.StatusUnprocessableEntity)
	see("nobody", find(field, search, "=Niemand <b>"), http.StatusOK)
	says("=Niemand <b>")
	see("a reference", find(field, search, one.reference), http.StatusOK)
	card := tb.address()
	says("d***@example.org")
	see("contact data", h.press(tb, "form[action$='/reveal'] button"), http.StatusOK)
	says("doppelt@example.org")

	note := "form[action$='/notes'] button"
	see("an empty note", h.press(tb, note), http.StatusUnprocessableEntity)
	h.enter(tb, "#desk-note", "=Rollstuhl, אור")
	see("a note", h.press(tb, note), http.StatusOK)
	says("=Rollstuhl, אור")
	says("Siggi Schreibtisch")

	compare := "a[href*='/compare?']"
	see("side by side", h.press(tb, compare), http.StatusOK)
	see("both in full", h.press(tb, "form[action$='/compare'] button"), http.StatusOK)
	see("merged", h.press(tb, ".desk-two section:last-child button"), http.StatusOK)
	if n := ask[int](tb, `document.querySelectorAll("a[href*='/desk/appointment/']").length`); n != 2 || tb.address() == card {
		t.Errorf("%d appointments at %s", n, tb.path())
	}
	says("=Rollstuhl")
	see("the record that went", tb.open(card), http.StatusOK)
	see("undone", h.press(tb, "form[action$='/unmerge'] button"), http.StatusOK)
	see("the first record again", h.press(tb, ".entries a[href*='/desk/customers/']"), http.StatusOK)
	if tb.address() != card {
		t.Errorf("the first record is now at %s", tb.path())
	}
	says("=Rollstuhl")
	see("its appointment", h.press(tb, ".entries a[href*='/desk/appointment/']"), http.StatusOK)
	see("no such record", tb.open("/"+tb.lang+"/desk/customers/nirgends"), http.StatusNotFound)
}
