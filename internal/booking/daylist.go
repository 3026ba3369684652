// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/paper"
	"vorzimmer/internal/slot"
)

const (
	// listAhead is how many days ahead a list may be: over long holidays it
	// waits, since most people have not booked yet.
	listAhead = 5
	// listLate is how long after its time a list is still sent, by a program
	// that did not run then.
	listLate = 12 * time.Hour
)

// SendDayLists leaves a mail to the office of each location of some tenants in
// the evening, with the list of the next day on which anybody works or comes: the
// office can go on when this program cannot be reached. Each list is sent once,
// also when several processes try. It returns how many it left. Whatever changes
// afterwards is told by the mails about single appointments.
func (b *Bookings) SendDayLists(ctx context.Context, tenants []string) (int, error) {
	n := 0
	var problems []error
	for _, tenantID := range tenants {
		cat, err := b.Catalogue(ctx, tenantID)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		for i := range cat.Locations {
			l := &cat.Locations[i]
			sent, err := b.sendDayList(ctx, cat, l)
			if err != nil {
				problems = append(problems, fmt.Errorf("list of location %s: %w", l.ID, err))
			}
			if sent {
				n++
			}
		}
	}
	if n > 0 {
		b.Wake()
	}
	return n, errors.Join(problems...)
}

// sendDayList leaves the list of a location if it is time and nobody has done so.
func (b *Bookings) sendDayList(ctx context.Context, cat *office.Catalogue, l *office.Location) (bool, error) {
	evening, ok := eveningOf(l, b.DB.Now())
	if !ok || b.listed.has(l.ID, evening) {
		return false, nil
	}
	var entries []Entry
	var date slot.Date
	var wanted bool
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if date, wanted, err = nextDay(ctx, tx, l, evening); err != nil || !wanted {
			return err
		}
		known := 0
		err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM message WHERE location_id = $1 AND day = $2", l.ID, int64(date)).Scan(&known)
		if err != nil || known > 0 {
			wanted = false
			b.listed.add(l.ID, evening)
			return err
		}
		from, until := date.Bounds(l.Plan.Zone)
		entries, err = b.between(ctx, tx, cat.Tenant.ID, l, firstTick(from), firstTick(until), expected)
		return err
	})
	if err != nil || !wanted {
		return false, err
	}
	m, err := b.dayMail(cat, l, date, entries)
	if err != nil {
		return false, err
	}
	sent, err := b.leaveDayList(ctx, cat.Tenant.ID, l, date, m)
	if err == nil {
		b.listed.add(l.ID, evening)
	}
	return sent, err
}

// expected is the condition that somebody is on the list.
const expected = "a.state NOT IN ('held', 'expired', 'cancelled')"

// eveningOf is the date whose evening it is: today when the time has come, or
// yesterday as long as a list is not too late.
func eveningOf(l *office.Location, now time.Time) (slot.Date, bool) {
	if l.Retired || l.DayListAt == office.NoDayList {
		return 0, false
	}
	evening := slot.DateIn(now.Unix(), l.Plan.Zone)
	if evening.At(l.DayListAt, l.Plan.Zone) > now.Unix() {
		evening--
	}
	at := time.Unix(evening.At(l.DayListAt, l.Plan.Zone), 0)
	return evening, now.Sub(at) < listLate
}

// nextDay is the next date on which a location is open, or on which somebody
// comes although it is not. It is false when there is none soon.
func nextDay(ctx context.Context, tx *db.Tx, l *office.Location, evening slot.Date) (slot.Date, bool, error) {
	from, _ := evening.AddDays(1).Bounds(l.Plan.Zone)
	_, until := evening.AddDays(listAhead).Bounds(l.Plan.Zone)
	first := int64(0)
	err := tx.QueryRow(ctx, `SELECT COALESCE(MIN(a.start_tick), 0) FROM appointment a
		WHERE a.location_id = $1 AND a.start_tick >= $2 AND a.start_tick < $3 AND `+expected,
		l.ID, firstTick(from), firstTick(until)).Scan(&first)
	if err != nil {
		return 0, false, fmt.Errorf("look who comes next: %w", err)
	}
	for n := 1; n <= listAhead; n++ {
		date := evening.AddDays(n)
		if _, end := date.Bounds(l.Plan.Zone); first != 0 && slot.Tick(first).Unix() < end || l.Plan.Day(date).Opens() {
			return date, true, nil
		}
	}
	return 0, false, nil
}

// dayMail writes the mail with its PDF file.
func (b *Bookings) dayMail(cat *office.Catalogue, l *office.Location, date slot.Date, entries []Entry) (message.Mail, error) {
	p := b.Texts.Printer(locale.DE)
	list := paper.Day{Place: l.Name.In(p.Lang()), Date: date.UTC(), AsOf: b.DB.Now().In(l.Plan.Zone)}
	var lines []string
	for i := range entries {
		row := entries[i].Line(p)
		list.Rows = append(list.Rows, row)
		lines = append(lines, strings.Join([]string{row.Time, row.Name, row.Reference, row.Services, row.Counter, row.State}, " · "))
	}
	file, err := paper.DrawDay(b.Font, p, list)
	if err != nil {
		return message.Mail{}, err
	}
	return message.Day(b.Texts, l.OfficeMail, message.DayFacts{Town: cat.Tenant.Name, Place: list.Place, Day: list.Date, AsOf: list.AsOf,
		Lines: lines, File: message.File{Name: "terminliste-" + l.Key + "-" + date.String() + ".pdf", Type: "application/pdf", Content: file}})
}

// leaveDayList stores the mail and records it, unless another process was
// quicker.
func (b *Bookings) leaveDayList(ctx context.Context, tenantID string, l *office.Location, date slot.Date, m message.Mail) (bool, error) {
	_, until := date.Bounds(l.Plan.Zone)
	var stored bool
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		key, err := b.Persons.ListKey(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		stored, err = message.EnqueueOnce(ctx, tx, message.Row{TenantID: tenantID, Recipient: message.ToOffice, Kind: message.DayList,
			Mail: m, Key: key, List: &message.List{LocationID: l.ID, Day: date, Until: until}})
		if err != nil || !stored {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{TenantID: tenantID, Actor: audit.Actor{Kind: audit.System}, Action: actionDayMailed,
			LocationID: l.ID, Detail: date.String(), FirstDay: date, LastDay: date})
	})
	return stored, err
}

// listed remembers the evening that is done at a location, so that nobody asks
// the database again. The zero value is ready; it is safe for concurrent use.
type listed struct {
	mu   sync.Mutex
	done map[string]slot.Date // by location
}

func (s *listed) has(locationID string, evening slot.Date) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	done, ok := s.done[locationID]
	return ok && done == evening
}

func (s *listed) add(locationID string, evening slot.Date) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = map[string]slot.Date{}
	}
	s.done[locationID] = evening
}
