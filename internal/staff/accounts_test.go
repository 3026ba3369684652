// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// From the invitation to the first login: the mail's link works once, for a
// week, and looking at it changes nothing.
func TestInvitation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		boss := h.add("leitung", staff.Admin)
		id, err := h.Invite(t.Context(), boss, staff.NewAccount{Email: " Neu.Hier@Example.org ", Name: "Nele  Neuhier", Role: staff.Clerk,
			Locations: []string{h.places["kleinstadt/nord"]}})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Member(t.Context(), h.tenant, session.Data{StaffID: id, Full: true}); fault.Of(err) != fault.NotFound {
			t.Errorf("somebody without a password works here: %v", err)
		}
		secret := h.mailed("Neu.Hier@Example.org")
		if secret == "" {
			t.Fatal("no mail")
		}
		for range 2 {
			got, err := h.Invitation(t.Context(), h.tenant, secret)
			if err != nil || got != "Neu.Hier@Example.org" {
				t.Errorf("the page shows %q, %v", got, err)
			}
		}
		const gone = "login.link.gone.text"
		h.fails(h.Accept(t.Context(), credential.Visit{TenantID: neighbour}, secret, password), fault.Gone, gone)
		h.fails(h.Accept(t.Context(), h.from("192.0.2.1"), seal.NewSecret(), password), fault.Gone, gone)
		h.fails(h.Accept(t.Context(), h.from("192.0.2.1"), secret, "kurz"), fault.Invalid, "login.password.short")
		b := &browser{house: h}
		if _, err := b.login("neu.hier", ""); fault.Of(err) != fault.Forbidden {
			t.Errorf("login without a password: %v", err)
		}
		h.must(h.Accept(t.Context(), h.from("192.0.2.1"), secret, password))
		h.fails(h.Accept(t.Context(), h.from("192.0.2.1"), secret, other), fault.Gone, gone)
		m := h.enter("NEU.hier").who()
		if m == nil || m.ID != id || m.Role != staff.Clerk || m.At(h.places["kleinstadt/rathaus"]) || !m.At(h.places["kleinstadt/nord"]) {
			t.Fatalf("logged in as %+v", m)
		}
		if got := h.actions(id); !slices.Equal(got, []string{"invited clerk", "login.failed password", "accepted ", "login password"}) {
			t.Errorf("the audit says %q", got)
		}
		late, err := h.InviteLink(t.Context(), staff.CommandLine(h.tenant), staff.NewAccount{Email: "spaet@example.org", Name: "S", Role: staff.Officer})
		if err != nil {
			t.Fatal(err)
		}
		e.Clock.Advance(staff.InvitationDays * 24 * time.Hour)
		h.fails(h.Accept(t.Context(), h.from("192.0.2.1"), late, password), fault.Gone, gone)
	})
}

// What is wrong with an invitation is said for each field, and an address has
// one account at a tenant.
func TestInviteRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		boss := h.add("leitung", staff.Admin)
		good := staff.NewAccount{Email: "neu@example.org", Name: "Neu", Role: staff.Clerk, Everywhere: true}
		for name, c := range map[string]struct {
			change func(*staff.NewAccount)
			kind   fault.Kind
			key    string
		}{
			"no address":   {func(n *staff.NewAccount) { n.Email = "neu" }, fault.Invalid, "staff.email.bad"},
			"two":          {func(n *staff.NewAccount) { n.Email = "a@example.org, b@example.org" }, fault.Invalid, "staff.email.bad"},
			"no dot":       {func(n *staff.NewAccount) { n.Email = "neu@rathaus" }, fault.Invalid, "staff.email.bad"},
			"a line break": {func(n *staff.NewAccount) { n.Email = "a@example.org\r\nBcc: b@example.org" }, fault.Invalid, "staff.email.bad"},
			"no name":      {func(n *staff.NewAccount) { n.Name = "\u202e " }, fault.Invalid, "staff.name.bad"},
			"a long name":  {func(n *staff.NewAccount) { n.Name = strings.Repeat("x", 101) }, fault.Invalid, "staff.name.bad"},
			"no role":      {func(n *staff.NewAccount) { n.Role = "king" }, fault.Invalid, "staff.role.bad"},
			"nowhere":      {func(n *staff.NewAccount) { n.Everywhere = false }, fault.Invalid, "staff.locations.none"},
			"elsewhere": {func(n *staff.NewAccount) { n.Everywhere, n.Locations = false, []string{h.places[neighbour+"/nord"]} },
				fault.NotFound, "error.notfound.text"},
			"above":   {func(n *staff.NewAccount) { n.Role = staff.Operator }, fault.Forbidden, "staff.above"},
			"himself": {func(n *staff.NewAccount) { n.Email = "LEITUNG@example.org" }, fault.Conflict, "staff.exists"},
		} {
			n := good
			c.change(&n)
			_, err := h.Invite(t.Context(), boss, n)
			if f, ok := fault.As(err); !ok || f.Kind != c.kind || f.Key != c.key {
				t.Errorf("%s: got %v, want %s", name, err, c.key)
			}
		}
		if n := h.number("SELECT COUNT(*) FROM staff"); n != 1 {
			t.Errorf("%d accounts, want the one", n)
		}
		if n := h.number("SELECT COUNT(*) FROM message"); n != 0 {
			t.Errorf("%d mails", n)
		}
		if _, err := h.InviteLink(t.Context(), boss, good); fault.Of(err) != fault.Forbidden {
			t.Errorf("an administrator gets a link that goes to a mailbox: %v", err)
		}
		good.Email = "leitung@example.org" // at the neighbour's it is another account
		if _, err := h.Invite(t.Context(), staff.CommandLine(neighbour), good); err != nil {
			t.Error(err)
		}
	})
}

// Who may do what to whose account, and nobody to another tenant's.
func TestManagingNeedsTheRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		members := map[staff.Role]*staff.Member{}
		for _, r := range staff.Roles {
			members[r] = h.add(string(r), r)
		}
		local := h.addAt(h.tenant, "leitung-nord", staff.Admin, h.places["kleinstadt/nord"])
		atHall := h.addAt(h.tenant, "im-rathaus", staff.Clerk, h.places["kleinstadt/rathaus"])
		atNorth := h.addAt(h.tenant, "im-norden", staff.Clerk, h.places["kleinstadt/nord"])
		stranger := h.addAt(neighbour, "fremd", staff.Admin)
		for name, c := range map[string]struct {
			by, whom *staff.Member
			want     fault.Kind
		}{
			"front desk":                {members[staff.FrontDesk], members[staff.Clerk], fault.Forbidden},
			"clerk":                     {members[staff.Clerk], members[staff.Clerk], fault.Forbidden},
			"officer":                   {members[staff.Officer], members[staff.Clerk], fault.Forbidden},
			"an operator by an admin":   {members[staff.Admin], members[staff.Operator], fault.Forbidden},
			"an admin by an operator":   {members[staff.Operator], members[staff.Admin], 0},
			"by a neighbour":            {stranger, members[staff.Clerk], fault.NotFound},
			"a neighbour":               {members[staff.Admin], stranger, fault.NotFound},
			"everywhere by a local one": {local, members[staff.FrontDesk], fault.Forbidden},
			"elsewhere by a local one":  {local, atHall, fault.Forbidden},
			"here by a local one":       {local, atNorth, 0},
		} {
			list := map[string]func() error{
				"change": func() error {
					v := h.version(c.whom)
					return h.Update(t.Context(), c.by, c.whom.ID, v, staff.Change{Name: "Neu", Role: c.whom.Role, Everywhere: c.whom.Everywhere, Locations: c.whom.Locations})
				},
				"disable": func() error { return h.Disable(t.Context(), c.by, c.whom.ID, h.version(c.whom)) },
				"enable":  func() error { return h.Enable(t.Context(), c.by, c.whom.ID, h.version(c.whom)) },
				"reset":   func() error { return h.Reset(t.Context(), c.by, c.whom.ID, h.version(c.whom), "de") },
			}
			for _, what := range []string{"change", "disable", "enable", "reset"} {
				if err := list[what](); fault.Of(err) != c.want {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
		h.fails(h.Update(t.Context(), local, atNorth.ID, h.version(atNorth), staff.Change{Name: "Neu", Role: staff.Clerk, Everywhere: true}),
			fault.Forbidden, "staff.above")
		if _, err := h.List(t.Context(), members[staff.Clerk]); fault.Of(err) != fault.Forbidden {
			t.Errorf("a clerk lists: %v", err)
		}
		list, err := h.List(t.Context(), members[staff.Admin])
		if err != nil || len(list) != 8 {
			t.Errorf("%d accounts, %v", len(list), err)
		}
		names, err := h.Names(t.Context(), stranger)
		if err != nil || len(names) != 1 || names[stranger.ID] != "Erfundene fremd" {
			t.Errorf("names at the neighbour's: %v, %v", names, err)
		}
	})
}

// version is an account's, whosever it is.
func (h *house) version(m *staff.Member) int64 {
	h.Helper()
	return int64(h.number("SELECT version FROM staff WHERE id = $1", m.ID))
}

// A role that was changed takes effect at the next request of a session that
// goes on; a form that is older than that says so.
func TestUpdate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		boss, m := h.add("leitung", staff.Admin), h.add("clerk", staff.Clerk)
		b := h.enter("clerk")
		v := h.version(m)
		hall := h.places["kleinstadt/rathaus"]
		h.must(h.Update(t.Context(), boss, m.ID, v, staff.Change{Name: "Neuer Name", Role: staff.FrontDesk, Locations: []string{hall, hall}}))
		got := b.who()
		if got == nil || got.Role != staff.FrontDesk || got.Everywhere || !slices.Equal(got.Locations, []string{hall}) || got.Name != "Neuer Name" {
			t.Errorf("the session is %+v", got)
		}
		if err := got.May(staff.Serve, hall); fault.Of(err) != fault.Forbidden {
			t.Error("may still call people")
		}
		h.fails(h.Update(t.Context(), boss, m.ID, v, staff.Change{Name: "X", Role: staff.Clerk, Everywhere: true}), fault.Conflict, "staff.stale")
		h.fails(h.Disable(t.Context(), boss, m.ID, v), fault.Conflict, "staff.stale")
		h.must(h.Update(t.Context(), boss, m.ID, v+1, staff.Change{Name: "Neuer Name", Role: staff.Officer, Locations: []string{hall}}))
		if got := b.who(); !got.Everywhere || got.Locations != nil {
			t.Errorf("an officer works at %v", got.Locations)
		}
		want := []string{"invited clerk", "accepted ", "login password", "changed clerk > front_desk, locations, name", "changed front_desk > officer, locations"}
		if got := h.actions(m.ID); !slices.Equal(got, want) {
			t.Errorf("the audit says %q", got)
		}
	})
}

// Disabling ends what runs, in the same transaction; enabling revives none of
// it.
func TestDisable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		boss, m := h.add("leitung", staff.Admin), h.add("clerk", staff.Clerk)
		b, phone, own := h.enter("clerk"), h.enter("clerk"), h.enter("leitung")
		h.must(h.Forgotten(t.Context(), h.from("192.0.2.1"), m.Email, "en"))
		link := h.mailed(m.Email)
		h.must(h.Disable(t.Context(), boss, m.ID, h.version(m)))
		if n := h.number("SELECT COUNT(*) FROM session"); n != 1 || own.who() == nil {
			t.Errorf("%d sessions, want the administrator's", n)
		}
		h.fails(h.Accept(t.Context(), h.from("192.0.2.1"), link, other), fault.Gone, "login.link.gone.text")
		_, err := b.login("clerk", password)
		h.fails(err, fault.Forbidden, "login.wrong")
		h.fails(h.Reset(t.Context(), boss, m.ID, h.version(m), "de"), fault.Conflict, "staff.is_disabled")
		h.must(h.Forgotten(t.Context(), h.from("192.0.2.1"), m.Email, "en"))
		if n := h.number("SELECT COUNT(*) FROM credential_link"); n != 0 {
			t.Error("somebody who is disabled got a link")
		}
		h.must(h.Enable(t.Context(), boss, m.ID, h.version(m)))
		h.fails(h.Enable(t.Context(), boss, m.ID, h.version(m)), fault.Conflict, "staff.stale")
		if b.who() != nil || phone.who() != nil {
			t.Error("an old session lives again")
		}
		h.enter("clerk")
	})
}

// Nobody removes the last administrator but an operator, also not two at once
// each other.
func TestLastAdmin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		a, b := h.add("leitung", staff.Admin), h.add("vertretung", staff.Admin)
		va, vb := h.version(a), h.version(b)
		errs := make(chan error, 2)
		go func() { errs <- h.Disable(t.Context(), a, b.ID, vb) }()
		go func() {
			errs <- h.Update(t.Context(), b, a.ID, va, staff.Change{Name: "A", Role: staff.Clerk, Everywhere: true})
		}()
		first, second := <-errs, <-errs
		if first != nil {
			first, second = second, first
		}
		h.must(first)
		h.fails(second, fault.Conflict, "staff.last_admin")
		if n := h.number("SELECT COUNT(*) FROM staff WHERE role = 'admin' AND state = 'active'"); n != 1 {
			t.Fatalf("%d administrators", n)
		}
		last, v := a, va
		if h.account(a.ID).Role != staff.Admin {
			last, v = b, vb
		}
		h.fails(h.Disable(t.Context(), last, last.ID, v), fault.Conflict, "staff.last_admin")
		h.fails(h.Reset(t.Context(), last, last.ID, v, "de"), fault.Conflict, "staff.last_admin")
		h.fails(h.Update(t.Context(), last, last.ID, v, staff.Change{Name: "A", Role: staff.Officer}), fault.Conflict, "staff.last_admin")
		h.must(h.Disable(t.Context(), staff.CommandLine(h.tenant), last.ID, v))
	})
}

// Whoever forgot a password gets a link; whoever has no account gets the same
// answer and nothing else.
func TestForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		m := h.add("clerk", staff.Clerk)
		b := h.enter("clerk")
		h.must(h.Forgotten(t.Context(), h.from("192.0.2.1"), "niemand@example.org", "de"))
		h.must(h.Forgotten(t.Context(), h.from("192.0.2.1"), "Clerk@example.org", "de"))
		if n := h.number("SELECT COUNT(*) FROM message"); n != 1 {
			t.Errorf("%d mails", n)
		}
		secret := h.mailed(m.Email)
		if b.who() == nil {
			t.Error("somebody who only asked ended a session")
		}
		e.Clock.Advance(59 * time.Minute)
		b.who()
		h.must(h.Accept(t.Context(), h.from("192.0.2.1"), secret, other))
		if b.who() != nil {
			t.Error("a session lives on with the old password")
		}
		if _, err := b.login("clerk", password); fault.Of(err) != fault.Forbidden {
			t.Errorf("the old password: %v", err)
		}
		if _, err := b.login("clerk", other); err != nil {
			t.Error(err)
		}
		h.must(h.Forgotten(t.Context(), h.from("192.0.2.1"), m.Email, "de"))
		late := h.mailed(m.Email)
		e.Clock.Advance(time.Hour)
		h.fails(h.Accept(t.Context(), h.from("192.0.2.1"), late, other), fault.Gone, "login.link.gone.text")
		for range 5 {
			h.must(h.Forgotten(t.Context(), h.from("192.0.2.2"), "niemand@example.org", "de"))
		}
		h.fails(h.Forgotten(t.Context(), h.from("192.0.2.3"), "niemand@example.org", "de"), fault.TooMany, "login.many")
	})
}
