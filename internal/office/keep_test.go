// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"reflect"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// private is the minimal town with all that it may say about data.
var private = strings.NewReplacer(
	"land: BY", `land: BY
officer: {name: Frau Beispiel, email: ds@example.org}
imprint: {represented_by: Bürgermeisterin, vat_id: DE000}
legal_bases: {use: Art. 6}
accessibility: {status: fully, prepared: 2026-11-02, email: zugang@example.org, barriers: [Pläne]}
retention: {appointment_days: 20, sensitive_days: 5, login_address_days: 7, audit_days: 90}`,
	"{key: s, name: Eins, group: g, minutes: 10}", `{key: s, name: Eins, group: g, minutes: 10}
  - {key: s2, name: Zwei, group: g, minutes: 10, sensitive: true}
  - {key: s3, name: Drei, group: g, minutes: 10, keep_days: 3}
  - {key: s4, name: Vier, group: g, minutes: 10, keep_days: 100}`,
	"[s]", "[s, s2, s3, s4]").Replace(minimal)

func TestPrivacyOfATown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		id := officetest.ImportFile(t, e, seal.NewKey(), []byte(private))
		c := catalogue(t, e, office.NewStore(), id)
		want := office.Statements{
			RepresentedBy: both("Bürgermeisterin"), VATID: "DE000", Officer: office.Officer{Name: "Frau Beispiel", Email: "ds@example.org"},
			LegalBases: map[string]locale.Text{"use": both("Art. 6")},
			Accessibility: office.Accessibility{Status: "fully", Prepared: slot.DateOf(2026, 11, 2), Email: "zugang@example.org",
				Barriers: []locale.Text{both("Pläne")}},
		}
		if !reflect.DeepEqual(c.Tenant.Statements, want) {
			t.Errorf("statements = %+v", c.Tenant.Statements)
		}
		if p := c.Tenant.Retention; len(p) != 3 || p.Amount(privacy.Audit) != 90 || p.Amount(privacy.Login) != 90 ||
			p.Keep(privacy.LoginAddress).Hours() != 7*24 {
			t.Errorf("periods = %v", p)
		}
		service := func(key string) *office.Service {
			for i := range c.Services {
				if c.Services[i].Key == key {
					return &c.Services[i]
				}
			}
			return nil
		}
		for key, days := range map[string]int{"s": 20, "s2": 5, "s3": 3, "s4": 20} {
			if n := c.Tenant.KeepDays(service(key)); n != days {
				t.Errorf("%s is kept %d days, want %d", key, n, days)
			}
		}
		if n := c.Tenant.KeepDays(service("s"), service("s2"), service("s3")); n != 3 {
			t.Errorf("together they are kept %d days", n)
		}
		keeps := []office.Keep{{Days: 20}, {Days: 5, Services: []string{service("s2").ID, service("s3").ID}}, {Days: 3, Services: []string{service("s3").ID}}}
		if got := c.Keeps(); !reflect.DeepEqual(got, keeps) {
			t.Errorf("keeps = %v, want %v", got, keeps)
		}
		// The next file has none of it any more.
		officetest.ImportFile(t, e, seal.NewKey(), []byte(strings.Replace(private, "retention:", "retention: {}\n#", 1)))
		if p := catalogue(t, e, office.NewStore(), id).Tenant.Retention; len(p) != 0 {
			t.Errorf("periods of the file before: %v", p)
		}
	})
}

func both(s string) locale.Text { return locale.Text{locale.DE: s, locale.EN: s} }
