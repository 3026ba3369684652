// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"

	"vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

type checkCommand struct {
	settings
}

// Run lists what is wrong in the database and what is only unfortunate. It
// fails if anything is wrong.
func (c *checkCommand) Run(e *env) error {
	_, d, key, err := c.open(e)
	if err != nil {
		return err
	}
	return errors.Join(check(e, d, key), d.Close())
}

func check(e *env, d *db.DB, key *seal.Key) error {
	p := e.printer()
	found := map[bool]int{} // by warning
	report := func(f booking.Finding) {
		found[f.Warning]++
		label := p.T("operator.check.wrong")
		if f.Warning {
			label = p.T("operator.check.warning")
		}
		fmt.Fprintf(e.out, "%s: %s: %s\n", label, f.Row, p.T(f.Key))
	}
	n, err := booking.Check(e.ctx, d, key, report)
	if err == nil {
		err = account.Check(e.ctx, d, key, func(f account.Finding) { report(booking.Finding{Key: f.Key, Row: f.Row}) })
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	fmt.Fprintln(e.out, p.T("operator.check.done", "Appointments", n.Appointments, "Claims", n.Claims,
		"Persons", n.Persons, "Messages", n.Messages, "Wrong", found[false], "Warnings", found[true]))
	if found[false] > 0 {
		return fault.New(fault.Conflict, "operator.check.failed", "N", found[false])
	}
	return nil
}
