// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/examples"
	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/app"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"

	"github.com/PuerkitoBio/goquery"
)

// exampleTown is the town whose notice the program was built to keep.
const exampleTown = "oer-erkenschwick"

// readers is a service of the example town as it runs behind https.
type readers struct {
	*testing.T
	*dbtest.Env
	service *app.Service
	site    http.Handler
	key     *seal.Key
}

func newReaders(t *testing.T, e *dbtest.Env) *readers {
	t.Helper()
	key := seal.NewKey()
	officetest.ImportFile(t, e, key, examples.OerErkenschwick)
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	s, err := app.NewService(app.Options{DB: e.DB, Key: key, Clock: e.Clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Texts: texts,
		Tenants:   map[string]*url.URL{exampleTown: {Scheme: "https", Host: "termine.example.org"}},
		Transport: mails, From: "termine@example.org", Limits: config.Defaults, AccessLog: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return &readers{T: t, Env: e, service: s, site: s.Site, key: key}
}

// read is a page, and where it leads.
func (r *readers) read(path, accept string, status int) (*goquery.Document, http.Header) {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), http.MethodGet, "https://termine.example.org"+path, nil)
	req.Header.Set("Accept-Language", accept)
	w := httptest.NewRecorder()
	r.site.ServeHTTP(w, req)
	if w.Code != status {
		r.Fatalf("%s: status %d, want %d", path, w.Code, status)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		r.Fatal(err)
	}
	return doc, w.Header()
}

// clause is a section of the notice with the facts that it has to tell.
type clause struct {
	id     string
	both   []string // in every language
	german []string
	more   []string // what ours promises beyond the printed one
}

// clauses are the eight sections of the notice that the town publishes, in its
// order.
var clauses = []clause{
	{"controller", []string{"Stadt Oer-Erkenschwick", "Rathausplatz 1", "45739 Oer-Erkenschwick", "02368 / 691-0", "rathaus@oer-erkenschwick.de"},
		[]string{"Verantwortlich", "Art. 4", "Datenschutz-Grundverordnung", "Dienst", "Anbieter"},
		[]string{"Datenschutzbeauftragte"}},
	{"purposes", nil,
		[]string{"Nutzung des Dienstes", "Art. 6 Abs. 1 S. 1 lit. b DSGVO", "Analyse der Nutzung", "Verbesserung", "Art. 6 Abs. 1 S. 1 lit. f DSGVO"},
		[]string{"Einwilligung, Art. 6 Abs. 1 Buchst. a DSGVO", "Do Not Track", "Profile bilden wir nicht"}},
	{"recipients", []string{"Bentjen Software GmbH, Hebelweg 8, 76275 Ettlingen",
		"Mittwald CM Service GmbH & Co.KG, Königsberger Str. 4 – 6, 32339 Espelkamp",
		"1&1 Internet SE, Elgendorfer Str. 57, 56410 Montabaur", "1blu AG, Stromstraße 1 – 5, 10555 Berlin",
		"LOX24 GmbH, Seestraße 109, 13353 Berlin", "Hosting"},
		[]string{"Betreiber des Dienstes", "SMS", "Vertrag über Datenschutz und Datensicherheit", "nicht an Dritte weiter", "ausdrücklich"},
		[]string{"keine SMS", "Art. 28 DSGVO", "nichts von fremden Servern"}},
	{"visit", []string{"GMT", "HTTP"},
		[]string{"nur umsehen", "IP-Adresse", "Datum und Uhrzeit", "Zeitzonendifferenz", "konkrete Seite", "Statuscode", "Datenmenge",
			"von der die Anforderung kommt", "Browser", "Betriebssystem", "Oberfläche", "Sprache und Version", "Cookie", "kleine Textdatei",
			"Viren", "Session-ID", "dienst-eigenes Cookie", "eindeutige Kennung", "Ende der Sitzung", "Einstellungen Ihres Browsers", "Hilfe"},
		[]string{"nach 7 Tagen", "nach 24 Stunden", "höchstens ein Cookie", "auch ohne das Cookie", "Arbeitsspeicher", session.Cookie.Secure, "HttpOnly"}},
	{"use", nil,
		[]string{"Anmeldedaten", "Vorname", "Nachname", "E-Mail-Adresse", "mobil", "Konto", "auf Dauer", "einzurichten, zu gestalten und zu ändern",
			"frei sind", "reservieren", "an uns übermittelt", "Anschrift", "Geburtsdatum", "freiwillig", "Kundendatenbank",
			"Bei jeder Anmeldung", "Zeitpunkt", "IP-Adresse", "technische Störungen", "Missbrauch", "aufzuklären oder zu verhindern",
			"automatisch eine E-Mail", "vollständiger Name", "Kontaktdaten", "gebuchten Leistungen"},
		[]string{"jeder Blick in die Daten", "Art der Anmeldung", "Erinnerungen", "widerrufen", "ohne den Dienst arbeiten"}},
	{"retention", nil,
		[]string{"nur so lange", "Gesetz", "Höchstfrist", "Zwecke", "löschen"},
		[]string{"30 Tage", "60 Minuten", "14 Tage", "48 Stunden", "730 Tage", "30 Tage später", "90 Tage", "7 Tage", "1095 Tage", "24 Stunden",
			"365 Tage", "ab dem Tag des Termins"}},
	{"rights", nil,
		[]string{"Auskunft", "Berichtigung", "Löschung", "Einschränkung", "Widerspruch", "Datenübertragbarkeit", "Aufsichtsbehörde", "beschweren"},
		[]string{"Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen", "Düsseldorf", "Art. 15", "Art. 77", "selbst ansehen"}},
	{"security", nil,
		[]string{"technischen Maßnahmen", "Stand der Technik", "auf dem Weg", "Fremde", "passen wir die Maßnahmen an"},
		[]string{"TLS", "AES-256-GCM", "Argon2id", "zweiten Faktor", "aufgezeichnet"}},
}

// english are those of the facts that differ in English.
var english = map[string][]string{
	"purposes":  {"Art. 6(1)(b) GDPR", "Art. 6(1)(f) GDPR"},
	"visit":     {"IP address", "after 7 days", "after 24 hours", "Session ID", "browser"},
	"use":       {"first name", "last name", "customer database", "full name", "technical faults and abuse", "voluntary"},
	"retention": {"30 days", "60 minutes", "48 hours", "1095 days"},
	"rights":    {"Access", "Rectification or erasure", "Restriction", "Objection", "portability", "supervisory authority"},
	"security":  {"state of the art", "TLS", "AES-256-GCM"},
}

// parts are the texts below the headings of a page, by id.
func parts(doc *goquery.Document) ([]string, map[string]*goquery.Selection) {
	var order []string
	found := map[string]*goquery.Selection{}
	doc.Find("main h2").Each(func(_ int, h *goquery.Selection) {
		order = append(order, h.AttrOr("id", ""))
		found[h.AttrOr("id", "")] = h.NextUntil("h2").AddSelection(h)
	})
	return order, found
}

// The page says what the town's printed notice says, clause by clause, and more.
func TestNoticeSaysWhatTheTownPublishes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		r := newReaders(t, e)
		for _, lang := range locale.Langs {
			doc, _ := r.read("/"+string(lang)+"/privacy", "", http.StatusOK)
			order, found := parts(doc)
			if len(order) != len(clauses) {
				t.Fatalf("%s: sections %v", lang, order)
			}
			for i, c := range clauses {
				facts := append([]string{}, c.both...)
				if lang == locale.DE {
					facts = append(append(facts, c.german...), c.more...)
				} else {
					facts = append(facts, english[c.id]...)
				}
				if order[i] != c.id || !strings.HasPrefix(found[c.id].Find("h2").AddSelection(found[c.id]).Filter("h2").Text(), string(rune('1'+i))+". ") {
					t.Errorf("%s: section %d is %s", lang, i+1, order[i])
				}
				text := strings.Join(strings.Fields(found[c.id].Text()), " ")
				for _, fact := range facts {
					if !strings.Contains(text, fact) {
						t.Errorf("%s, %s: %q is missing", lang, c.id, fact)
					}
				}
			}
			for i, want := range []string{"b", "f"} { // each purpose stands beside its own basis
				row := found["purposes"].Find("tbody tr").Eq(i).Text()
				if !strings.Contains(row, "lit. "+want+" ") && !strings.Contains(row, "(1)("+want+")") {
					t.Errorf("%s: the basis of a purpose is %q", lang, row)
				}
			}
			if n := found["visit"].Find("li").AddSelection(found["visit"].Filter("ul").Find("li")).Length(); n != 10 || n != len(accesslog.Fields()) {
				t.Errorf("%s: %d fields of the access log", lang, n)
			}
			cookie := found["visit"].Find("table")
			if cookie.Find("thead th").Length() != 5 || cookie.Find("tbody tr").Length() != 1 {
				t.Errorf("%s: the cookie is no row of five", lang)
			}
			if n := found["rights"].Filter("ul").Find("li").Length(); n != 5 {
				t.Errorf("%s: %d rights", lang, n)
			}
		}
	})
}
