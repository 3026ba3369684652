// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// details is what hangs on an appointment, and is read for all of a person at once.
type details struct {
	created, reminded int64 // unix seconds
	inAccount         bool
	links             []Link
	mails             []Mail
}

// more reads the details of a person's appointments by their ids.
func (c *collector) more(ctx context.Context, personID string) (map[string]*details, error) {
	all := map[string]*details{}
	_, err := db.Collect(ctx, c.tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var tick slot.Tick
		var in int
		d := &details{}
		err := scan(&id, &d.created, &tick, &in)
		if tick != 0 {
			d.reminded = tick.Unix()
		}
		d.inAccount = in > 0
		all[id] = d
		return struct{}{}, err
	}, `SELECT a.id, a.created, a.reminded, (SELECT COUNT(*) FROM account_appointment c WHERE c.appointment_id = a.id)
		FROM appointment a WHERE a.person_id = $1`, personID)
	if err != nil {
		return nil, fmt.Errorf("read dates of appointments: %w", err)
	}
	_, err = db.Collect(ctx, c.tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var l Link
		var created int64
		err := scan(&id, &l.Channel, &created)
		l.Created = c.at(created)
		if d := all[id]; d != nil {
			d.links = append(d.links, l)
		}
		return struct{}{}, err
	}, `SELECT s.appointment_id, s.channel, s.created FROM appointment a JOIN secret s ON s.appointment_id = a.id
		WHERE a.person_id = $1 ORDER BY s.created, s.channel`, personID)
	if err != nil {
		return nil, fmt.Errorf("read links of appointments: %w", err)
	}
	_, err = db.Collect(ctx, c.tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var m Mail
		var created, sent, last int64
		err := scan(&id, &m.To, &m.Kind, &m.State, &created, &sent, &last)
		m.Created, m.Sent = c.at(created), c.at(sent)
		if m.State != "queued" {
			m.DeleteOn = c.until(last, privacy.Message)
		}
		if d := all[id]; d != nil {
			d.mails = append(d.mails, m)
		}
		return struct{}{}, err
	}, `SELECT m.appointment_id, m.recipient, m.kind, m.state, m.created, COALESCE(m.sent, 0), COALESCE(m.sent, m.due)
		FROM message m WHERE m.person_id = $1 ORDER BY m.id`, personID)
	if err != nil {
		return nil, fmt.Errorf("read mails of appointments: %w", err)
	}
	return all, nil
}

func (c *collector) account(ctx context.Context, id string) (*Account, error) {
	h, err := c.Accounts.Held(ctx, c.tx, c.tenant.ID, id)
	if err != nil {
		return nil, err
	}
	one := &Account{Contact: contactOf(h.Data), Lang: string(h.Lang), Created: c.at(h.Created), Used: c.at(h.Used), Announced: c.at(h.Announced),
		EndsOn: h.EndsOn, Pending: []time.Time{}, Sessions: []Session{}, Logins: []Login{}, Consents: []Consent{}, Audit: c.entries(h.Audit)}
	one.Login = Means{Password: h.Login.Password, Code: h.Login.Code, Recovery: h.Login.Recovery, Passkeys: []Passkey{}, Links: []time.Time{}}
	for _, k := range h.Login.Passkeys {
		one.Login.Passkeys = append(one.Login.Passkeys, Passkey{k.Name, c.at(k.Created), c.at(k.Used)})
	}
	for _, until := range h.Login.Links {
		one.Login.Links = append(one.Login.Links, c.at(until))
	}
	for _, until := range h.Pending {
		one.Pending = append(one.Pending, c.at(until))
	}
	for _, s := range h.Sessions {
		one.Sessions = append(one.Sessions, Session{c.at(s.Created), c.at(s.Seen), c.until(s.Seen, privacy.Session)})
	}
	for _, l := range h.Login.Logins {
		one.Logins = append(one.Logins, Login{c.at(l.At), l.Method, l.OK, l.Address, c.until(l.At, privacy.Login)})
	}
	for _, g := range h.Consents {
		consent := Consent{Purpose: string(g.Purpose), Lang: string(g.Lang), Words: g.Words, Given: c.at(g.Given), Withdrawn: c.at(g.Withdrawn)}
		if g.Withdrawn != 0 {
			consent.DeleteOn = c.until(g.Withdrawn, privacy.Consent)
		}
		one.Consents = append(one.Consents, consent)
	}
	one.Appointments, err = db.Collect(ctx, c.tx, scanID, `SELECT a.reference FROM account_appointment c JOIN appointment a ON a.id = c.appointment_id
		WHERE c.account_id = $1 AND a.state <> 'held' ORDER BY a.start_tick, a.reference`, id)
	if err != nil {
		return nil, fmt.Errorf("read the appointments of an account: %w", err)
	}
	one.Appointments = notNil(one.Appointments)
	return one, nil
}
