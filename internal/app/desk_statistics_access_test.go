// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"
)

// Officers see everything, administrators what they administer, others nothing.
func TestStatisticsForWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		v.fill()
		v.wantWritten()
		nord := v.login(v.hire(town, staff.Admin, "quirin", "nord"))
		page := nord.get(statisticsPage)
		nord.wantFigures(page, statistics.Asked, "Personalausweis beantragen 15", "Alle anderen Leistungen, jeweils unter 5", "Summe der gezeigten Zahlen 15")
		nord.wantFigures(page, statistics.Full, "Bürgerbüro Nord unter 5", "Summe der gezeigten Zahlen unter 5")
		if strings.Contains(page.Find("main").Text(), "Rathaus") || strings.Contains(nord.get(statisticsPage+".csv").body, "Rathaus") {
			t.Error("another location is shown")
		}
		officer := v.login(v.hire(town, staff.Officer, "frieda"))
		officer.wantFigures(officer.get(statisticsPage), statistics.Full, "Rathaus 10", "Bürgerbüro Nord unter 5", "Summe der gezeigten Zahlen 10")
		if n := officer.get(statisticsPage).Find(".desk-nav a[href='/de/desk/statistics'][aria-current]").Length(); n != 1 {
			t.Errorf("%d links in the bar", n)
		}
		clerk := v.login(v.hire(town, staff.Clerk, "zoe"))
		if clerk.get(today).Find(".desk-nav a[href*=statistics]").Length() > 0 {
			t.Error("a link that leads nowhere")
		}
		for _, path := range []string{statisticsPage, statisticsPage + ".csv"} {
			clerk.want(clerk.get(path), http.StatusForbidden)
			nord.want(nord.get(path+"?location=rathaus"), http.StatusForbidden)
			nord.want(nord.get(path+"?location=mond"), http.StatusNotFound)
			for _, months := range []string{"from=2026-10", "from=2021-08", "from=x", "until=2026-9", "until=2026-13", "from=2026-09&until=2026-08", "from=2026-09-01"} {
				a := officer.get(path + "?" + months)
				officer.want(a, http.StatusUnprocessableEntity)
				if path == statisticsPage && (a.Find("#errors a").Length() != 1 || a.Find("select[aria-invalid]").Length() != 1) {
					t.Errorf("%s: %s", months, a.Find("#errors").Text())
				}
			}
			officer.want(officer.get(path+"?from=2021-09&until=2026-09"), http.StatusOK)
		}
	})
}

// What an office calls its services and locations is no formula in a spreadsheet.
func TestStatisticsFileIsHarmless(t *testing.T) {
	v := newCounted(t, dbtest.New(t, "sqlite"))
	hostile := officetest.Town
	for from, to := range map[string]string{"de: Reisepass beantragen": `de: '=HYPERLINK("http://example.org";"Pass")'`,
		"de: Personalausweis beantragen": `de: "@SUM(A1)"`, "de: Rathaus": "de: -2+3 Rathaus", "de: Bürgerbüro Nord": `de: "+49"`} {
		hostile = bytes.ReplaceAll(hostile, []byte(from+","), []byte(to+","))
	}
	officetest.ImportFile(t, v.Env, v.key, hostile)
	v.secondFactor(false)
	b := v.login(v.hire(town, staff.Admin, "quirin"))
	v.fill()
	v.wantWritten()
	a := b.get(statisticsPage + ".csv")
	found := 0
	for _, line := range b.lines(a) {
		for _, cell := range line {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
				t.Errorf("a formula: %q", cell)
			}
			if strings.HasPrefix(cell, "'") {
				found++
			}
		}
	}
	if found != 10 {
		t.Errorf("%d cells were made harmless: %s", found, a.body)
	}
}
