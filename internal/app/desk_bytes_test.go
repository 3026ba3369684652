// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// What is no text is an answer to no form, on either engine: PostgreSQL takes
// neither a zero byte nor what is not UTF-8, and nobody shall see that.
func TestFormsWithWhatIsNoText(t *testing.T) {
	fields := []string{"id", "with", "keep", "merge", "person", "reason", "reason-en", "counter", "service", "quantity", "choose",
		"location", "locations", "secret", "once", "name", "email", "role", "everywhere", "code", "credential", "query",
		"note", "first-name", "last-name", "phone", "street", "postcode", "city", "birth-date", "language", "from", "start", "shown",
		"later", "other-date", "other-time", "page", "date", "next", "from-time", "until-time"}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		v.book("ausweis")
		appointment, customer := v.first("SELECT id FROM appointment"), v.first("SELECT person_id FROM appointment")
		m := v.hire(town, staff.Admin, "leitung")
		account := v.first("SELECT id FROM staff")
		desk := v.login(m)
		desk.want(desk.post("/de/desk/account/prove", url.Values{"password": {password}}), http.StatusSeeOther)
		for _, r := range v.service.Desk {
			if r.Method != http.MethodPost || r.Open {
				continue
			}
			for _, id := range []string{appointment, customer, account} {
				for _, bad := range []string{"\x00", "\xff", "a\x00\xffb"} {
					form := url.Values{"version": {"0"}, "from-date": {"2026-09-08"}, "until-date": {"2026-09-08"}}
					for _, f := range fields {
						form.Set(f, bad)
					}
					for _, reason := range []string{bad, "Grund"} {
						form.Set("reason", reason)
						if a := desk.post(fill(r, id), form); a.StatusCode >= http.StatusInternalServerError {
							t.Errorf("%s with %q: status %d", r.Path, bad, a.StatusCode)
						}
					}
					form.Del("location")
					form.Del("locations")
					form.Del("counter")
					form.Set("reason", bad)
					if a := desk.post(fill(r, id), form); a.StatusCode >= http.StatusInternalServerError {
						t.Errorf("%s with %q: status %d", r.Path, bad, a.StatusCode)
					}
				}
			}
			desk.want(desk.get("/de/desk/account"), http.StatusOK) // still logged in
		}
	})
}
