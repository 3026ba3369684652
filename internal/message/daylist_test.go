// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"context"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// leave stores a list of a day, of use for 24 hours, and tells whether it was
// stored.
func (p *post) leave(t *testing.T, day slot.Date) bool {
	t.Helper()
	row := p.row("", message.ToOffice, message.DayList)
	row.PersonID = ""
	row.List = &message.List{LocationID: "l", Day: day, Until: p.Clock.Now().Add(24 * time.Hour).Unix()}
	var stored bool
	err := p.DB.Write(t.Context(), func(tx *db.Tx) error {
		var err error
		stored, err = message.EnqueueOnce(t.Context(), tx, row)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// lister is a worker that sends lists of the tenant.
func (p *post) lister(t *testing.T, to message.Transport) *message.Worker {
	w := p.worker(to)
	w.ListKey = func(_ context.Context, _ *db.Tx, tenantID string) (*seal.Key, error) {
		if tenantID != "t" {
			t.Errorf("asked for the key of %q", tenantID)
		}
		return p.key, nil
	}
	return w
}

// A list is stored once for each day, sent once, and gone then.
func TestListOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		for i, want := range []bool{true, false, true} {
			if p.leave(t, []slot.Date{1, 1, 2}[i]) != want {
				t.Errorf("list %d is stored: %t", i, !want)
			}
		}
		c := p.capture(t)
		w := p.lister(t, c)
		step(t, w, 2)
		step(t, w, 0)
		if p.leave(t, 1) {
			t.Error("stored again after it was sent")
		}
		for _, r := range p.rows(t) {
			if r.state != "sent" || r.sealed != nil {
				t.Errorf("%s, %d bytes left", r.state, len(r.sealed))
			}
		}
	})
}

// What could not be sent in its time is given up and emptied, whether it was
// tried or not. Without the key it waits.
func TestListTooLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		server := mailtest.Start(t, mailtest.StartTLS)
		server.Refuse(mailtest.DATA, 451, "later")
		w := p.lister(t, p.smtp(t, server.Config()))
		p.leave(t, 1)
		step(t, p.worker(p.capture(t)), 0)
		for range 40 {
			p.Clock.Advance(time.Hour)
			step(t, w, 0)
			r := p.rows(t)[0]
			over := p.Clock.Now().Sub(dbtest.Start) >= 24*time.Hour
			if over != (r.state == "failed") || over != (r.sealed == nil) {
				t.Fatalf("after %s: %s with %d bytes", p.Clock.Now().Sub(dbtest.Start), r.state, len(r.sealed))
			}
		}
		server.Refuse(mailtest.DATA, 0, "")
		p.leave(t, 2)
		p.Clock.Advance(24 * time.Hour)
		step(t, w, 0)
		if r := p.rows(t)[1]; r.state != "failed" || r.sealed != nil || len(server.Mails()) != 0 {
			t.Errorf("%s with %d bytes, %d mails", r.state, len(r.sealed), len(server.Mails()))
		}
	})
}
