// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// town is a test's database with the small town and what makes notices of it.
type town struct {
	*testing.T
	*dbtest.Env
	key     *seal.Key
	id      string
	offices *office.Store
	store   *notice.Store
}

func newTown(t *testing.T, e *dbtest.Env) *town {
	t.Helper()
	key, id := officetest.Import(t, e)
	w := &town{T: t, Env: e, key: key, id: id, offices: office.NewStore()}
	w.store = w.program(notice.Options{AccessLog: true})
	return w
}

// program is a process with settings of its own.
func (w *town) program(o notice.Options) *notice.Store {
	w.Helper()
	texts, err := locale.Load()
	if err != nil {
		w.Fatal(err)
	}
	if o.DB == nil {
		o.DB = w.DB
	}
	if o.Secure == nil {
		o.Secure = func(string) bool { return true }
	}
	o.Texts = texts
	return notice.New(o)
}

// change imports the town with some of its file replaced.
func (w *town) change(oldnew ...string) {
	w.Helper()
	officetest.ImportFile(w.T, w.Env, w.key, []byte(strings.NewReplacer(oldnew...).Replace(string(officetest.Town))))
}

func (w *town) catalogue() *office.Catalogue {
	w.Helper()
	c, err := w.offices.Newest(w.Context(), w.DB, w.id)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// version is the number of the notice that a process shows.
func (w *town) version(s *notice.Store) int {
	w.Helper()
	v, err := s.Current(w.Context(), w.catalogue())
	if err != nil {
		w.Fatal(err)
	}
	return v.Number
}

// stored is how many versions there are.
func (w *town) stored() int {
	w.Helper()
	list, err := w.store.Versions(w.Context(), w.id)
	if err != nil {
		w.Fatal(err)
	}
	return len(list)
}

// text is all that a document says, one line for each.
func text(t *testing.T, d document.Document) string {
	t.Helper()
	lines := []string{d.Title}
	for _, s := range d.Sections {
		lines = append(lines, s.Title)
		for _, b := range s.Blocks {
			lines = append(append(append(lines, b.Text), b.Lines...), b.List...)
			if b.Link != nil {
				lines = append(lines, b.Link.Text, b.Link.URL)
			}
			if b.Table != nil {
				lines = append(append(lines, b.Table.Caption), b.Table.Columns...)
				for _, row := range b.Table.Rows {
					if len(row) != len(b.Table.Columns) {
						t.Errorf("%s: a row has %d cells", b.Table.Caption, len(row))
					}
					lines = append(lines, row...)
				}
			}
		}
	}
	all := strings.Join(lines, "\n")
	for _, bad := range []string{"‹", "<no value>", "%!", "{{"} {
		if strings.Contains(all, bad) {
			t.Errorf("%s contains %q", d.Title, bad)
		}
	}
	return all
}

// roundTrip checks that nothing of a document is lost as JSON.
func roundTrip(t *testing.T, d document.Document) {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var again document.Document
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if text(t, again) != text(t, d) || again.Lang != d.Lang {
		t.Errorf("%s is not the same after JSON", d.Title)
	}
}

// open is the same database again, as another process sees it.
func (w *town) open() *db.DB {
	w.Helper()
	d, err := db.Open(context.Background(), w.Location, w.Clock)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := d.Close(); err != nil {
			w.Error(err)
		}
	})
	return d
}
