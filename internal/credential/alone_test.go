// SPDX-License-Identifier: EUPL-1.2

package credential_test

import (
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/credential/credentialtest"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// begin is a browser in which somebody may set up what they log in with, as
// after the link of a mail.
func (c *club) begin(o *credential.Owner) *browser {
	c.Helper()
	b := &browser{club: c}
	v := b.visit()
	c.write(func(tx *db.Tx) error { return v.Remember(c.Context(), tx, session.Of(session.Account, o.ID)) })
	return b
}

// register adds a passkey.
func (b *browser) register(d *credentialtest.Device) error {
	b.Helper()
	options, state, err := b.BeginPasskey(b.Context(), b.visit())
	if err != nil {
		return err
	}
	_, err = b.FinishPasskey(b.Context(), b.keep(state), "Telefon", d.Register(options))
	return err
}

// use gives the passkey.
func (b *browser) use(d *credentialtest.Device) error {
	b.Helper()
	options, state, err := b.BeginPasskeyLogin(b.Context(), b.visit())
	b.must(err)
	return b.FinishPasskeyLogin(b.Context(), b.keep(state), d.Login(options))
}

// An account may have a passkey and no password: the passkey sets it up, logs
// in, proves who somebody is, and stays until there is another way.
func TestPasskeyAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		c := newClub(t, e)
		o := c.open("allein")
		first := c.begin(o)
		if first.inside() {
			t.Fatal("inside with nothing")
		}
		phone := credentialtest.NewDevice(t)
		c.must(first.register(phone))
		if !first.inside() {
			t.Fatal("not inside with a passkey")
		}
		b := &browser{club: c}
		c.must(b.use(phone))
		if !b.inside() || c.Proved(b.visit().Session) {
			t.Fatal("a login is no proof, and lets in")
		}
		c.fails(b.register(credentialtest.NewDevice(t)), fault.Forbidden, "login.prove")
		c.fails(c.Prove(t.Context(), b.visit(), ""), fault.Invalid, "login.password.old")
		c.fails(c.SetPassword(t.Context(), b.visit(), "", password), fault.Forbidden, "login.prove")
		before, since := b.cookie, b.visit().Session.Since
		e.Clock.Advance(time.Minute)
		c.must(b.use(phone))
		if s := b.visit().Session; !c.Proved(s) || b.cookie == before || s.Since != since || s.Ceremony != nil {
			t.Errorf("after the passkey the session is %+v", s)
		}
		f, err := c.Factors(t.Context(), b.visit())
		if err != nil || f.Password || f.Code || len(f.Passkeys) != 1 || f.Recovery != 10 {
			t.Fatalf("%+v, %v", f, err)
		}
		c.fails(c.RemovePasskey(t.Context(), b.visit(), f.Passkeys[0].ID), fault.Conflict, "login.passkey.last")
		c.fails(c.SetPassword(t.Context(), b.visit(), "", "kurz"), fault.Invalid, "login.password.short")
		c.must(c.SetPassword(t.Context(), b.visit(), "whatever", password))
		if !b.inside() || first.inside() {
			t.Error("a new password ends the other sessions, and no other")
		}
		c.fails(c.SetPassword(t.Context(), b.visit(), other, other), fault.Invalid, "login.password.old")
		c.must(c.RemovePasskey(t.Context(), b.visit(), f.Passkeys[0].ID))
		if next, err := c.Login(t.Context(), (&browser{club: c}).visit(), o.Email, password); next != credential.Done || err != nil {
			t.Errorf("with the password: %s, %v", next, err)
		}
		want := []string{"allein factor added passkey", "allein logged in passkey", "allein logged in passkey", "allein failed password",
			"allein password changed", "allein failed password", "allein factor removed passkey", "allein logged in password"}
		if !slices.Equal(c.events, want) {
			t.Errorf("noted %q", c.events)
		}
	})
}

// Only the passkey of the same account proves.
func TestPasskeyProvesItsOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		c := newClub(t, e)
		mine, theirs := credentialtest.NewDevice(t), credentialtest.NewDevice(t)
		b := c.begin(c.open("eins"))
		c.must(b.register(mine))
		c.must(c.begin(c.open("zwei")).register(theirs))
		c.fails(b.use(theirs), fault.Forbidden, "login.passkey.refused")
		if c.Proved(b.visit().Session) {
			t.Error("proved by another's passkey")
		}
		c.must(b.use(mine))
		if !c.Proved(b.visit().Session) {
			t.Error("not proved")
		}
	})
}

// Halfway through a login nobody changes what the account has.
func TestHalfwayChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		c := newClub(t, e)
		c.add("eins")
		c.tenant.Second = true
		b := &browser{club: c}
		if next, err := c.Login(t.Context(), b.visit(), "eins@example.org", password); next != credential.SetUpFactor || err != nil {
			t.Fatalf("%s, %v", next, err)
		}
		_, recovery := c.NewRecovery(t.Context(), b.visit())
		for what, err := range map[string]error{
			"password": c.SetPassword(t.Context(), b.visit(), password, other),
			"sessions": c.EndOthers(t.Context(), b.visit()),
			"prove":    c.Prove(t.Context(), b.visit(), password),
			"code":     c.RemoveCode(t.Context(), b.visit()),
			"passkey":  c.RemovePasskey(t.Context(), b.visit(), "AAAA"),
			"recovery": recovery,
		} {
			if fault.Of(err) != fault.NotFound && fault.Of(err) != fault.Forbidden {
				t.Errorf("%s: %v", what, err)
			}
		}
		if len(c.events) != 0 {
			t.Errorf("noted %q", c.events)
		}
	})
}

// What is deleted leaves nothing, and takes the sessions along; another account
// stays as it is.
func TestDelete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		c := newClub(t, e)
		gone, stays := c.open("weg"), c.open("bleibt")
		var browsers []*browser
		for _, o := range []*credential.Owner{gone, stays} {
			b := c.begin(o)
			c.must(b.register(credentialtest.NewDevice(t)))
			c.must(c.Forgotten(t.Context(), b.visit(), o.Email, "de"))
			browsers = append(browsers, b)
		}
		c.write(func(tx *db.Tx) error { return c.Delete(t.Context(), tx, gone.ID) })
		for table, want := range map[string]int{"credential": 1, "passkey": 1, "recovery_code": 10, "credential_link": 1, "session": 1} {
			if n := c.number("SELECT COUNT(*) FROM " + table); n != want {
				t.Errorf("%d rows of %s, want %d", n, table, want)
			}
		}
		if _, ok, err := c.sessions.Load(t.Context(), c.tenant.ID, browsers[0].cookie); ok || err != nil {
			t.Errorf("still logged in: %v", err)
		}
		if !browsers[1].inside() {
			t.Error("another's session has ended")
		}
		c.must(c.Accept(t.Context(), browsers[1].visit(), c.links[stays.ID], password))
		c.fails(c.Accept(t.Context(), browsers[1].visit(), c.links[gone.ID], password), fault.Gone, "login.link.gone.text")
	})
}
