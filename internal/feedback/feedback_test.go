// SPDX-License-Identifier: EUPL-1.2

package feedback_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/feedback"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var report = feedback.Report{Lang: locale.DE, Barrier: "Der Kalender spricht nicht.", Page: "Termin wählen", Email: "quirin@example.org"}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		typed feedback.Report
		wrong []string // field and key
	}{
		"complete":          {report, nil},
		"the least":         {feedback.Report{Barrier: "x"}, nil},
		"both contacts":     {feedback.Report{Barrier: "x", Email: "a@example.org", Phone: "030 23125123"}, nil},
		"nothing":           {feedback.Report{Barrier: " \r\n\t "}, []string{"barrier field.required"}},
		"longest":           {feedback.Report{Barrier: strings.Repeat("ä", feedback.MaxBarrier)}, nil},
		"too long":          {feedback.Report{Barrier: strings.Repeat("ä", feedback.MaxBarrier+1)}, []string{"barrier field.long"}},
		"long page":         {feedback.Report{Barrier: "x", Page: strings.Repeat("p", feedback.MaxPage+1)}, []string{"barrier-page field.long"}},
		"wrong contacts":    {feedback.Report{Barrier: "x", Email: "quirin@", Phone: "12"}, []string{"email field.email", "phone field.phone"}},
		"control character": {feedback.Report{Barrier: "a\x00b", Page: "\xff", Email: "a\r\nBcc: b@example.org"}, []string{"barrier field.control", "barrier-page field.control", "email field.control"}},
	} {
		_, fields := feedback.Check(c.typed)
		var got []string
		for _, f := range fields {
			got = append(got, f.Name+" "+f.Key)
		}
		if strings.Join(got, ", ") != strings.Join(c.wrong, ", ") {
			t.Errorf("%s: %q, want %q", name, got, c.wrong)
		}
	}
	tidy, _ := feedback.Check(feedback.Report{Barrier: "\r\n eins\u00a0 zwei \r\ndrei\t\n\n", Page: " Seite "})
	if tidy.Barrier != "eins zwei\ndrei" || tidy.Page != "Seite" {
		t.Errorf("tidied to %q, %q", tidy.Barrier, tidy.Page)
	}
}

// post is a box over the test town, and what it leads to.
type post struct {
	*testing.T
	*dbtest.Env
	box    *feedback.Box
	tenant string
	key    *seal.Key
	woken  int
}

func newPost(t *testing.T, e *dbtest.Env, town string) *post {
	t.Helper()
	p := &post{T: t, Env: e, key: seal.NewKey(), tenant: officetest.ImportFile(t, e, seal.NewKey(), []byte(town))}
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	p.box = &feedback.Box{DB: e.DB, Offices: office.NewStore(), Texts: texts, Wake: func() { p.woken++ },
		Key: func(context.Context, *db.Tx, string) (*seal.Key, error) { return p.key, nil }}
	return p
}

func (p *post) send(r feedback.Report) {
	p.Helper()
	if err := p.box.Post(p.Context(), p.tenant, r); err != nil {
		p.Fatal(err)
	}
}

// mails delivers what waits and returns all that was delivered, newest first.
func (p *post) mails(c *capture.Transport) []capture.Captured {
	p.Helper()
	w := message.NewWorker(p.DB, nil, c, slog.New(slog.DiscardHandler))
	w.AccountKey = p.box.Key
	if _, err := w.Step(p.Context()); err != nil {
		p.Fatal(err)
	}
	return c.List()
}

// The same report on a day is one mail, also when it is sent several times at once.
func TestPost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e, string(officetest.Town))
		var both sync.WaitGroup
		for range 4 {
			both.Go(func() {
				box := *p.box
				box.Wake = func() {}
				if err := box.Post(t.Context(), p.tenant, report); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		other := report
		other.Barrier = "Die Schrift ist zu klein."
		p.send(other)
		if p.woken != 1 {
			t.Errorf("woken %d times", p.woken)
		}
		var rows int
		e.One(t, &rows, "SELECT COUNT(*) FROM message WHERE recipient = 'controller' AND kind = 'feedback' AND sealed IS NOT NULL")
		if rows != 2 {
			t.Errorf("%d mails wait, want 2", rows)
		}
		e.Clock.Advance(24 * time.Hour)
		p.send(report)
		e.One(t, &rows, "SELECT COUNT(*) FROM message")
		if rows != 3 {
			t.Errorf("%d mails with that of the next day, want 3", rows)
		}
		if err := p.box.Post(t.Context(), "nowhere", report); fault.Of(err) != fault.NotFound {
			t.Errorf("for no tenant: %v", err)
		}
	})
}

// Whoever copies the address of a page may copy the secret in it, which is nobody's
// but theirs.
func TestSecretsStayBehind(t *testing.T) {
	p := newPost(t, dbtest.New(t, "sqlite"), strings.Replace(string(officetest.Town), "zone:", "accessibility: {email: zugang@example.org}\nzone:", 1))
	secret := seal.NewSecret().Reveal()
	r := report
	r.Page = "https://termine.example.org/de/appointment/" + secret + "/move"
	r.Barrier = "Auf /de/hold/" + secret + " geht nichts."
	p.send(r)
	c, err := capture.New(mime.Sender{Address: "termine@example.org"}, p.Clock)
	if err != nil {
		t.Fatal(err)
	}
	mails := p.mails(c)
	if len(mails) != 1 || mails[0].To != "zugang@example.org" {
		t.Fatalf("%d mails", len(mails))
	}
	if m := mails[0]; strings.Contains(string(m.Raw)+m.Text+m.HTML, secret) || !strings.Contains(m.Text, "/de/appointment/…/move") {
		t.Error("the mail has the secret, or lost more than that")
	}
}
