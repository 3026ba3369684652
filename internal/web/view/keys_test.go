// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"vorzimmer/internal/locale"
)

const texts = "../../locale/text"

// readTexts reads the files of a language that match a pattern. A value is a
// string or the plural forms.
func readTexts(t *testing.T, pattern string) map[string]any {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(texts, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no texts %s: %v", pattern, err)
	}
	all := map[string]any{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		one := map[string]any{}
		if err := yaml.Unmarshal(b, &one); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, value := range one {
			if _, twice := all[key]; twice {
				t.Errorf("%s is defined twice, again in %s", key, filepath.Base(name))
			}
			all[key] = value
		}
	}
	return all
}

// sources is the text of all files below internal with one of the endings.
func sources(t *testing.T, endings ...string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !slices.Contains(endings, filepath.Ext(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		b.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEveryLanguageHasTheSameTexts(t *testing.T) {
	german := readTexts(t, "*.de.yaml")
	for _, lang := range locale.Langs {
		other := readTexts(t, "*."+string(lang)+".yaml")
		for key, value := range german {
			translated, ok := other[key]
			if !ok {
				t.Errorf("%s: %s is missing", lang, key)
				continue
			}
			if a, b := shape(value), shape(translated); a != b {
				t.Errorf("%s: %s has %s, German has %s", lang, key, b, a)
			}
		}
		for key := range other {
			if _, ok := german[key]; !ok {
				t.Errorf("%s: %s is not there in German", lang, key)
			}
		}
	}
}

// argument is a value that a text inserts.
var argument = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// shape is what has to be alike in every language: plural or not, and which
// values are inserted. German and English have the same plural forms (CLDR);
// a language with others needs its own list here.
func shape(value any) string {
	var names []string
	collect := func(s string) {
		for _, m := range argument.FindAllStringSubmatch(s, -1) {
			names = append(names, m[1])
		}
	}
	kind := "one form"
	switch v := value.(type) {
	case string:
		collect(v)
	case map[string]any:
		kind = "forms " + strings.Join(slices.Sorted(maps.Keys(v)), ", ")
		for _, s := range v {
			text, _ := s.(string)
			collect(text)
		}
	default:
		return "no text"
	}
	slices.Sort(names)
	return kind + " with " + strings.Join(slices.Compact(names), ", ")
}

func TestPluralFormsAreComplete(t *testing.T) {
	for _, lang := range locale.Langs {
		for key, value := range readTexts(t, "*."+string(lang)+".yaml") {
			forms, plural := value.(map[string]any)
			if plural && !slices.Equal(slices.Sorted(maps.Keys(forms)), []string{"one", "other"}) {
				t.Errorf("%s: %s has not the forms one and other", lang, key)
			}
		}
	}
}

// called finds the keys that templates ask for: t "key", n "key".
var called = regexp.MustCompile(`\b([tn]) "([^"]+)"`)

func TestTemplatesUseTextsThatExist(t *testing.T) {
	german := readTexts(t, "*.de.yaml")
	found := called.FindAllStringSubmatch(sources(t, ".html"), -1)
	if len(found) < 100 {
		t.Fatalf("only %d uses found", len(found))
	}
	for _, m := range found {
		value, ok := german[m[2]]
		if !ok {
			t.Errorf("%s does not exist", m[2])
			continue
		}
		if _, plural := value.(map[string]any); plural != (m[1] == "n") {
			t.Errorf("%s %q: plural forms and function do not fit", m[1], m[2])
		}
	}
}

// built are the beginnings of keys that code puts together from several parts.
var built = []string{
	"weekday.", "month.", // and the number of the day or month
	"mail.citizen.", "mail.office.", // and what happened, and a part of the mail
	"audit.",                // and an action
	"desk.statistics.part.", // and a measure, and a part of it
}

func TestNoTextIsUnused(t *testing.T) {
	all := sources(t, ".html", ".go")
	for key := range readTexts(t, "*.de.yaml") {
		if !used(all, key) && !slices.ContainsFunc(built, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// used looks for the quoted key, for the quoted beginning that code completes
// ("privacy.role.%s", "manage.title." + state), and for the ".text" to which an
// error page finds the ".title".
func used(all, key string) bool {
	if strings.Contains(all, `"`+key+`"`) {
		return true
	}
	if base, ok := strings.CutSuffix(key, ".title"); ok && strings.Contains(all, `"`+base+`.text"`) {
		return true
	}
	base := key[:strings.LastIndexByte(key, '.')+1]
	return strings.Contains(all, `"`+base+`"`) || strings.Contains(all, `"`+base+`%s"`)
}

// action finds what goes into the audit: each has to be a constant with its type.
var action = regexp.MustCompile(`audit\.Action\s*=\s*"([^"]+)"`)

func TestEveryActionInTheAuditHasAText(t *testing.T) {
	german := readTexts(t, "*.de.yaml")
	known := map[string]bool{}
	for _, m := range action.FindAllStringSubmatch(sources(t, ".go"), -1) {
		known["audit."+m[1]] = true
		if german["audit."+m[1]] == nil {
			t.Errorf("audit.%s is missing", m[1])
		}
	}
	if len(known) < 20 {
		t.Fatalf("only %d actions found", len(known))
	}
	for key := range german {
		if strings.HasPrefix(key, "audit.") && !known[key] {
			t.Errorf("%s: nothing of the kind is recorded", key)
		}
	}
}
