// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
)

// marked is a form in which every field has a word that stands nowhere else.
func marked() url.Values {
	return url.Values{"first-name": {"Quaxilotl"}, "last-name": {"Wumbrafitz"}, "email": {"zibbelquarz@trompfel.example.org"},
		"phone": {"0171 3920084"}, "street": {"Schnurpselgasse 7"}, "postcode": {"98127"}, "city": {"Trallafingen"},
		"birth-date": {"17.05.1931"}, "note": {"Grimmelwatz bringt Pfnürkel mit"}}
}

// marks are the words, and what could be made of them.
var marks = []string{"quaxilotl", "wumbrafitz", "zibbelquarz", "trompfel", "73910846", "schnurpsel", "trallafingen",
	"17.05.1931", "1931-05-17", "grimmelwatz", "pfnürkel"}

// TestNothingInClear books with marked words and looks for them in everything
// that stays on disk.
func TestNothingInClear(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			var more []string
			database := ""
			if engine != "sqlite" {
				database = dbtest.Location(t, engine)
				more = []string{"--database", database}
			}
			p := startDemo(t, "", more...)
			v := newVisitor(t, p)
			b := v.book(marked(), 0, trade)
			mails := mailsTo(t, p, b.email, 1)
			unfinished := v.hold(v.starts(trade)[0], trade)
			v.seeOther(v.submit(v.page(unfinished), "form#details", marked(), unfinished+"/extend"))
			broken := marked()
			broken.Set("phone", "73910846 keine Nummer")
			if a := v.submit(v.page(unfinished), "form#details", broken, ""); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("status %d", a.Status)
			}
			v.get("/de/?q=Quaxilotl")
			v.seeOther(v.submit(v.page(b.manage+"/move"), "form#choose", url.Values{"start": {v.starts(trade)[4]}}, ""))

			secrets := []string{b.manage, unfinished, mails[0].link(t)}
			for i, s := range secrets {
				secrets[i] = s[strings.LastIndex(s, "/")+1:]
			}
			u, err := url.Parse(p.base)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range v.client.Jar.Cookies(u) {
				secrets = append(secrets, c.Value)
			}
			if len(secrets) != 4 {
				t.Fatalf("%d secrets, want 4", len(secrets))
			}
			kept := files(t, p.data)
			if engine != "sqlite" {
				kept["dump"] = dump(t, database)
			}
			p.stop(t) // writes what was still to be written
			for name, content := range files(t, p.data) {
				kept[name+" afterwards"] = content
			}
			kept["log"] = []byte(p.log.String() + p.out.String())
			absent(t, kept, secrets)
		})
	}
}

// absent looks for marks and secrets in everything, in every spelling.
func absent(t *testing.T, kept map[string][]byte, secrets []string) {
	t.Helper()
	public := 0 // a word that has to be there shows that the search finds something
	for name, content := range kept {
		lower := bytes.ToLower(content)
		public += bytes.Count(lower, []byte(trade))
		for _, mark := range append(marks, secrets...) {
			for _, form := range spellings(mark) {
				if bytes.Contains(lower, bytes.ToLower([]byte(form))) {
					t.Errorf("%s holds a marked word or a secret in clear, as %.4s…", name, form)
				}
			}
		}
	}
	if public == 0 {
		t.Error("not even the name of a service was found")
	}
}

// spellings are a word as it is, in hexadecimal, and in base64 at each of the
// three places where it can begin.
func spellings(word string) []string {
	all := []string{word, hex.EncodeToString([]byte(word)), url.QueryEscape(word)}
	for _, w := range []string{word, strings.ToUpper(word[:1]) + word[1:]} {
		all = append(all, hex.EncodeToString([]byte(w)))
		for skip := range 3 {
			coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", skip) + w))
			// The characters at both ends depend on the neighbours.
			all = append(all, coded[[]int{0, 2, 3}[skip]:len(coded)-1])
		}
	}
	return all
}

// files are those below a folder, except the key.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".key") {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			all[strings.TrimPrefix(path, dir)] = b
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// dump is a PostgreSQL database as text.
func dump(t *testing.T, database string) []byte {
	t.Helper()
	bin, err := dbtest.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	// The folder may hold no more than links to some of the programs.
	initdb, err := filepath.EvalSymlinks(filepath.Join(bin, "initdb"))
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	cmd := exec.Command(filepath.Join(filepath.Dir(initdb), "pg_dump"), "--dbname", database)
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v\n%s", err, &problems)
	}
	if !bytes.Contains(out, []byte("COPY public.person ")) {
		t.Fatal("the dump has no persons")
	}
	return out
}
