// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Closing shuts a location, or a counter of it, for hours or days.
type Closing struct {
	LocationID  string
	CounterID   string // empty: the whole location
	From, Until Moment // Until is not included
	Reason      locale.Text
}

// Moment is a wall-clock time: minutes after midnight of a date.
type Moment struct {
	Date   slot.Date
	Minute int
}

// Closed is a closing that is in force or to come.
type Closed struct {
	ID      string
	Closing                 // LocationID is empty where the whole tenant is closed
	Desk    bool            // was set at the desk, and can be reopened there
	Counter *office.Counter // nil: all of them
}

func (c Closing) time() slot.Closure {
	return slot.Closure{FromDate: c.From.Date, FromMinute: c.From.Minute, UntilDate: c.Until.Date, UntilMinute: c.Until.Minute}
}

// closable checks what somebody wants to close, and tidies it.
func (b *Bookings) closable(ctx context.Context, by *staff.Member, c *Closing) (*office.Location, error) {
	l, err := b.at(ctx, by, staff.Close, c.LocationID)
	if err != nil {
		return nil, err
	}
	if c.CounterID != "" {
		if k, ok := l.CounterByID(c.CounterID); !ok || !k.Staffed() {
			return nil, fault.New(fault.NotFound, "counter.unknown")
		}
	}
	if err := c.time().Validate(); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "closing.times")
	}
	if c.Until.Date.At(c.Until.Minute, l.Plan.Zone) <= b.DB.Now().Unix() {
		return nil, fault.New(fault.Invalid, "closing.past")
	}
	reason := locale.Text{}
	for lang, s := range c.Reason {
		if s = strings.TrimSpace(s); s != "" {
			reason[lang] = s
		}
		if ReasonProblem(s) != "" {
			return nil, fault.New(fault.Invalid, "closing.reason", "Max", MaxReason)
		}
	}
	c.Reason = reason
	return l, nil
}

// PreviewClosing lists who would be hit: those that are still to come or to be
// served. It changes nothing, asks for Close at the location, and answers NotFound
// "location.unknown" or "counter.unknown", and Invalid "closing.times",
// "closing.past" and "closing.reason" with Max. Who is shown is recorded.
func (b *Bookings) PreviewClosing(ctx context.Context, by *staff.Member, c Closing) ([]Entry, error) {
	l, err := b.closable(ctx, by, &c)
	if err != nil {
		return nil, err
	}
	var hit []Entry
	err = b.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if hit, err = b.hitBy(ctx, tx, by.TenantID, l, c); err != nil {
			return err
		}
		persons := map[string]bool{}
		for i := range hit {
			persons[hit[i].PersonID] = true
		}
		return audit.Append(ctx, tx, audit.Entry{TenantID: by.TenantID, Actor: by.Actor(), Action: actionPreview, LocationID: l.ID,
			SubjectID: c.CounterID, Detail: c.String()}, slices.Collect(maps.Keys(persons))...)
	})
	return hit, err
}

func (b *Bookings) hitBy(ctx context.Context, tx *db.Tx, tenantID string, l *office.Location, c Closing) ([]Entry, error) {
	from := firstTick(max(c.From.Date.At(c.From.Minute, l.Plan.Zone), tx.Unix()))
	until := firstTick(c.Until.Date.At(c.Until.Minute, l.Plan.Zone))
	return b.entries(ctx, tx, tenantID, `a.location_id = $2 AND a.start_tick > $3 AND a.start_tick + a.ticks > $4
		AND a.start_tick < $5 AND ($6 = '' OR a.counter_id = $6)
		AND (a.state IN ('confirmed', 'arrived') OR a.state = 'unconfirmed' AND a.until > $7)`,
		l.ID, from-longestDay, from, until, c.CounterID, tx.Unix())
}

// Hit stands for those whom a preview of a closing showed, and when they come. It
// is a few characters for each.
type Hit string

// HitOf stands for a list.
func HitOf(list []Entry) Hit {
	marks := []string{"shown"}
	for i := range list {
		marks = append(marks, list[i].mark())
	}
	return Hit(strings.Join(marks, "."))
}

// mark stands for an appointment and its time.
func (e *Entry) mark() string {
	sum := sha256.Sum256(fmt.Append(nil, e.ID, e.Start))
	return hex.EncodeToString(sum[:6])
}

// isNew tells whether there is somebody in a list whom the preview did not show.
// Who was served or went away meanwhile does not matter.
func (h Hit) isNew(list []Entry) bool {
	shown := strings.Split(string(h), ".")
	return slices.ContainsFunc(list, func(e Entry) bool { return !slices.Contains(shown, e.mark()) })
}

// Close shuts a location or a counter from now on, and returns the closing's id.
// Appointments stay as they are, marked as no longer fitting. It answers like
// PreviewClosing, and Conflict "closing.changed" when it hits somebody who was
// not shown; with an empty Hit it does not matter who is hit. The same
// closing once more is the one that there is. Imports of the tenant's file do not
// touch it.
func (b *Bookings) Close(ctx context.Context, by *staff.Member, c Closing, shown Hit) (string, error) {
	l, err := b.closable(ctx, by, &c)
	if err != nil {
		return "", err
	}
	var id string
	err = b.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		var added bool
		id, added, err = office.AddClosure(ctx, tx, office.Closure{TenantID: by.TenantID, LocationID: l.ID, CounterID: c.CounterID,
			Time: c.time(), Reason: c.Reason})
		if err != nil || !added {
			return err
		}
		if err := b.changeHours(ctx, tx, by, l, c, actionClosed, id); err != nil || shown == "" {
			return err
		}
		// Now that its days are locked nobody can come or go.
		hit, err := b.hitBy(ctx, tx, by.TenantID, l, c)
		if err == nil && shown.isNew(hit) {
			err = fault.New(fault.Conflict, "closing.changed")
		}
		return err
	})
	return id, err
}

// Reopen takes a closing of the desk back. It asks for Close at its location, and
// answers NotFound "closing.unknown" and, for one that came with the tenant's
// file, Conflict "closing.file".
func (b *Bookings) Reopen(ctx context.Context, by *staff.Member, id string) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := office.ClosureByID(ctx, tx, by.TenantID, id)
		if err != nil {
			return err
		}
		if err := by.May(staff.Close, old.LocationID); err != nil {
			return err
		}
		if !old.Desk {
			return fault.New(fault.Conflict, "closing.file")
		}
		cat, err := b.Offices.Catalogue(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		l, ok := cat.LocationByID(old.LocationID)
		if !ok {
			return fmt.Errorf("closure %s: no location %s", id, old.LocationID)
		}
		if err := office.RemoveClosure(ctx, tx, by.TenantID, id); err != nil {
			return err
		}
		return b.changeHours(ctx, tx, by, l, closingOf(old), actionReopened, id)
	})
}

// changeHours meets those who book on the days of a closing, as an import does,
// and records it. What lies beyond the horizon nobody can book.
func (b *Bookings) changeHours(ctx context.Context, tx *db.Tx, by *staff.Member, l *office.Location, c Closing, a audit.Action, id string) error {
	var furthest slot.Date
	err := tx.QueryRow(ctx, "SELECT COALESCE(MAX(day), 0) FROM revision WHERE location_id = $1", l.ID).Scan(&furthest)
	if err != nil {
		return fmt.Errorf("find last day of location %s: %w", l.ID, err)
	}
	var days []day
	for date := max(c.From.Date, today(l, tx)); date <= min(c.Until.Date, max(furthest, lastDay(l, tx.Now()))); date++ {
		days = append(days, day{l.ID, date})
	}
	if _, err := b.lockDays(ctx, tx, days...); err != nil {
		return err
	}
	tx.OnCommit(func() { b.live.tell(l.ID) })
	return audit.Append(ctx, tx, audit.Entry{TenantID: by.TenantID, Actor: by.Actor(), Action: a, LocationID: l.ID,
		SubjectID: id, Detail: c.String()})
}

// Closings lists what shuts a location or a part of it from today on, in the order
// of time. It asks for SeeDay there.
func (b *Bookings) Closings(ctx context.Context, by *staff.Member, locationID string) ([]Closed, error) {
	l, err := b.at(ctx, by, staff.SeeDay, locationID)
	if err != nil {
		return nil, err
	}
	var list []Closed
	err = b.DB.Look(ctx, func(tx *db.Tx) error {
		all, err := office.Closures(ctx, tx, by.TenantID, l.ID, today(l, tx))
		list = nil
		for _, c := range all {
			k, _ := l.CounterByID(c.CounterID)
			list = append(list, Closed{ID: c.ID, Closing: closingOf(c), Desk: c.Desk, Counter: k})
		}
		return err
	})
	return list, err
}

func closingOf(c office.Closure) Closing {
	return Closing{LocationID: c.LocationID, CounterID: c.CounterID, Reason: c.Reason,
		From: Moment{c.Time.FromDate, c.Time.FromMinute}, Until: Moment{c.Time.UntilDate, c.Time.UntilMinute}}
}

// String is the time of a closing, for the audit.
func (c Closing) String() string { return c.From.String() + " - " + c.Until.String() }

// String is the moment as 2006-01-02 15:04.
func (m Moment) String() string { return fmt.Sprintf("%s %02d:%02d", m.Date, m.Minute/60, m.Minute%60) }
