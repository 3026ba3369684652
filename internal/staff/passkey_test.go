// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/credential/credentialtest"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// addPasskey sets up a passkey on a new device.
func (b *browser) addPasskey(name string) (*credentialtest.Device, []string) {
	b.Helper()
	if b.who() != nil {
		b.prove()
	}
	d := credentialtest.NewDevice(b.T)
	recovery, err := b.register(d, name)
	if err != nil {
		b.Fatal(err)
	}
	return d, recovery
}

func (b *browser) register(d *credentialtest.Device, name string) ([]string, error) {
	b.Helper()
	options, state, err := b.BeginPasskey(b.Context(), b.visit())
	if err != nil {
		b.Fatal(err)
	}
	b.keep(state)
	return b.FinishPasskey(b.Context(), b.visit(), name, d.Register(options))
}

// use logs in by a passkey, as the only step or after the password.
func (b *browser) use(d *credentialtest.Device) error {
	b.Helper()
	options, s := b.ask()
	return b.FinishPasskeyLogin(b.Context(), b.in(s), d.Login(options))
}

// ask begins a login by passkey.
func (b *browser) ask() ([]byte, session.Data) {
	b.Helper()
	options, state, err := b.BeginPasskeyLogin(b.Context(), b.from("192.0.2.1"))
	if err != nil {
		b.Fatal(err)
	}
	s := b.data()
	s.Ceremony = state
	return options, s
}

// A passkey is the second factor, and also the only step of a login.
func TestPasskey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m := h.add("clerk", staff.Clerk)
		b := h.half("clerk", credential.SetUpFactor)
		options, _, err := h.BeginPasskey(t.Context(), b.visit())
		if err != nil {
			t.Fatal(err)
		}
		asked := credentialtest.NewDevice(t).Read(options).PublicKey
		if asked.AuthenticatorSelection.ResidentKey != "required" || asked.AuthenticatorSelection.UserVerification != "required" || len(asked.Challenge) < 22 {
			t.Errorf("asks for %s", options)
		}
		before := b.cookie
		key, recovery := b.addPasskey("Schlüssel am Bund")
		if len(recovery) != 10 || b.who() == nil || b.cookie == before {
			t.Errorf("%d recovery codes, or not logged in under a new id", len(recovery))
		}
		e.Clock.Advance(time.Second)
		phone, more := b.addPasskey("Telefon")
		if more != nil {
			t.Error("new recovery codes although there are some")
		}
		e.Clock.Advance(time.Minute)
		alone := &browser{house: h}
		h.must(alone.use(key))
		if got := alone.who(); got == nil || got.ID != m.ID {
			t.Fatalf("logged in as %+v", got)
		}
		second := h.half("clerk", credential.GiveFactor)
		h.must(second.use(phone))
		if second.who() == nil {
			t.Error("a passkey is not taken as the second factor")
		}
		factors, err := h.Factors(t.Context(), h.by(sessionOf(m)))
		h.must(err)
		list := factors.Passkeys
		if len(list) != 2 || list[0].Name != "Schlüssel am Bund" || list[0].Used != e.Clock.Now().Unix() || list[0].Created != list[0].Used-61 {
			t.Fatalf("%+v", list)
		}
		h.must(h.RemovePasskey(t.Context(), h.by(h.proven(m)), list[0].ID))
		h.fails((&browser{house: h}).use(key), fault.Forbidden, "login.passkey.refused")
		if fault.Of(h.RemovePasskey(t.Context(), h.by(h.proven(m)), list[0].ID)) != fault.NotFound {
			t.Error("removed twice")
		}
		h.fails(h.RemovePasskey(t.Context(), h.by(h.proven(m)), list[1].ID), fault.Conflict, "login.factor.last")
		h.must((&browser{house: h}).use(phone))
		want := []string{"invited clerk", "accepted ", "factor passkey", "login password, passkey", "factor passkey", "login passkey", "login password, passkey",
			"unfactor passkey", "login.failed passkey", "login passkey"}
		if got := h.actions(m.ID); !slices.Equal(got, want) {
			t.Errorf("the audit says %q", got)
		}
	})
}

// Nothing but the right key, for this site, with its owner, just now, is let
// in, and all else gets one answer.
func TestPasskeyRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		h.add("andere", staff.Clerk)
		stranger := h.addAt(neighbour, "fremd", staff.Clerk)
		key, _ := h.half("clerk", credential.SetUpFactor).addPasskey("a")
		others, _ := h.half("andere", credential.SetUpFactor).addPasskey("b")
		for name, change := range map[string]func(*credentialtest.Device){
			"another site's page":     func(d *credentialtest.Device) { d.Origin = "https://example.org" },
			"another site's key":      func(d *credentialtest.Device) { d.RPID = "example.org" },
			"nobody's finger":         func(d *credentialtest.Device) { d.NoUser = true },
			"another key":             func(d *credentialtest.Device) { d.Key = credentialtest.NewDevice(t).Key },
			"an unknown key":          func(d *credentialtest.Device) { d.ID = credentialtest.NewDevice(t).ID },
			"another's account":       func(d *credentialtest.Device) { d.User = others.User },
			"nobody's account":        func(d *credentialtest.Device) { d.User = credentialtest.Base64([]byte("nobody")) },
			"no account":              func(d *credentialtest.Device) { d.User = "" },
			"a neighbour's account":   func(d *credentialtest.Device) { d.User = credentialtest.Base64([]byte(stranger.ID)) },
			"a copy that lags behind": func(d *credentialtest.Device) { d.Counter -= 2 },
		} {
			h.must((&browser{house: h}).use(key)) // the counter goes up
			thief := *key
			change(&thief)
			b := &browser{house: h}
			if err := b.use(&thief); fault.Of(err) != fault.Forbidden || b.cookie != "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		b := &browser{house: h}
		options, s := b.ask()
		answer := key.Login(options)
		h.fails(h.FinishPasskeyLogin(t.Context(), b.in(s), []byte("{}")), fault.Forbidden, "login.passkey.refused")
		h.fails(h.FinishPasskeyLogin(t.Context(), b.in(session.Data{}), answer), fault.Gone, "login.ceremony.over")
		there := b.in(s)
		there.TenantID = neighbour
		h.fails(h.FinishPasskeyLogin(t.Context(), there, answer), fault.Forbidden, "login.passkey.refused")
		_, later := b.ask()
		h.fails(h.FinishPasskeyLogin(t.Context(), b.in(later), answer), fault.Forbidden, "login.passkey.refused")
		e.Clock.Advance(15 * time.Minute)
		h.fails(h.FinishPasskeyLogin(t.Context(), b.in(s), answer), fault.Gone, "login.ceremony.over")
		if b.cookie != "" {
			t.Error("has a session")
		}
		half := h.half("clerk", credential.GiveFactor)
		h.fails(half.use(others), fault.Forbidden, "login.passkey.refused")
		if half.who() != nil {
			t.Error("another's passkey completes a login")
		}
	})
}

// Whoever is refused with a passkey is recorded for the account that they
// wanted to be, if there is one, and not without end.
func TestFailedPasskeysAreRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		clerk, other, gone := h.add("clerk", staff.Clerk), h.add("andere", staff.Clerk), h.add("weg", staff.Clerk)
		key, _ := h.half("clerk", credential.SetUpFactor).addPasskey("a")
		others, _ := h.half("andere", credential.SetUpFactor).addPasskey("b")
		theirs, _ := h.half("weg", credential.SetUpFactor).addPasskey("c")
		h.must(h.Disable(t.Context(), staff.CommandLine(h.tenant), gone.ID, h.version(gone)))
		refused := func(b *browser, d *credentialtest.Device) {
			t.Helper()
			h.fails(b.use(d), fault.Forbidden, "login.passkey.refused")
		}
		refused(&browser{house: h}, theirs)
		refused(h.half("clerk", credential.GiveFactor), others)
		forged, nobody := *others, *key
		forged.Key, nobody.User = credentialtest.NewDevice(t).Key, credentialtest.Base64([]byte("nobody"))
		refused(&browser{house: h}, &forged)
		refused(&browser{house: h}, &nobody)
		once := []string{"login.failed passkey"}
		for who, id := range map[string]string{"disabled": gone.ID, "with another's passkey": clerk.ID, "with a forged one": other.ID} {
			if got := h.failures(id); !slices.Equal(got, once) {
				t.Errorf("%s: %q", who, got)
			}
		}
		if n := h.number("SELECT COUNT(*) FROM audit WHERE action = $1", "staff.login.failed"); n != 3 {
			t.Errorf("%d are recorded", n)
		}
		for range 30 {
			refused(&browser{house: h}, &forged)
		}
		if n := len(h.failures(other.ID)); n != 10 {
			t.Errorf("%d are recorded for one account from one network", n)
		}
		h.must((&browser{house: h}).use(others))
	})
}

// A network may begin so many logins by passkey: each leaves a session.
func TestLimitOfPasskeysBegun(t *testing.T) {
	h := newHouse(t, dbtest.New(t, "sqlite"))
	begin := func(network string) error {
		_, _, err := h.BeginPasskeyLogin(t.Context(), h.from(network))
		return err
	}
	for range 60 {
		h.must(begin("192.0.2.1"))
	}
	h.fails(begin("192.0.2.1"), fault.TooMany, "login.many")
	h.must(begin("192.0.2.2"))
}

// Adding needs the answer to this very question, a name, and a key that is not
// there yet; nobody touches another's.
func TestPasskeyRegistration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		m := h.add("andere", staff.Clerk)
		b, c := h.half("clerk", credential.SetUpFactor), h.half("andere", credential.SetUpFactor)
		for name, change := range map[string]func(*credentialtest.Device){
			"another site's page": func(d *credentialtest.Device) { d.Origin = "https://example.org" },
			"another site's key":  func(d *credentialtest.Device) { d.RPID = "example.org" },
			"nobody's finger":     func(d *credentialtest.Device) { d.NoUser = true },
		} {
			d := credentialtest.NewDevice(t)
			change(d)
			if _, err := b.register(d, "x"); fault.Of(err) != fault.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		options, _, err := h.BeginPasskey(t.Context(), b.visit())
		if err != nil {
			t.Fatal(err)
		}
		_, state, err := h.BeginPasskey(t.Context(), c.visit())
		if err != nil {
			t.Fatal(err)
		}
		c.keep(state)
		_, err = h.FinishPasskey(t.Context(), c.visit(), "x", credentialtest.NewDevice(t).Register(options))
		h.fails(err, fault.Forbidden, "login.passkey.refused")
		_, err = c.register(credentialtest.NewDevice(t), " \u202e")
		h.fails(err, fault.Invalid, "login.passkey.name")
		if b.who() != nil || c.who() != nil {
			t.Fatal("logged in by a refusal")
		}
		key, _ := b.addPasskey("a")
		_, err = c.register(key, "the same")
		h.fails(err, fault.Conflict, "login.passkey.exists")
		if fault.Of(h.RemovePasskey(t.Context(), h.by(h.proven(m)), credentialtest.Base64(key.ID))) != fault.NotFound || fault.Of(h.RemovePasskey(t.Context(), h.by(h.proven(m)), "?")) != fault.NotFound {
			t.Error("removed another's passkey")
		}
		b.prove()
		options, _, err = h.BeginPasskey(t.Context(), b.visit())
		if got := key.Read(options).PublicKey.ExcludeCredentials; err != nil || len(got) != 1 || got[0]["id"] != credentialtest.Base64(key.ID) {
			t.Errorf("the device is not told what it has: %v, %v", got, err)
		}
	})
}

// What is sealed opens for its own row only.
func TestSealedForItsRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		m := h.add("andere", staff.Clerk)
		b, c := h.half("clerk", credential.SetUpFactor), h.half("andere", credential.SetUpFactor)
		b.setUp()
		secret, _ := c.setUp()
		mine, _ := b.addPasskey("a")
		theirs, _ := c.addPasskey("b")
		var stored []byte
		e.One(t, &stored, "SELECT sealed FROM passkey WHERE id = $1", theirs.ID)
		if bytes.Contains(stored, theirs.Cose()) {
			t.Error("a public key stands open: somebody could put in their own")
		}
		clerk := b.who().ID
		h.exec("UPDATE credential SET totp = (SELECT t.totp FROM credential t WHERE t.owner_id = $2) WHERE owner_id = $1", m.ID, clerk)
		e.Clock.Advance(time.Minute)
		half := h.half("andere", credential.GiveFactor)
		if err := half.give(h.code(secret, 0)); err == nil || fault.Of(err) != fault.Internal {
			t.Errorf("another account's code generator: %v", err)
		}
		h.exec("UPDATE passkey SET sealed = (SELECT p.sealed FROM passkey p WHERE p.id = $2) WHERE id = $1", theirs.ID, mine.ID)
		if err := (&browser{house: h}).use(theirs); err == nil || fault.Of(err) != fault.Internal {
			t.Errorf("another account's passkey: %v", err)
		}
		h.exec("UPDATE staff SET sealed = (SELECT t.sealed FROM staff t WHERE t.id = $2) WHERE id = $1", m.ID, clerk)
		if _, _, err := h.Member(t.Context(), h.tenant, sessionOf(m)); err == nil || fault.Of(err) != fault.Internal {
			t.Errorf("another account's name: %v", err)
		}
	})
}
