// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"vorzimmer/internal/clock"

	_ "time/tzdata" // zones must not depend on what a machine has installed
)

// The town's names in addresses and forms.
const (
	tenant  = "andrangstadt"
	host    = "termine.example.org"
	service = "ausweis"
	office  = "buergerbuero@example.org"
)

const (
	minutes    = 15 // of an appointment
	opens      = 8  // o'clock
	perCounter = 40 // a day of ten hours
	usual      = 10 // counters
)

// town is a town hall with an exact number of appointments, all on one day.
type town struct {
	file  string
	times map[string]int // start as in the forms -> how many counters are open then
}

// newTown makes a town whose appointments lie on a weekday in about a week, so
// that neither lead time nor horizon nor a change of clocks plays a part.
func newTown(slots int) (*town, error) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return nil, fmt.Errorf("zone of the town: %w", err)
	}
	day := clock.System{}.Now().In(zone).AddDate(0, 0, 7)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	first := time.Date(day.Year(), day.Month(), day.Day(), opens, 0, 0, 0, zone)
	t := &town{times: map[string]int{}}
	var b strings.Builder
	b.WriteString(townHead)
	counters := min(max(usual, (slots+perCounter-1)/perCounter), slots)
	for c := range counters {
		n := slots / counters
		if c < slots%counters {
			n++
		}
		for i := range n {
			at := first.Add(time.Duration(i*minutes) * time.Minute)
			t.times[strconv.FormatInt(at.Unix(), 10)]++
		}
		end := first.Add(time.Duration(n*minutes) * time.Minute)
		fmt.Fprintf(&b, townCounter, c+1, service, strings.ToLower(first.Weekday().String()[:2]),
			first.Format("15:04"), end.Format("15:04"), minutes, first.Format(time.DateOnly))
	}
	t.file = b.String()
	return t, nil
}

// settings are those of the operator: a proxy on this machine, whose header
// tells networks apart, and limits as they are unless changed.
func settings(o options, mailPort int) string {
	database := o.database
	if database == "" {
		database = "rush.db"
	}
	return fmt.Sprintf(`listen: 127.0.0.1:0
database: %q
tenants: {%s: {base_url: "http://%s"}}
mail: {host: 127.0.0.1, port: %d, from: termine@example.org, tls: none}
trusted_proxies: [127.0.0.1]
`, database, tenant, host, mailPort)
}

const townHead = `tenant: ` + tenant + `
name: Stadt Andrangstadt
land: NW
zone: Europe/Berlin
controller:
  name: Stadt Andrangstadt
  street: Marktplatz 1
  postcode: "12345"
  city: Andrangstadt
  phone: 030 / 23125-000
  email: rathaus@example.org
processors:
  - {role: operator, name: Muster Software GmbH, address: "Musterweg 1, 12345 Andrangstadt"}
booking:
  hold_minutes: 10
  max_extensions: 10
  confirm_email: false
  confirm_minutes: 30
  unverified_per_address: 5
  cooldown_minutes: 0
groups:
  - {key: meldewesen, name: {de: Ausweis und Wohnsitz, en: ID and residence}}
services:
  - key: ` + service + `
    name: {de: Personalausweis beantragen, en: Apply for an ID card}
    group: meldewesen
    common: true
    minutes: 15
    fee: {de: 46 Euro, en: 46 euros}
    bring:
      - {de: bisheriger Ausweis, en: your previous ID card}
      - {de: Code für das Lichtbild, en: the code for the photo}
locations:
  - key: rathaus
    name: {de: Rathaus, en: Town hall}
    street: Marktplatz 1
    postcode: "12345"
    city: Andrangstadt
    phone: 030 / 23125-000
    phone_hours: {de: Montag bis Freitag 8 bis 12 Uhr, en: Monday to Friday 8 am to 12 noon}
    directions: {de: Im Erdgeschoss links, en: "On the ground floor, to the left"}
    office_mail: ` + office + `
    lead_minutes: 60
    horizon_days: 28
    day_list: never
    counters:
`

// townCounter is open on one date only, also if that is a holiday.
const townCounter = `      - key: schalter-%[1]d
        name: {de: Schalter %[1]d, en: Counter %[1]d}
        services: [%[2]s]
        hours:
          - {days: [%[3]s], from: "%[4]s", to: "%[5]s", interval: %[6]d, valid_from: %[7]s, valid_until: %[7]s, on_holidays: true}
`
