// SPDX-License-Identifier: EUPL-1.2

package rights_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/rights"
)

// unzip are the files of an archive by name.
func unzip(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(b)
	}
	return all
}

func zipped(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil || z.Close() != nil {
		t.Fatal("cannot pack")
	}
	return b.Bytes()
}

// An export of a guest and of an owner is what the schema says, and comes back.
func TestExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		owner, id := w.owner(quirin)
		v := w.book(quirin, true)
		e.Exec(t, "INSERT INTO account_appointment (appointment_id, account_id) VALUES ($1, $2)", v.ID, id)
		raw, err := rights.Schema()
		w.fine(err)
		var schema map[string]any
		w.fine(json.Unmarshal(raw, &schema))
		for name, by := range map[string]rights.Asker{"guest": w.opened(quirin.Email), "owner": owner} {
			for range 2 {
				file, err := w.Export(t.Context(), by, locale.DE)
				w.fine(err)
				all := unzip(t, file)
				var data any
				w.fine(json.Unmarshal([]byte(all["data.json"]), &data))
				for _, problem := range validate(schema, data, name) {
					t.Error(problem)
				}
				if !strings.HasPrefix(all["appointments.csv"], "\ufeffTermin;") || strings.Count(all["appointments.csv"], "\r\n") != 2 {
					t.Errorf("%s: the table is %q", name, all["appointments.csv"])
				}
				if strings.Count(all["appointments.ics"], "BEGIN:VEVENT") != 1 || !strings.Contains(all["appointments.ics"], "\r\nEND:VCALENDAR") {
					t.Errorf("%s: the calendar is %q", name, all["appointments.ics"])
				}
				got, err := rights.ReadImport(file)
				w.fine(err)
				want := quirin
				want.Email, want.Note = "", ""
				if got != want {
					t.Errorf("%s: another person came back", name)
				}
			}
		}
		var n int
		e.One(t, &n, "SELECT COUNT(*) FROM audit WHERE action = 'rights.exported'")
		if n != 4 {
			t.Errorf("%d exports are on record, not 4", n)
		}
	})
}

// An export without appointments has no calendar, which could not be empty.
func TestExportOfNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		by, _ := w.owner(resi)
		file, err := w.Export(t.Context(), by, locale.EN)
		w.fine(err)
		all := unzip(t, file)
		if _, there := all["appointments.ics"]; there || len(all) != 2 {
			t.Errorf("%d files", len(all))
		}
	})
}

// validate is as much of JSON Schema as ours uses.
func validate(schema map[string]any, v any, at string) []string {
	wrong := func(text string) []string { return []string{fmt.Sprintf("%s: %s", at, text)} }
	switch schema["type"] {
	case "object":
		m, ok := v.(map[string]any)
		if !ok {
			return wrong("no object")
		}
		properties := schema["properties"].(map[string]any)
		var list []string
		for _, name := range schema["required"].([]any) {
			if _, there := m[name.(string)]; !there {
				list = append(list, wrong(name.(string)+" is missing")...)
			}
		}
		for name, value := range m {
			one, known := properties[name].(map[string]any)
			if !known {
				list = append(list, wrong(name+" is not in the schema")...)
				continue
			}
			list = append(list, validate(one, value, at+"."+name)...)
		}
		return list
	case "array":
		items, ok := v.([]any)
		if !ok {
			return wrong("no array")
		}
		var list []string
		for i, item := range items {
			list = append(list, validate(schema["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return list
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrong("no boolean")
		}
	case "integer":
		if n, ok := v.(float64); !ok || n != float64(int(n)) {
			return wrong("no integer")
		}
	case "string":
		s, ok := v.(string)
		if !ok {
			return wrong("no string")
		}
		if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, any(s)) {
			return wrong(s + " is not one of those in the schema")
		}
		if _, err := time.Parse(time.RFC3339, s); schema["format"] == "date-time" && err != nil {
			return wrong("no instant")
		}
	default:
		return wrong("the schema says no type")
	}
	return nil
}

// The validator finds what is wrong, or the test above would prove nothing.
func TestValidatorRefuses(t *testing.T) {
	raw, err := rights.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	good := `{"format":"x","version":1,"made":"2026-09-01T08:00:00Z","town":"x","records":[],"closed":0}`
	for _, c := range []struct {
		old, new string
		wrong    bool
	}{{"", "", false}, {`"town":"x",`, "", true}, {`"closed":0`, `"closed":0.5`, true}, {`"closed":0`, `"closed":0,"more":1`, true},
		{"2026-09-01T08:00:00Z", "today", true}, {`"records":[]`, `"records":null`, true}, {`"records":[]`, `"records":[1]`, true}} {
		var v any
		if err := json.Unmarshal([]byte(strings.Replace(good, c.old, c.new, 1)), &v); err != nil {
			t.Fatal(err)
		}
		if got := len(validate(schema, v, "x")) > 0; got != c.wrong {
			t.Errorf("%q for %q: refused %v", c.new, c.old, got)
		}
	}
}

// Files that are none of ours get a clear answer, whatever is in them.
func TestHostileImport(t *testing.T) {
	honest := zipped(t, "data.json", []byte(`{"format":"vorzimmer-personal-data","version":1,"records":[{"contact":{"first_name":"Quirin"}}]}`))
	broken := bytes.Clone(honest)
	broken[40] ^= 0xff
	many := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range 200 {
			if _, err := z.Create(fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"no file":        {nil, "rights.import.broken"},
		"no ZIP":         {[]byte("Termin;Stand"), "rights.import.broken"},
		"cut":            {honest[:len(honest)-10], "rights.import.broken"},
		"changed":        {broken, "rights.import.broken"},
		"other file":     {zipped(t, "other.json", []byte("{}")), "rights.import.foreign"},
		"path":           {zipped(t, "../data.json", []byte("{}")), "rights.import.foreign"},
		"no JSON":        {zipped(t, "data.json", []byte("<html>")), "rights.import.foreign"},
		"other JSON":     {zipped(t, "data.json", []byte(`{"format":"other"}`)), "rights.import.foreign"},
		"other types":    {zipped(t, "data.json", []byte(`{"format":"vorzimmer-personal-data","version":1,"records":7}`)), "rights.import.foreign"},
		"newer":          {zipped(t, "data.json", []byte(`{"format":"vorzimmer-personal-data","version":2}`)), "rights.import.version"},
		"nobody":         {zipped(t, "data.json", []byte(`{"format":"vorzimmer-personal-data","version":1,"records":[]}`)), "rights.import.empty"},
		"bomb":           {zipped(t, "data.json", make([]byte, 40<<20)), "rights.import.large"},
		"large":          {make([]byte, rights.MaxImport+1), "rights.import.large"},
		"too many files": {many(), "rights.import.foreign"},
	} {
		_, err := rights.ReadImport(c.file)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Key != c.key {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if d, err := rights.ReadImport(honest); err != nil || d.FirstName != "Quirin" {
		t.Errorf("an honest file: %v", err)
	}
}

// No cell of a table is a formula.
func TestPlainCell(t *testing.T) {
	for in, want := range map[string]string{"": "", "Ausweis": "Ausweis", "=1+1": "'=1+1", "+49": "'+49", "-1": "'-1", "@SUM": "'@SUM", "\tx": "'\tx", "Ä": "Ä"} {
		if got := rights.PlainCell(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}
