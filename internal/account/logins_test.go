// SPDX-License-Identifier: EUPL-1.2

package account_test

import (
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// Each login is on record, right or wrong. Its owner sees when and how; from where
// is for the officer and the administrator, with a reason that the audit keeps,
// and for a week.
func TestRecordOfLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		w.Clock.Advance(time.Hour)
		w.refused(w.browser().login(quirin.Email, "falsches Passwort"), fault.Forbidden, "login.wrong")
		w.refused(w.browser().login("niemand@example.org", password), fault.Forbidden, "login.wrong")
		w.fine(b.login(quirin.Email, password))
		own, err := w.Own(t.Context(), b.visit())
		w.fine(err)
		type line struct {
			method string
			ok     bool
		}
		var got []line
		for _, l := range own {
			got = append(got, line{l.Method, l.OK})
			if l.Address != "" {
				t.Error("the owner's list has addresses")
			}
		}
		if !slices.Equal(got, []line{{"password", true}, {"password", false}, {"link", true}}) {
			t.Errorf("own logins %v", got)
		}

		accounts := staff.New(staff.Options{DB: e.DB, Key: w.key, Offices: w.Offices, Sessions: w.Accounts.Sessions, Hasher: w.Hasher})
		officer := &staff.Member{ID: "officer", TenantID: w.tenant, Role: staff.Officer, Everywhere: true}
		addresses := func() []string {
			t.Helper()
			list, err := accounts.LoginRecord(t.Context(), officer, staff.Abuse, "")
			w.fine(err)
			var out []string
			for _, l := range list {
				out = append(out, l.Address)
			}
			return out
		}
		if got := addresses(); !slices.Equal(got, []string{"192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1"}) {
			t.Errorf("addresses %q", got)
		}
		if n := w.number("SELECT COUNT(*) FROM audit WHERE action = 'logins.viewed' AND staff_id = 'officer' AND detail = 'abuse'"); n != 1 {
			t.Errorf("recorded %d times", n)
		}
		_, err = accounts.LoginRecord(t.Context(), officer, "curiosity", "")
		w.refused(err, fault.Invalid, "form.incomplete")
		for _, r := range staff.Roles {
			_, err := accounts.LoginRecord(t.Context(), &staff.Member{ID: "x", TenantID: w.tenant, Role: r, Everywhere: true}, staff.Fault, "")
			if may := r == staff.Officer || r == staff.Admin; may != (err == nil) {
				t.Errorf("%s: %v", r, err)
			}
		}
		forget := func() {
			t.Helper()
			w.deleteOld(credential.OldAddresses, w.Clock.Now().Add(-7*24*time.Hour))
			w.deleteOld(credential.OldLogins, w.Clock.Now().Add(-90*24*time.Hour))
		}
		w.Clock.Advance(7 * 24 * time.Hour)
		forget()
		if got := addresses(); !slices.Equal(got, []string{"", "", "", ""}) || w.number("SELECT COUNT(*) FROM login_address") != 0 {
			t.Errorf("after a week there are %q", got)
		}
		w.Clock.Advance(83 * 24 * time.Hour)
		forget()
		if n := w.number("SELECT COUNT(*) FROM login"); n != 0 {
			t.Errorf("%d logins are kept", n)
		}
	})
}

// Addresses stand in no table that can be read without the key, and in no audit.
func TestAddressesAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.register(quirin)
		var sealed []byte
		w.One(t, &sealed, "SELECT sealed FROM login_address")
		if slices.Equal(sealed, []byte("192.0.2.1")) || w.number("SELECT COUNT(*) FROM audit WHERE detail LIKE '%192.0.2%'") != 0 {
			t.Error("an address can be read")
		}
		var list []audit.Entry
		w.fine(e.DB.Read(t.Context(), func(tx *db.Tx) error {
			var err error
			list, err = audit.List(t.Context(), tx, w.tenant, audit.Filter{})
			return err
		}))
		if len(list) != 1 || list[0].Action != "account.made" {
			t.Errorf("audit %+v", list)
		}
	})
}
