// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"text/tabwriter"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
)

// demoPassword is that of all accounts of the demonstration, which anybody on
// the machine may use.
const demoPassword = "gelbe-tuer-am-flur"

// demoStaff are invented people, one for each role.
var demoStaff = []staff.NewAccount{
	{Email: "empfang@example.org", Name: "Ella Eingang", Role: staff.FrontDesk, Everywhere: true},
	{Email: "sachbearbeitung@example.org", Name: "Siggi Schreibtisch", Role: staff.Clerk, Everywhere: true},
	{Email: "leitung@example.org", Name: "Lore Leitstern", Role: staff.Admin, Everywhere: true},
	{Email: "datenschutz@example.org", Name: "Dora Diskret", Role: staff.Officer},
	{Email: "betrieb@example.org", Name: "Bodo Betriebsam", Role: staff.Operator},
}

// hire makes the accounts that are not there yet, with one hash for all: this is
// what the first start would spend most of its time and memory on. A second factor is asked for
// only on request, so that the pages can be seen without a telephone.
func (c *demoCommand) hire(e *env, s *Service, d *db.DB) error {
	err := d.Write(e.ctx, func(tx *db.Tx) error { return office.SetSecondFactor(e.ctx, tx, demoTenant, c.SecondFactor) })
	if err != nil {
		return err
	}
	if err := s.Accounts.Furnish(e.ctx, staff.CommandLine(demoTenant), demoStaff, demoPassword); err != nil {
		return fmt.Errorf("make accounts of the demonstration: %w", err)
	}
	return nil
}

// named is the address of the demonstration with a name where there is one:
// browsers have no passkeys for numbers.
func named(l net.Listener, base *url.URL) string {
	if ip := l.Addr().(*net.TCPAddr).IP; ip.Equal(net.IPv4(127, 0, 0, 1)) || ip.Equal(net.IPv6loopback) {
		return base.Scheme + "://localhost:" + base.Port()
	}
	return base.String()
}

// printLogins says how to get in.
func printLogins(w io.Writer, base string) error {
	fmt.Fprintf(w, "  Work at the desk:     %s/de/desk\n\n  Password for all of these: %s\n", base, demoPassword)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, n := range demoStaff {
		fmt.Fprintf(t, "    %s\t%s\t%s\n", n.Email, n.Role, n.Name)
	}
	return t.Flush()
}
