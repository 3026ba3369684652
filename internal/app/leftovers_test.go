// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/staff"
)

// marked is a person whose every word stands nowhere else.
var marked = url.Values{"first-name": {"Quittenbert"}, "last-name": {"Zwetschgenmark"}, "email": {"zwetschgenmark@example.org"},
	"phone": {"030 23125 789"}, "street": {"Mispelpfad 77"}, "postcode": {"45739"}, "city": {"Hagebuttenstadt"}, "birth-date": {"03.02.1971"},
	"note": {"Schlehenfeuer vor der Tuer"}}

// marks are what must be left nowhere: what was typed, and by whom.
var marks = []string{"Quittenbert", "Zwetschgenmark", "zwetschgenmark", "2312578", "23125 789", "Mispelpfad", "Hagebuttenstadt", "1971-02-03",
	"03.02.1971", "Schlehenfeuer", "Sanddornvermerk", "holunderklerk", "vogelbeer", "Ebereschenhuerde", "127.0.0.1", "127.0.0.0"}

// leaver is a service whose logs and folders can be looked through.
type leaver struct {
	*visit
	said   lockedBuffer // what the program logged
	folder string       // access log and list of erasures
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func newLeaver(t *testing.T, e *dbtest.Env) *leaver {
	t.Helper()
	l := &leaver{visit: newOffice(t, e), folder: t.TempDir()}
	list, err := erasure.Open(filepath.Join(l.folder, "erasures"), e.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}
	l.tenants[town], l.base = base, base.String()
	l.service, err = app.NewService(app.Options{DB: e.DB, Key: l.key, Clock: e.Clock, Log: slog.New(slog.NewTextHandler(&l.said, nil)), Texts: texts,
		Tenants: l.tenants, Transport: l.mails, From: "termine@example.org", Limits: config.Defaults,
		AccessLog: filepath.Join(l.folder, "access-log"), Erasures: list, OperatorMail: "betrieb@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = l.service.Site
	server.Start()
	t.Cleanup(server.Close)
	return l
}

// After all periods are over nothing is left of anybody: in no table, no file, no
// dump, no search hash and no log.
func TestNothingIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		l := newLeaver(t, e)
		before := l.rows()
		l.live()
		traces := l.traces(before)
		if len(traces) < 80 {
			t.Fatalf("only %d traces: the test does not look", len(traces))
		}
		if missing := l.absent(traces); len(missing) > 0 {
			t.Fatalf("%d of %d traces are not found while they should be there, such as %q", len(missing), len(traces), missing[0])
		}
		l.age()
		for table, rows := range l.rows() {
			for row := range rows {
				if !before[table][row] {
					t.Errorf("left in table %s: %s", table, row)
				}
			}
		}
		l.lookThrough(traces)
		list, err := filepath.Glob(filepath.Join(l.folder, "erasures", "*.list"))
		if err != nil || len(list) != 0 {
			t.Errorf("the list of erasures has %q, %v", list, err)
		}
	})
}

// live does everything that leaves something about somebody.
func (l *leaver) live() {
	l.Helper()
	clerk := l.hire(town, staff.Admin, "holunderklerk")
	officer := l.hire(town, staff.Officer, "vogelbeer")
	at := l.login(clerk)

	bookMarked := func(v *visit) string {
		check := v.want(v.post(v.hold("ausweis"), marked), http.StatusSeeOther)
		return v.want(v.post(check, url.Values{}), http.StatusSeeOther)
	}
	bookMarked(l.visit) // as a guest, who verifies the mailbox, moves and cancels
	manage := link(l.T, l.send("zwetschgenmark@example.org"), `/de/appointment/[\w-]+`)
	l.want(l.get(manage), http.StatusOK)
	move := l.get(manage + "/move")
	start, _ := move.Find("button[name=start]").Last().Attr("value")
	l.want(l.post(manage+"/move", url.Values{"location": {"rathaus"}, "start": {start}}), http.StatusSeeOther)
	l.want(l.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
	l.want(l.post(l.hold("ausweis"), marked), http.StatusSeeOther) // typed and never booked
	l.send("zwetschgenmark@example.org")                           // or the mails about all this would come behind the next

	b := l.signUp(marked)
	b.want(b.post("/de/account/consents", url.Values{"purpose": {"remind_mail"}, "want": {"give"}}), http.StatusSeeOther)
	bookMarked(b)
	l.browser().post("/de/account/login", url.Values{"email": marked["email"], "password": {"falsch und lang genug"}})
	l.browser().post("/de/account/register", but(marked, "email", "hagebuttenstadt@example.org")) // never confirmed
	l.browser().post("/de/account/forgotten", url.Values{"email": marked["email"]})

	l.want(l.post("/de/accessibility/feedback", url.Values{"barrier": {"Ebereschenhuerde"}, "email": marked["email"]}), http.StatusSeeOther)

	person := l.first("SELECT person_id FROM appointment WHERE state = 'confirmed'")
	at.want(at.get("/de/desk/customers/"+person), http.StatusOK)
	at.want(at.post("/de/desk/customers/"+person+"/notes", url.Values{"desk-note": {"Sanddornvermerk"}}), http.StatusSeeOther)
	at.want(at.search("Zwetschgenmark"), http.StatusOK)
	at.want(at.get(today), http.StatusOK)
	o := l.login(officer)
	o.want(o.get("/de/desk/audit"), http.StatusOK)
	if _, err := l.service.Worker.Step(l.Context()); err != nil {
		l.Fatal(err)
	}
	// One mail cannot be sent and is given up.
	l.exec("UPDATE message SET state = 'failed', sent = NULL WHERE id = (SELECT MIN(id) FROM message WHERE recipient = 'citizen')")
	for _, m := range []*staff.Member{clerk, officer} {
		version := int64(l.count("SELECT version FROM staff WHERE id = $1", m.ID))
		if err := l.service.Accounts.Disable(l.Context(), staff.CommandLine(town), m.ID, version); err != nil {
			l.Fatal(err)
		}
	}
}

// age lets the time of everything pass, as it would: step by step, with the mails
// that are sent meanwhile.
func (l *leaver) age() {
	l.Helper()
	var steps []time.Duration
	for _, days := range []time.Duration{1, 31, 60, 700, 31, 15, 366, 1100, 366, 1100, 31} {
		steps = append(steps, days*24*time.Hour)
	}
	for range 16 { // the operator hears of leaps like those; these give no reason to
		steps = append(steps, 23*time.Hour)
	}
	for _, step := range steps {
		l.Clock.Advance(step)
		if err := l.service.Deletion.Run(l.Context()); err != nil {
			l.Fatal(err)
		}
		if _, err := l.service.Worker.Step(l.Context()); err != nil {
			l.Fatal(err)
		}
	}
}

// personal are the tables with something about somebody, by the register. Those of
// sums and of what the office publishes are none.
func personal() []privacy.Table {
	var list []privacy.Table
	for _, t := range privacy.Tables {
		for _, c := range t.Classes() {
			if c.Personal {
				list = append(list, t)
				break
			}
		}
	}
	return list
}

// rows are all rows of the personal tables, as text.
func (l *leaver) rows() map[string]map[string]bool {
	l.Helper()
	out := map[string]map[string]bool{}
	for _, t := range personal() {
		out[t.Name] = map[string]bool{}
		for _, row := range l.read(t) {
			out[t.Name][fmt.Sprintf("%q", row)] = true
		}
	}
	return out
}

// read are the rows of a table, each value as bytes.
func (l *leaver) read(t privacy.Table) [][][]byte {
	l.Helper()
	var list [][][]byte
	err := l.Env.DB.Read(l.Context(), func(tx *db.Tx) error {
		var names []string
		for name := range t.Columns {
			names = append(names, name)
		}
		var err error
		list, err = db.Collect(l.Context(), tx, func(scan db.Scan) ([][]byte, error) {
			values, dest := make([]any, len(names)), make([]any, len(names))
			for i := range dest {
				dest[i] = &values[i]
			}
			if err := scan(dest...); err != nil {
				return nil, err
			}
			row := make([][]byte, len(names))
			for i, v := range values {
				switch v := v.(type) {
				case nil:
				case []byte:
					row[i] = v
				default:
					row[i] = fmt.Append(nil, v)
				}
			}
			return row, nil
		}, "SELECT "+strings.Join(names, ", ")+" FROM "+t.Name)
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return list
}

// traces are the values that came into the personal tables since before: ids, keys,
// hashes, sealed texts. Short ones would be found anywhere.
func (l *leaver) traces(before map[string]map[string]bool) [][]byte {
	l.Helper()
	known := map[string]bool{}
	for _, rows := range before {
		for row := range rows {
			known[row] = true
		}
	}
	seen := map[string]bool{town: true, village: true}
	for _, t := range privacy.Tables { // what points to the office is no trace
		if t.Name == "location" || t.Name == "counter" || t.Name == "service" {
			for _, row := range l.read(t) {
				for _, v := range row {
					seen[string(v)] = true
				}
			}
		}
	}
	var list [][]byte
	for _, t := range personal() {
		for _, row := range l.read(t) {
			if known[fmt.Sprintf("%q", row)] {
				continue
			}
			for _, v := range row {
				if len(v) >= 8 && !seen[string(v)] && !digits(v) && !words(v) {
					seen[string(v)] = true
					list = append(list, v)
				}
			}
		}
	}
	return list
}

// digits and words are instants, states and the like, which say nothing by themselves.
func digits(v []byte) bool { return len(bytes.Trim(v, "0123456789")) == 0 }
func words(v []byte) bool  { return len(bytes.Trim(v, "abcdefghijklmnopqrstuvwxyz_., ")) == 0 }

// content is everything that the installation has written down.
func (l *leaver) content() map[string][]byte {
	l.Helper()
	l.said.mu.Lock()
	out := map[string][]byte{"log": bytes.Clone(l.said.Bytes())}
	l.said.mu.Unlock()
	if l.Env.DB.Engine() == "sqlite" {
		for _, name := range []string{l.Location, l.Location + "-wal"} {
			b, err := os.ReadFile(name)
			if err != nil {
				l.Fatal(err)
			}
			out[filepath.Base(name)] = b
		}
	} else {
		bin, err := dbtest.Binaries()
		if err != nil {
			l.Fatal(err)
		}
		dump, err := exec.CommandContext(l.Context(), filepath.Join(bin, "pg_dump"), l.Location).Output()
		if err != nil {
			l.Fatalf("pg_dump: %v", err)
		}
		out["dump"] = dump
	}
	err := filepath.WalkDir(l.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return out
}

// holds tells whether a content has a value, readable or as the dump writes bytes.
func holds(content, value []byte) bool {
	return bytes.Contains(content, value) || bytes.Contains(content, []byte(hex.EncodeToString(value)))
}

// absent are the traces that nothing has.
func (l *leaver) absent(traces [][]byte) [][]byte {
	l.Helper()
	if l.Env.DB.Engine() == "sqlite" {
		if done, err := l.Env.DB.Scrub(l.Context()); err != nil || !done { // long values lie in one piece in the file only
			l.Fatal(done, err)
		}
	}
	content := l.content()
	var list [][]byte
	for _, v := range traces {
		found := false
		for _, c := range content {
			found = found || holds(c, v[:min(len(v), 64)])
		}
		if !found {
			list = append(list, v)
		}
	}
	return list
}

// lookThrough reports what is left anywhere. The log may name rows by their ids,
// which lead nowhere any more.
func (l *leaver) lookThrough(traces [][]byte) {
	l.Helper()
	for name, content := range l.content() {
		for _, m := range marks {
			if holds(content, []byte(m)) {
				l.Errorf("%s still has %q", name, m)
			}
		}
		if name == "log" {
			continue
		}
		for _, v := range traces {
			if holds(content, v[:min(len(v), 64)]) {
				l.Errorf("%s still has %q", name, v)
			}
		}
	}
}
