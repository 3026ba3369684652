// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
)

// texts are the program's own, so that tests expect a text by its key and
// leave its words to those who write them.
var texts = sync.OnceValues(locale.Load)

// sentence is a text in the visitor's language.
func (v *visitor) sentence(key string, args ...any) string {
	v.t.Helper()
	c, err := texts()
	if err != nil {
		v.t.Fatal(err)
	}
	s := c.Printer(locale.Lang(v.lang)).T(key, args...)
	if strings.Contains(s, key) {
		v.t.Fatalf("no text %s", key)
	}
	return oneLine(s)
}

// trace is what only a developer should read.
var trace = regexp.MustCompile(`goroutine \d|\.go:\d|runtime error|sql:|SQLSTATE|constraint|%!|‹|\{\{`)

// refused checks that an answer is a page that says what is wrong: with its
// status, in the visitor's language, and without anything from inside.
func (v *visitor) refused(a answer, status int, key string, args ...any) {
	v.t.Helper()
	if a.Status != status {
		v.t.Errorf("status %d, want %d: %.300s", a.Status, status, a.text())
		return
	}
	v.isPage(a)
	if want := v.sentence(key, args...); !strings.Contains(a.text(), want) {
		v.t.Errorf("the page does not say %q: %.300s", want, a.text())
	}
}

// isPage checks what every page has.
func (v *visitor) isPage(a answer) {
	v.t.Helper()
	if kind := a.Header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
		v.t.Errorf("content type %q", kind)
	}
	d := a.doc()
	if lang := d.Find("html").AttrOr("lang", ""); lang != v.lang {
		v.t.Errorf("language %q, want %q", lang, v.lang)
	}
	if d.Find("title").Text() == "" || d.Find("main h1").Length() != 1 {
		v.t.Error("no title or not one heading")
	}
	if m := trace.FindString(html.UnescapeString(a.Body)); m != "" {
		v.t.Errorf("the page shows %q", m)
	}
}

// inBoth runs a test for a German and for an English visitor.
func inBoth(t *testing.T, p *process, f func(t *testing.T, v *visitor)) {
	t.Helper()
	for _, newIn := range []func(testing.TB, *process) *visitor{newVisitor, newEnglish} {
		v := newIn(t, p)
		// Pages outside the languages' paths follow the browser.
		v.header.Set("Accept-Language", v.lang)
		t.Run(v.lang, func(t *testing.T) {
			v.t = t
			f(t, v)
		})
	}
}

// shown checks that a field of a page's form holds what was typed.
func shown(t *testing.T, a answer, field, value string) {
	t.Helper()
	s := a.one("[name=" + field + "]")
	got := s.AttrOr("value", "")
	if s.Is("textarea") {
		got = s.Text()
	}
	if got != value {
		t.Errorf("field %s holds %q, want %q", field, got, value)
	}
}

// runOut lets the time of all holds of a demonstration be over.
func runOut(t *testing.T, p *process) { older(t, p, 11*time.Minute) }

// older makes every hold older.
func older(t *testing.T, p *process, by time.Duration) {
	t.Helper()
	d, err := db.Open(t.Context(), p.data+"/vorzimmer.db", clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		for _, statement := range []string{
			"UPDATE claim SET until = until - $1 WHERE kind = 'hold'",
			"UPDATE appointment SET until = until - $1 WHERE state = 'held'",
		} {
			if _, err := tx.Exec(t.Context(), statement, int64(by.Seconds())); err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), "UPDATE revision SET n = n + 1") // as everybody does who changes a day
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// seeOther checks that an answer leads on and returns where to.
func (v *visitor) seeOther(a answer) string {
	v.t.Helper()
	if a.Status != http.StatusSeeOther {
		v.t.Fatalf("status %d, want 303: %.300s", a.Status, a.text())
	}
	return a.location()
}
