// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
)

// clockSkew is how far apart, in seconds, the clocks of several processes may
// be. What ends so close to now may have ended for another process, which then
// gave its ticks to somebody else.
const clockSkew = 60

// ownedClaim is a row of table claim.
type ownedClaim struct {
	owner, counter string
	tick           slot.Tick
	kind           kind
	until          int64
}

// checkClaims proves that every appointment that somebody counts on owns
// exactly its ticks, and that nothing else is in force.
func (b *batch) checkClaims(ctx context.Context) error {
	err := b.each(ctx, b.tx, "owner", `SELECT owner, counter_id, tick, kind, until FROM claim
		WHERE %s ORDER BY owner, counter_id, tick`, func(scan db.Scan) error {
		var cl ownedClaim
		if err := scan(&cl.owner, &cl.counter, &cl.tick, &cl.kind, &cl.until); err != nil {
			return err
		}
		b.counts.Claims++
		if a := b.byID[cl.owner]; a != nil {
			b.addClaim(a, cl)
		} else {
			b.wrong("owner", "claim", fmt.Sprintf("%s/%d", cl.counter, cl.tick))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read claims: %w", err)
	}
	for _, a := range b.list {
		if a.claimFault == "" && a.own < a.ticks && a.mustOwn(b.now) {
			a.claimFault = "claim_missing"
		}
		if a.claimFault != "" {
			b.wrong(a.claimFault, "appointment", a.id)
		}
	}
	return nil
}

// addClaim counts a claim of an appointment, or notes what is wrong with it.
func (b *batch) addClaim(a *checked, cl ownedClaim) {
	if cl.kind == kindCooldown || a.badState {
		return // left, and comes back by itself; or nobody can tell
	}
	k, until, active := a.terms()
	what := ""
	switch ranOut := until <= b.now; {
	case (!active || ranOut) && cl.until <= b.now:
		return // free, though the row is still there
	case !active:
		what = "claim_over"
	case ranOut:
		what = "claim_run_out"
	case cl.counter != a.counter:
		what = "claim_counter"
	case cl.tick < a.start || cl.tick >= a.start+slot.Tick(a.ticks):
		what = "claim_extra"
	case cl.kind != k || cl.until != until:
		what = "claim_kind"
	}
	if what == "" {
		a.own++
	} else if a.claimFault == "" {
		a.claimFault = what
	}
}

// terms are kind and end that the claims of an appointment have, or false if
// it has none.
func (a *checked) terms() (kind, int64, bool) {
	switch a.state {
	case Held:
		return kindHold, a.until, true
	case Unconfirmed:
		return kindAppointment, a.until, true
	case Confirmed, Arrived, Called, Served, NoShow:
		return kindAppointment, forever, true
	}
	return "", 0, false
}

// mustOwn tells whether an appointment surely has its ticks at an instant.
func (a *checked) mustOwn(now int64) bool {
	_, until, active := a.terms()
	return active && until > now+clockSkew
}
