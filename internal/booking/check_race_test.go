// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
)

// While people come and go, holds are given up, time runs out, mails are sent
// and hours change, no check ever finds anything wrong.
func TestCheckBesideTheService(t *testing.T) {
	const visitors, visits = 8, 15
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		w.exec("UPDATE tenant SET cooldown_minutes = 1, confirm_minutes = 2, max_extensions = 1, revision = revision + 1")
		w.confirmByMail()
		var service sync.WaitGroup
		for seed := range uint64(visitors) {
			v := &visitor{keyed: w, rand: rand.New(rand.NewPCG(seed, 1))}
			service.Go(func() {
				for range visits {
					v.visit()
				}
			})
		}
		over := make(chan struct{})
		go func() {
			service.Wait()
			close(over)
		}()
		checks := 0
		for running := true; running; checks++ {
			select {
			case <-over:
				running = false // and one check more
			default:
			}
			CheckClean(t, e.DB, w.kek)
		}
		t.Logf("%d checks", checks)
		for _, s := range []booking.State{booking.Held, booking.Unconfirmed, booking.Confirmed, booking.Cancelled, booking.Expired} {
			t.Logf("%d are %s", w.number("SELECT COUNT(*) FROM appointment WHERE state = $1", string(s)), s)
		}
		if w.number("SELECT COUNT(*) FROM appointment WHERE state = 'confirmed'") == 0 {
			t.Error("nobody got an appointment: the visitors do too little")
		}
	})
}

// visitor does what people do, in an order of its own.
type visitor struct {
	*keyed
	rand *rand.Rand
}

// fine lets pass what visitors may be told.
func (v *visitor) fine(err error) bool {
	if err != nil && fault.Of(err) == fault.Internal {
		v.Error(err)
	}
	return err == nil
}

// start is one of few times, so that visitors meet.
func (v *visitor) start() int64 { return at(8+v.rand.IntN(3), 8+v.rand.IntN(3), 15*v.rand.IntN(4)) }

func (v *visitor) visit() {
	ctx := v.Context()
	service := []string{"meldung", "ausweis", "trauung"}[v.rand.IntN(3)]
	s, err := v.hold(service, v.start())
	if !v.fine(err) || v.rand.IntN(6) == 0 {
		v.pass() // some never come back
		return
	}
	_, err = v.SaveDetails(ctx, v.tenant, s, guest)
	v.fine(err)
	switch v.rand.IntN(8) {
	case 0:
		v.fine(v.Release(ctx, v.tenant, s, nil))
		return
	case 1:
		v.fine(v.Extend(ctx, v.tenant, s, nil))
	}
	v.pass()
	v.fine(v.Confirm(ctx, v.tenant, s, locale.DE))
	if v.rand.IntN(3) > 0 {
		v.follow()
	}
	for range v.rand.IntN(3) {
		v.fine(v.Move(ctx, v.tenant, s, []string{"", "nord"}[v.rand.IntN(2)], v.start()))
	}
	if v.rand.IntN(3) == 0 {
		v.fine(v.Cancel(ctx, v.tenant, s))
	}
	v.keepHouse()
}

// follow uses a link from somebody's mail.
func (v *visitor) follow() {
	var s seal.Secret
	select {
	case s = <-v.links:
	default:
		return
	}
	v.fine(v.Verify(v.Context(), v.tenant, s))
}

func (v *visitor) pass() { v.Clock.Advance(time.Duration(v.rand.IntN(20)) * time.Second) }

// keepHouse does what the service does by itself.
func (v *visitor) keepHouse() {
	switch v.rand.IntN(4) {
	case 0:
		_, err := v.Housekeep(v.Context())
		v.fine(err)
	case 1:
		_, err := v.worker.Step(v.Context())
		v.fine(err)
	case 2:
		v.fine(v.Env.DB.Write(v.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(v.Context(), "UPDATE tenant SET revision = revision + 1 WHERE id = $1", v.tenant)
			return err
		}))
	}
}

// busyClock shows the time, and then something happens.
type busyClock struct {
	*clock.Fake
	happen func()
}

func (c busyClock) Now() time.Time {
	now := c.Fake.Now()
	c.happen()
	return now
}

// Whenever Check has looked at the clock, time passes and a hold is lost to
// somebody else, before Check reads anything.
func TestCheckIsSlow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		w.mustHold("trauung", at(8, 10, 0))
		slow, err := db.Open(t.Context(), e.Location, busyClock{e.Clock, func() {
			w.Clock.Advance(10 * time.Minute)
			w.mustHold("trauung", at(8, 10, 0))
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close()
		CheckClean(t, slow, w.kek)
	})
}
