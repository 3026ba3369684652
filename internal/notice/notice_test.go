// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/document"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/session"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// german is what the notice says in German.
func (w *town) german(s *notice.Store, c *office.Catalogue) string {
	w.Helper()
	return text(w.T, s.Notice(c)[locale.DE])
}

// says checks what a text holds and what not.
func says(t *testing.T, what, text string, want []string, not ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(text, s) {
			t.Errorf("%s does not say %q", what, s)
		}
	}
	for _, s := range not {
		if strings.Contains(text, s) {
			t.Errorf("%s says %q", what, s)
		}
	}
}

// Each Land has its authority and its law.
func TestNoticeOfEachLand(t *testing.T) {
	w := newTown(t, dbtest.New(t, "sqlite"))
	if len(slot.Lands()) != 16 {
		t.Fatalf("%d Länder", len(slot.Lands()))
	}
	for _, code := range slot.Lands() {
		c := *w.catalogue()
		c.Tenant.Land = code
		land, ok := privacy.LandOf(c.Tenant.Land)
		if !ok {
			t.Fatalf("%s is in no table", code)
		}
		for _, l := range locale.Langs {
			d := w.store.Notice(&c)[l]
			if len(d.Sections) != 8 {
				t.Errorf("%s, %s: %d sections", code, l, len(d.Sections))
			}
			says(t, code, text(t, d), []string{land.Supervisor.Name, land.Supervisor.URL, land.Basis.Section})
		}
	}
}

// What the settings of a tenant and of the installation decide.
func TestNoticeFollowsTheSettings(t *testing.T) {
	w := newTown(t, dbtest.New(t, "sqlite"))
	secure := func(yes bool) func(string) bool { return func(string) bool { return yes } }
	all := w.german(w.program(notice.Options{AccessLog: true, Relay: "mail.example.org", Secure: secure(true)}), w.catalogue())
	says(t, "notice", all, []string{"mail.example.org", "Zugriffsprotokoll", session.Cookie.Secure, "Secure", "TLS", "keine SMS",
		"unter derselben Anschrift", "melden"})
	least := w.german(w.program(notice.Options{Secure: secure(false)}), w.catalogue())
	says(t, "notice", least, []string{"„" + session.Cookie.Plain + "“"}, "Zugriffsprotokoll", "mail.example.org", "TLS", "Secure")

	w.change("land: NW", "land: NW\nofficer: {name: Frau Beispiel, phone: 01234 / 99, email: ds@example.org}"+
		"\nlegal_bases: {use: {de: Art. 6 Beispiel, en: Art. 6 example}}\nretention: {sensitive_days: 5, login_address_days: 1}",
		"    combines: b\n    note:", "    combines: b\n    keep_days: 4\n    note:")
	c := w.catalogue()
	changed := w.german(w.store, c)
	says(t, "notice", changed, []string{"Frau Beispiel", "01234 / 99", "ds@example.org", "Art. 6 Beispiel", "5 Tage", "1 Tag", "Wohnsitz anmelden: 4 Tage"},
		"unter derselben Anschrift", "Personalausweis beantragen:")
	english := text(t, w.store.Notice(c)[locale.EN])
	says(t, "notice", english, []string{"Art. 6 example", "Register your address: 4 days", "1 day"})

	alone := *c
	alone.Tenant.Processors, alone.Tenant.SecondFactor = nil, false
	says(t, "notice", w.german(w.store, &alone), []string{"kann sich mit einem zweiten Faktor anmelden"}, "Art. 28", "SMS", "meldet sich mit einem zweiten")
}

// The periods of the notice are those by which data are deleted, each of them.
func TestPeriodsOfTheNotice(t *testing.T) {
	w := newTown(t, dbtest.New(t, "sqlite"))
	c := *w.catalogue()
	c.Tenant.Retention = privacy.Periods{}
	for i, class := range privacy.Classes {
		if class.Chosen() && class.Personal {
			c.Tenant.Retention[class.Key] = class.Min + 1 + i
		}
	}
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range locale.Langs {
		var rows [][]string
		for _, s := range w.store.Notice(&c)[l].Sections {
			if s.ID != "retention" {
				continue
			}
			for _, b := range s.Blocks {
				if b.Table != nil {
					rows = b.Table.Rows
				}
			}
		}
		p := texts.Printer(l)
		n := 0
		for _, class := range privacy.Classes {
			if class.Unit == 0 || !class.Personal {
				continue
			}
			name, period := p.T("privacy.class."+class.Key), p.N("notice.period."+class.UnitName(), c.Tenant.Retention.Amount(class))
			if n >= len(rows) || rows[n][0] != name || rows[n][1] != period {
				t.Fatalf("%s: row %d is not %s, %s: %v", l, n, name, period, rows)
			}
			n++
		}
		if n != len(rows) {
			t.Errorf("%s: %d rows, want %d", l, len(rows), n)
		}
	}
}

func TestRecordAndMeasures(t *testing.T) {
	w := newTown(t, dbtest.New(t, "sqlite"))
	c := w.catalogue()
	officer, clerk := &staff.Member{Role: staff.Officer}, &staff.Member{Role: staff.Clerk, Everywhere: true}
	store := w.program(notice.Options{AccessLog: true, Relay: "mail.example.org"})
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	type maker = func(*staff.Member, *office.Catalogue, locale.Lang) (document.Document, error)
	drawn := func(f maker, l locale.Lang) string {
		t.Helper()
		if _, err := f(clerk, c, l); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk gets it: %v", err)
		}
		d, err := f(officer, c, l)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, d)
		return text(t, d)
	}
	for _, l := range locale.Langs {
		p := texts.Printer(l)
		var want []string
		for _, a := range privacy.Activities {
			want = append(want, p.T("privacy.activity."+a.Key), p.T("privacy.purpose."+a.Key))
		}
		for _, class := range privacy.Classes {
			want = append(want, p.T("privacy.class."+class.Key))
		}
		for _, table := range privacy.Tables {
			want = append(want, table.Name)
		}
		want = append(want, "Stadt Kleinstadt", "Marktplatz 1", "Muster Software GmbH", "Muster Nachrichten GmbH", "mail.example.org",
			p.T("record.transfer.none"), p.T("notice.controller.officer_same"), "DSG NRW")
		says(t, "record", drawn(store.Record, l), want)
		want = nil
		for _, m := range privacy.Measures {
			if m.Only != privacy.MayHaveTwo {
				want = append(want, p.T("privacy.measure."+m.Key))
			}
		}
		says(t, "measures", drawn(store.Measures, l), want, p.T("privacy.measure.may_two"))
	}
	bare := w.program(notice.Options{})
	says(t, "record", drawn(bare.Record, locale.DE), []string{"Analyse und Verbesserung"}, "Mailserver")
}
