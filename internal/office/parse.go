// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on what a machine has installed
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"vorzimmer/internal/slot"
)

// maxFile is the size of the largest tenant file in bytes; hundreds of
// counters need less.
const maxFile = 4 << 20

// Parse reads a tenant file (YAML) and checks it completely. The error holds
// everything that is wrong, one line each in the order of the file, of the form
// "name:line: what is wrong: what to do". It is English and for the operator.
func Parse(name string, r io.Reader) (*File, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	rd := &reader{name: name, defined: map[string]map[string]int{}}
	root := rd.document(data)
	if root == nil {
		return nil, rd.err()
	}
	f := &File{}
	rd.object(root, "the file", func(o *object) { o.file(f) })
	rd.check()
	if err := rd.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// document is the top node of the only YAML document in data, or nil.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxFile {
		r.fail(1, "the file is larger than %d bytes: remove what does not belong there", maxFile)
		return nil
	}
	if line := badLine(data); line != 0 {
		r.fail(line, "the file is not plain UTF-8 text here: remove the character or save the file as UTF-8")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	err := decoder.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		r.fail(1, "the file is empty: begin with tenant:")
		return nil
	}
	if err == nil {
		var second yaml.Node
		err = decoder.Decode(&second)
		if err == nil {
			r.fail(second.Line, "a second document begins here: keep one tenant per file")
			return nil
		}
		if errors.Is(err, io.EOF) {
			return doc.Content[0]
		}
	}
	line, text := yamlError(err)
	r.fail(line, "this is not well-formed YAML, here or in what begins here: %s", text)
	return nil
}

// badLine is the first line with bytes that are no text; 0 if there is none.
func badLine(data []byte) int {
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && size == 1 || c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return bytes.Count(data[:i], []byte("\n")) + 1
		}
		i += size
	}
	return 0
}

var (
	yamlLine = regexp.MustCompile(`^line ([0-9]+): `)
	// The YAML package counts lines from 0 in these messages and from 1 in others.
	yamlFromZero = regexp.MustCompile(`^did not find expected (key|node content|'-'|',' or|<)`)
)

// yamlError takes the line out of a message of the YAML package, 1 if it names none.
func yamlError(err error) (int, string) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	m := yamlLine.FindStringSubmatch(text)
	if m == nil {
		return 1, text
	}
	line, err := strconv.Atoi(m[1])
	if err != nil {
		return 1, text
	}
	text = text[len(m[0]):]
	if yamlFromZero.MatchString(text) {
		line++
	}
	return line, text
}

func (o *object) file(f *File) {
	o.tenant(&f.Tenant)
	o.objects("holidays", optional, "a holiday", func(o *object) { f.Holidays = append(f.Holidays, o.holiday()) })
	o.objects("closures", optional, "a closure", func(o *object) { f.Closures = append(f.Closures, o.closure()) })
	o.objects("groups", required, "a group", func(o *object) {
		f.Groups = append(f.Groups, Group{Key: o.key("group"), Name: o.local("name", required)})
	})
	o.objects("services", required, "a service", func(o *object) { f.Services = append(f.Services, o.service()) })
	o.objects("locations", required, "a location", func(o *object) { f.Locations = append(f.Locations, o.location()) })
}

func (o *object) tenant(t *Tenant) {
	if v := o.get("tenant", required); v != nil {
		t.ID = o.r.slug(v, `"tenant"`)
	}
	t.Name = o.str("name", required)
	t.Land = o.oneOf("land", required, slot.Lands()...)
	t.Zone = o.zone()
	if v := o.get("controller", required); v != nil {
		o.r.object(v, "the controller", func(o *object) {
			t.Controller = Controller{
				Name: o.str("name", required), Street: o.str("street", required), Postcode: o.str("postcode", required),
				City: o.str("city", required), Phone: o.str("phone", required), Email: o.mail("email", required),
			}
		})
	}
	o.objects("processors", optional, "a processor", func(o *object) {
		t.Processors = append(t.Processors, Processor{
			Role: o.oneOf("role", required, "operator", "hosting", "sms"),
			Name: o.str("name", required), Address: o.str("address", required),
		})
	})
	t.SecondFactor = o.flagOr("second_factor", true)
	o.rules("booking", func(o *object) { t.Booking = o.booking() })
	o.rules("retention", func(o *object) { t.Retention = o.retention() })
	o.statements(&t.Statements)
}

// rules reads an object that may be missing, since each of its values has a
// standard.
func (o *object) rules(key string, read func(o *object)) {
	v := o.get(key, optional)
	if v == nil {
		v = &yaml.Node{Kind: yaml.MappingNode}
	}
	o.r.object(v, key, read)
}

func (o *object) zone() *time.Location {
	s := o.str("zone", required)
	if s == "" {
		return time.UTC
	}
	zone, err := time.LoadLocation(s)
	if err != nil || s == "Local" {
		o.r.fail(o.values["zone"].Line, "unknown zone %q: use a name such as Europe/Berlin", s)
		return time.UTC
	}
	return zone
}

func (o *object) booking() BookingRules {
	return BookingRules{
		Hold:                 minutes(o.numberOr("hold_minutes", 10, 1, 60)),
		MaxExtensions:        o.numberOr("max_extensions", 10, 0, 100),
		ConfirmEmail:         o.flag("confirm_email"),
		ConfirmWithin:        minutes(o.numberOr("confirm_minutes", 30, 5, 1440)),
		UnverifiedPerAddress: o.numberOr("unverified_per_address", 5, 1, 100),
		ActivePerPerson:      o.numberOr("active_per_person", 3, 1, 100),
		Cooldown:             minutes(o.numberOr("cooldown_minutes", 0, 0, 1440)),
	}
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
