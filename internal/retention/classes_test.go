// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/account"
	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

const (
	days     = 24 * time.Hour
	password = "Quallenfisch trifft Zaunkoenig"
)

// periods runs a test with the standard periods and with those of the town.
func periods(t *testing.T, own []string, test func(w *town, keep func(*privacy.Class) time.Duration)) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for pass, rules := range [][]string{nil, own} {
			w.Clock.Set(dbtest.Start)
			w.rules(rules...)
			if pass > 0 {
				w.start() // which forgets what it counted about visitors
			}
			cat, err := w.Bookings.Catalogue(t.Context(), w.tenant)
			w.fine(err)
			test(w, cat.Tenant.Retention.Keep)
			w.clean()
		}
	})
}

// What was typed for a reservation goes with it; a running one stays.
func TestHold(t *testing.T) {
	t.Parallel()
	periods(t, []string{"hold_minutes: 15"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		s := w.hold(w.berlin("2026-09-08 09:00"), "ausweis")
		_, err := w.Bookings.SaveDetails(w.Context(), w.tenant, s, quirin)
		w.fine(err)
		w.ends("hold", time.Unix(w.view(s).Until, 0).Add(keep(privacy.Hold)), remains)
		if w.count("SELECT SUM(amount) FROM deletion WHERE class = 'hold'") == 0 {
			w.Error("it is not counted")
		}
		w.exec("DELETE FROM deletion")
	})
}

// Mails go so long after they were sent or given up; one that waits never does.
func TestMessages(t *testing.T) {
	t.Parallel()
	periods(t, []string{"message_days: 3"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		w.exec("DELETE FROM message")
		b := w.register("quirin@example.org")
		w.send()
		sent := w.Clock.Now()
		w.Clock.Advance(time.Hour)
		w.fine(b.prove())
		for _, to := range []string{"failed@example.org", "waits@example.org"} {
			w.fine(w.Citizens.ChangeEmail(w.Context(), b.visit(), to, locale.DE))
		}
		w.exec("UPDATE message SET state = 'failed', sealed = NULL, problem = 'x' WHERE state = 'queued' AND kind = 'address_asked'")
		w.exec("UPDATE message SET due = $1 WHERE state = 'queued'", sent.Add(1000*days).Unix())
		waiting := w.count("SELECT COUNT(*) FROM message WHERE state = 'queued'")
		failed := w.Clock.Now()
		if waiting == 0 || w.count("SELECT COUNT(*) FROM message WHERE state = 'failed'") == 0 {
			w.Fatal("the mails are others than this test thinks")
		}
		// What hangs on the same period as a mail is not of interest here.
		w.exec("DELETE FROM account_pending")
		w.exec("DELETE FROM session")
		w.exec("DELETE FROM login_address")
		w.ends("sent", sent.Add(keep(privacy.Message)), "SELECT COUNT(*) FROM message WHERE state = 'sent'")
		w.ends("failed", failed.Add(keep(privacy.Message)), "SELECT COUNT(*) FROM message WHERE state = 'failed'")
		w.at(sent.Add(keep(privacy.Message) + 50*days))
		if n := w.count("SELECT COUNT(*) FROM message WHERE state = 'queued'"); n != waiting {
			w.Errorf("%d of %d mails wait", n, waiting)
		}
		w.exec("DELETE FROM message")
		w.exec("DELETE FROM login")
		w.fine(b.login("quirin@example.org"))
		w.fine(b.prove())
		w.fine(w.Citizens.Delete(w.Context(), b.visit()))
		w.exec("DELETE FROM login_address")
		w.exec("DELETE FROM login")
	})
}

func TestRegistration(t *testing.T) {
	t.Parallel()
	periods(t, []string{"registration_hours: 5"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		w.fine(w.Citizens.Register(w.Context(), w.tenant, quirin, locale.DE, "192.0.2.1"))
		w.send()
		w.ends("registration", w.Clock.Now().Add(keep(privacy.Registration)), "SELECT COUNT(*) FROM account_pending")
	})
}

// The address of a login goes before the login, and both for citizens and staff;
// where the login is kept shorter, with it.
func TestLogins(t *testing.T) {
	t.Parallel()
	periods(t, []string{"login_days: 2", "login_address_days: 5"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		w.register("quirin@example.org")
		w.hire("erna")
		w.send()
		w.exec("DELETE FROM session")
		begin := w.Clock.Now()
		if n := w.count("SELECT COUNT(*) FROM login l JOIN login_address a ON a.login_id = l.id"); n != 2 {
			w.Fatalf("%d logins are recorded", n)
		}
		if keep(privacy.LoginAddress) < keep(privacy.Login) {
			w.ends("address", begin.Add(keep(privacy.LoginAddress)), "SELECT COUNT(*) FROM login_address")
		}
		w.at(begin.Add(keep(privacy.Login) - time.Second)) // the mails are gone by then
		w.ends("login", begin.Add(keep(privacy.Login)), "SELECT (SELECT COUNT(*) FROM login) + (SELECT COUNT(*) FROM login_address)")
		w.wipe()
	})
}

// An account is announced to end when nobody has used it for its period, and ends a
// month later, unless somebody uses it meanwhile. A longer period counts at once.
func TestUnusedAccount(t *testing.T) {
	t.Parallel()
	periods(t, []string{"account_days: 100"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		w.register("quirin@example.org")
		other := w.register("walburga@example.org")
		used := w.Clock.Now()
		announced := func() int { return w.count("SELECT COUNT(*) FROM account WHERE announced IS NOT NULL") }
		w.at(used.Add(keep(privacy.Account) - time.Second))
		if announced() != 0 {
			w.Error("announced too early")
		}
		w.at(used.Add(keep(privacy.Account)))
		if announced() != 2 {
			w.Errorf("%d announced", announced())
		}
		at := w.Clock.Now()
		w.fine(other.login("walburga@example.org"))
		if w.line("account").Soon != 0 {
			w.Error("the end is not so soon")
		}
		w.at(at.Add(account.Notice - time.Second))
		if w.count("SELECT COUNT(*) FROM account") != 2 || w.line("account").Soon != 1 || w.line("account").Due != 0 {
			w.Error("the account went before its time")
		}
		w.rules("account_days: 3000")
		w.at(at.Add(account.Notice + 2*days))
		if l := w.line("account"); l.Due != 0 || l.Overdue != 0 || w.count("SELECT COUNT(*) FROM account") != 2 {
			w.Errorf("with a longer period it is due: %+v", l)
		}
		w.rules("account_days: 100")
		w.run()
		if w.count("SELECT COUNT(*) FROM account") != 1 || w.count("SELECT COUNT(*) FROM account WHERE announced IS NULL") != 1 {
			w.Error("not the one that nobody used went")
		}
		if n := w.line("account").Deleted; n != 1 {
			w.Errorf("%d counted", n)
		}
		w.wipe()
	})
}

// Evidence of consent stays as long as the consent, and from its withdrawal for
// its period: also when the account goes.
func TestConsent(t *testing.T) {
	t.Parallel()
	periods(t, []string{"consent_days: 400", "account_days: 3650"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		b := w.register("quirin@example.org")
		w.fine(w.Citizens.Give(w.Context(), b.visit(), account.RemindByMail, locale.DE))
		given := w.Clock.Now()
		w.at(given.Add(300 * days))
		if w.count("SELECT COUNT(*) FROM consent") != 1 {
			w.Error("a consent that was not withdrawn is gone")
		}
		w.fine(b.login("quirin@example.org"))
		w.fine(b.prove())
		w.fine(w.Citizens.Delete(w.Context(), b.visit()))
		w.send()
		withdrawn := w.Clock.Now()
		w.at(withdrawn.Add(keep(privacy.Consent) - time.Second)) // all else is gone by then
		w.ends("consent", withdrawn.Add(keep(privacy.Consent)), "SELECT COUNT(*) FROM consent")
		w.wipe()
	})
}

func TestSession(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		store := session.Store{DB: w.DB}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return store.Replace(ctx, tx, w.tenant, "", seal.NewSecret(), session.Data{})
		})
		w.ends("session", w.Clock.Now().Add(privacy.SessionHours*time.Hour), "SELECT COUNT(*) FROM session")
		if w.line("session").Deleted != 1 {
			t.Error("it is not counted")
		}
	})
}

// The audit goes with the persons that an entry is also about.
func TestAudit(t *testing.T) {
	t.Parallel()
	periods(t, []string{"audit_days: 40"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return audit.Append(ctx, tx, audit.Entry{TenantID: w.tenant, Actor: audit.Actor{Kind: audit.System}, Action: "person.searched"}, "a", "b")
		})
		w.ends("audit", w.Clock.Now().Add(keep(privacy.Audit)), "SELECT (SELECT COUNT(*) FROM audit) + (SELECT COUNT(*) FROM audit_also)")
	})
}

// Who no longer works here goes with all that hangs on the account. Who was let in
// again stays.
func TestStaff(t *testing.T) {
	t.Parallel()
	periods(t, []string{"staff_days: 60"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		gone, back := w.hire("erna", "nord"), w.hire("ernst")
		w.send()
		by := staff.CommandLine(w.tenant)
		disable := func(id string) {
			w.Helper()
			a, err := w.Accounts.Account(w.Context(), by, id)
			w.fine(err)
			w.fine(w.Accounts.Disable(w.Context(), by, id, a.Version))
		}
		disable(gone.ID)
		disable(back.ID)
		w.exec("INSERT INTO passkey (id, owner_id, created, used, sealed) VALUES ($1, $2, 1, 0, $1)", []byte(gone.ID), gone.ID)
		since := w.Clock.Now()
		w.Clock.Advance(time.Hour)
		a, err := w.Accounts.Account(w.Context(), by, back.ID)
		w.fine(err)
		w.fine(w.Accounts.Enable(w.Context(), by, back.ID, a.Version))
		w.exec("DELETE FROM login_address")
		w.exec("DELETE FROM login")
		w.exec("DELETE FROM audit")
		hanging := `SELECT (SELECT COUNT(*) FROM staff WHERE id = $1) + (SELECT COUNT(*) FROM credential WHERE owner_id = $1)
			+ (SELECT COUNT(*) FROM passkey WHERE owner_id = $1) + (SELECT COUNT(*) FROM staff_location WHERE staff_id = $1)
			+ (SELECT COUNT(*) FROM message WHERE staff_id = $1) + (SELECT COUNT(*) FROM session WHERE staff_id = $1)`
		w.at(since.Add(keep(privacy.Staff) - time.Second)) // what is kept shorter
		w.exec("DELETE FROM passkey")                      // which opens with no key
		w.clean()
		w.exec("INSERT INTO passkey (id, owner_id, created, used, sealed) VALUES ($1, $2, 1, 0, $1)", []byte(gone.ID), gone.ID)
		w.ends("staff", since.Add(keep(privacy.Staff)), hanging, gone.ID)
		if w.count(hanging, back.ID) < 2 {
			w.Error("who was let in again is gone, too")
		}
		w.exec("DELETE FROM credential")
		w.exec("DELETE FROM staff")
	})
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	periods(t, []string{"access_log_days: 2", "access_address_hours: 3"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		w.Deletion.Logs.Write(w.tenant, accesslog.Visit{Address: netip.MustParseAddr("203.0.113.77"), Request: "GET /de/", Status: 200})
		hour := w.Clock.Now().Truncate(time.Hour)
		content := func() string {
			w.Helper()
			files, err := filepath.Glob(filepath.Join(w.folder, "access-log", w.tenant, "*"))
			w.fine(err)
			all := ""
			for _, f := range files {
				b, err := os.ReadFile(f)
				w.fine(err)
				all += string(b)
			}
			return all
		}
		w.at(hour.Add(keep(privacy.AccessAddress) - time.Second))
		if !strings.Contains(content(), `"203.0.113.77"`) {
			w.Error("the address is shortened before its time")
		}
		w.at(hour.Add(keep(privacy.AccessAddress)))
		if c := content(); strings.Contains(c, "113.77") || !strings.Contains(c, `"203.0.113.0"`) {
			w.Errorf("the address is not shortened: %s", c)
		}
		before := w.line("access_log").Deleted
		w.at(hour.Add(keep(privacy.AccessLog) - time.Second))
		if content() == "" || w.line("access_log").Due != 0 {
			w.Error("the log is gone before its time")
		}
		w.Clock.Advance(time.Second)
		if w.line("access_log").Due != 1 {
			w.Error("it is not due")
		}
		w.run()
		if c := content(); c != "" || w.line("access_log").Deleted != before+1 {
			w.Errorf("left is %q", c)
		}
	})
}

// The counts of deletions go, too, and not those of another tenant that keeps them
// for longer.
func TestDeletionCounts(t *testing.T) {
	t.Parallel()
	periods(t, []string{"deletion_days: 400"}, func(w *town, keep func(*privacy.Class) time.Duration) {
		village := w.village("deletion_days: 3650")
		today := w.Clock.Now().Unix() / 86400
		for _, tenant := range []string{w.tenant, village} {
			w.exec("INSERT INTO deletion (tenant_id, day, class, amount) VALUES ($1, $2, 'hold', 7), ($1, $2, 'login', 8)", tenant, today)
		}
		w.ends("counts", time.Unix(today*86400, 0).Add(keep(privacy.Deletion)), "SELECT COUNT(*) FROM deletion WHERE tenant_id = $1 AND day = $2", w.tenant, today)
		if n := w.count("SELECT COUNT(*) FROM deletion WHERE tenant_id = $1 AND day = $2", village, today); n != 2 {
			w.Errorf("%d counts of the village are left", n)
		}
		w.exec("DELETE FROM deletion")
	})
}

// hire makes an account of somebody who works here and has logged in once.
func (w *town) hire(name string, places ...string) *staff.Member {
	w.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error { return office.SetSecondFactor(ctx, tx, w.tenant, false) })
	n := staff.NewAccount{Email: name + "@example.org", Name: name, Role: staff.Clerk, Everywhere: len(places) == 0, Lang: locale.DE}
	cat, err := w.Bookings.Catalogue(w.Context(), w.tenant)
	w.fine(err)
	for _, key := range places {
		l, _ := cat.Location(key)
		n.Locations = append(n.Locations, l.ID)
	}
	_, err = w.Accounts.Invite(w.Context(), staff.CommandLine(w.tenant), n)
	w.fine(err)
	w.send()
	b := &browser{town: w}
	w.fine(w.Accounts.Accept(w.Context(), b.visit(), w.secret(n.Email, "/desk/invitation/"), password))
	_, err = w.Accounts.Login(w.Context(), b.visit(), n.Email, password)
	w.fine(err)
	a, err := w.Accounts.Find(w.Context(), staff.CommandLine(w.tenant), n.Email)
	w.fine(err)
	return &a.Member
}

// browser is somebody's browser with one cookie.
type browser struct {
	*town
	cookie seal.Secret
}

func (b *browser) visit() credential.Visit {
	b.Helper()
	store := session.Store{DB: b.DB}
	d, _, err := store.Load(b.Context(), b.tenant, b.cookie)
	b.fine(err)
	return credential.Visit{TenantID: b.tenant, Session: d, Network: "192.0.2.1", Address: "192.0.2.1",
		Remember: func(ctx context.Context, tx *db.Tx, d session.Data) error {
			old := b.cookie
			b.cookie = seal.NewSecret()
			return store.Replace(ctx, tx, b.tenant, old, b.cookie, d)
		}}
}

func (b *browser) login(email string) error {
	b.Helper()
	_, err := b.Citizens.Login(b.Context(), b.visit(), email, password)
	return err
}

func (b *browser) prove() error {
	b.Helper()
	return b.Citizens.Prove(b.Context(), b.visit(), password)
}

// register makes an account of a citizen, who is logged in.
func (w *town) register(email string) *browser {
	w.Helper()
	d := quirin
	d.Email = email
	w.fine(w.Citizens.Register(w.Context(), w.tenant, d, locale.DE, email))
	w.send()
	b := &browser{town: w}
	w.fine(w.Citizens.Complete(w.Context(), b.visit(), w.secret(email, "/account/confirm/"), password))
	return b
}

// secret is the one in the newest mail to an address, behind a path.
func (w *town) secret(to, path string) seal.Secret {
	w.Helper()
	for _, m := range w.mails.List() {
		if _, rest, ok := strings.Cut(m.Text, path); ok && m.To == to {
			return seal.Secret(strings.Fields(rest)[0])
		}
	}
	w.Fatalf("no mail with %s", path)
	return ""
}

// wipe takes away what has to do with accounts, for the next periods.
func (w *town) wipe() {
	w.Helper()
	for _, table := range []string{"login_address", "login", "consent", "account_pending", "session", "credential", "account", "message",
		"staff_location", "staff", "audit", "deletion"} {
		w.exec("DELETE FROM " + table)
	}
}

// village is another tenant of the same database.
func (w *town) village(rules string) string {
	w.Helper()
	own := w.tenant
	w.file(strings.NewReplacer("tenant: kleinstadt\n", "tenant: kleindorf\nretention: {"+rules+"}\n"))
	village := w.tenant
	w.tenant = own
	return village
}
