// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"

	"github.com/PuerkitoBio/goquery"
)

const statisticsPage = "/de/desk/statistics"

// catalogue is that of a tenant.
func (v *visit) catalogue(tenant string) *office.Catalogue {
	v.Helper()
	cat, err := v.service.Bookings.Catalogue(v.Context(), tenant)
	if err != nil {
		v.Fatal(err)
	}
	return cat
}

// placeID and serviceID are ids by key; that of the empty key is empty.
func placeID(cat *office.Catalogue, key string) string {
	if l, ok := cat.Location(key); ok {
		return l.ID
	}
	return ""
}

func serviceID(cat *office.Catalogue, key string) string {
	if s, ok := cat.Service(key); ok {
		return s.ID
	}
	return key
}

// happened counts n of something in a month of 2026.
func (v *visit) happened(tenant string, month time.Month, place string, m statistics.Measure, part string, n int) {
	cat := v.catalogue(tenant)
	v.service.Counter.Add(statistics.Row{TenantID: tenant, Day: slot.DateOf(2026, month, 5), LocationID: placeID(cat, place),
		Measure: m, Part: serviceID(cat, part)}, n)
}

// figures are the rows of a measure and its sum, as a page shows them: "Rathaus 10".
func figures(page answer, m statistics.Measure) []string {
	figure := page.Find("#measure-" + string(m)).Closest("section")
	return figure.Find("tbody tr, tfoot tr").Map(func(_ int, r *goquery.Selection) string {
		return r.Find("th").Text() + " " + r.Find("td").Text()
	})
}

func (v *visit) wantFigures(page answer, m statistics.Measure, want ...string) {
	v.Helper()
	v.want(page, http.StatusOK)
	if got := figures(page, m); !slices.Equal(got, want) {
		v.Errorf("%s: %q, want %q", m, got, want)
	}
}

// lines are those of a CSV file, read as a spreadsheet would.
func (v *visit) lines(a answer) [][]string {
	v.Helper()
	v.want(a, http.StatusOK)
	text, ok := strings.CutPrefix(a.body, "\ufeff")
	if !ok || a.Header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" ||
		!strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; ") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		v.Errorf("no such file: %q, %v", a.body, a.Header)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	all, err := r.ReadAll()
	if err != nil {
		v.Fatal(err)
	}
	return all
}

// fill counts something of every measure, in two months.
func (v *visit) fill() {
	v.happened(town, time.September, "", statistics.Views, statistics.Services, 104)
	v.happened(town, time.September, "", statistics.Views, statistics.Times, 4)
	v.happened(town, time.September, "", statistics.Language, "en", 7)
	v.happened(town, time.September, "", statistics.Device, statistics.Phone, 99)
	v.happened(town, time.September, "rathaus", statistics.Full, "", 12)
	v.happened(town, time.August, "rathaus", statistics.Full, "", 3)
	v.happened(town, time.September, "rathaus", statistics.Asked, "pass", 8)
	v.happened(town, time.September, "nord", statistics.Asked, "ausweis", 17)
	v.happened(town, time.September, "rathaus", statistics.Asked, "ausweis", 6)
	v.happened(town, time.September, "rathaus", statistics.Asked, "trauung", 4)
	v.happened(town, time.September, "rathaus", statistics.Lead, "3-7", 50)
	v.happened(town, time.September, "rathaus", statistics.Cancelled, statistics.ByCitizen, 23)
	v.happened(town, time.September, "rathaus", statistics.Cancelled, statistics.ByOffice, 3)
	v.happened(town, time.August, "nord", statistics.Missed, "", 5)
	v.happened(village, time.September, "rathaus", statistics.Cancelled, statistics.ByOffice, 500)
}

// The page shows fives, and its sums are those of what it shows; the file has the
// same by month and location.
func TestStatisticsPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		b := v.login(v.hire(town, staff.Admin, "quirin"))
		v.fill()
		v.wantWritten()
		page := b.get(statisticsPage)
		b.wantFigures(page, statistics.Views, "Leistungen wählen 100", "Termin wählen unter 5", "Daten eingeben unter 5", "Prüfen unter 5", "Gebucht unter 5")
		b.wantFigures(page, statistics.Full, "Rathaus 10", "Bürgerbüro Nord unter 5", "Summe der gezeigten Zahlen 10")
		b.wantFigures(page, statistics.Asked, "Personalausweis beantragen 20", "Reisepass beantragen 5", "Alle anderen Leistungen, jeweils unter 5", "Summe der gezeigten Zahlen 25")
		b.wantFigures(page, statistics.Lead, "am selben Tag unter 5", "1 bis 2 Tage unter 5", "3 bis 7 Tage 50", "8 bis 14 Tage unter 5", "15 bis 30 Tage unter 5", "mehr als 30 Tage unter 5", "Summe der gezeigten Zahlen 50")
		b.wantFigures(page, statistics.Cancelled, "Bürgerinnen und Bürger 20", "Das Amt unter 5", "Summe der gezeigten Zahlen 20")
		b.wantFigures(page, statistics.Missed, "Rathaus unter 5", "Bürgerbüro Nord 5", "Summe der gezeigten Zahlen 5")
		b.wantFigures(page, statistics.Language, "Deutsch unter 5", "Englisch 5")
		b.wantFigures(page, statistics.Device, "Telefon 95", "Tablet unter 5", "Computer unter 5", "anderes oder unbekannt unter 5")

		english := b.get("/en/desk/statistics?from=2026-09&until=2026-09&location=nord")
		b.wantFigures(english, statistics.Asked, "Apply for an ID card 15", "All other services, each under 5", "Sum of the numbers shown 15")
		b.wantFigures(english, statistics.Missed, "Citizens' office North under 5", "Sum of the numbers shown under 5")
		b.wantFigures(english, statistics.Language, "German under 5", "English 5") // for all locations
		if got := english.Find("#location option[selected]").AttrOr("value", ""); got != "nord" {
			t.Errorf("%q is chosen", got)
		}

		file := b.lines(b.get(page.Find("a[download]").AttrOr("href", "")))
		want := [][]string{{"Monat", "Standort", "Was", "Teil", "Anzahl (auf Fünfer abgerundet)"},
			{"2026-08", "Bürgerbüro Nord", "Nicht erschienen", "", "5"},
			{"2026-09", "Alle Standorte", "Aufrufe der Seiten", "Leistungen wählen", "100"},
			{"2026-09", "Alle Standorte", "Geräte", "Telefon", "95"},
			{"2026-09", "Alle Standorte", "Sprachen", "Englisch", "5"},
			{"2026-09", "Bürgerbüro Nord", "Gebuchte Leistungen", "Personalausweis beantragen", "15"},
			{"2026-09", "Rathaus", "Abgesagte Termine", "Bürgerinnen und Bürger", "20"},
			{"2026-09", "Rathaus", "Gebuchte Leistungen", "Personalausweis beantragen", "5"},
			{"2026-09", "Rathaus", "Gebuchte Leistungen", "Reisepass beantragen", "5"},
			{"2026-09", "Rathaus", "Suchen ohne freien Termin", "", "10"},
			{"2026-09", "Rathaus", "Tage bis zum Termin", "3 bis 7 Tage", "50"}}
		slices.SortFunc(file[1:], slices.Compare)
		slices.SortFunc(want[1:], slices.Compare)
		if !slices.EqualFunc(file, want, slices.Equal) {
			t.Errorf("the file has %q", file)
		}
		if file := b.lines(b.get(statisticsPage + ".csv?from=2026-08&until=2026-08&location=rathaus")); len(file) != 1 {
			t.Errorf("the file has %q", file)
		}
	})
}

// wantWritten writes what was counted, and checks that something was.
func (v *visit) wantWritten() {
	v.Helper()
	if len(v.counted()) == 0 {
		v.Fatal("nothing was counted")
	}
}

// Whatever is asked for, pages and files are the same to the last character when
// the numbers differ by what rounding hides: there is nothing to compute them from.
func TestStatisticsHideSmallNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		b := v.login(v.hire(town, staff.Officer, "frieda"))
		look := func() string {
			var all strings.Builder
			v.wantWritten()
			for _, period := range []string{"", "from=2026-08&until=2026-08", "from=2026-09&until=2026-09", "from=2026-07&until=2026-09"} {
				for _, place := range []string{"", "rathaus", "nord"} {
					for _, path := range []string{statisticsPage, statisticsPage + ".csv"} {
						a := b.get(path + "?" + period + "&location=" + place)
						b.want(a, http.StatusOK)
						all.WriteString(a.body)
					}
				}
			}
			return all.String()
		}
		v.fill()
		before := look()
		v.happened(town, time.September, "", statistics.Views, statistics.Services, -4)
		v.happened(town, time.September, "", statistics.Views, statistics.Done, 3)
		v.happened(town, time.September, "", statistics.Device, statistics.Tablet, 4)
		v.happened(town, time.September, "", statistics.Device, statistics.Phone, -3)
		v.happened(town, time.September, "rathaus", statistics.Asked, "trauung", -3)
		v.happened(town, time.September, "nord", statistics.Asked, "meldung", 1)
		v.happened(town, time.September, "nord", statistics.Asked, "ausweis", 2)
		v.happened(town, time.August, "rathaus", statistics.Full, "", -2)
		v.happened(town, time.September, "rathaus", statistics.Cancelled, statistics.ByOffice, -2)
		v.happened(town, time.July, "nord", statistics.Missed, "", 4)
		if after := look(); after != before {
			t.Error("the pages tell more than fives")
		}
		v.happened(town, time.July, "nord", statistics.Missed, "", 1)
		if look() == before {
			t.Error("the fifth is not shown")
		}
	})
}
