// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"fmt"
	"strings"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
)

// collector reads what is kept about a subject, in one transaction.
type collector struct {
	*Rights
	tx     *db.Tx
	tenant *office.Tenant
	lang   locale.Lang
	// references are the numbers of appointments by id.
	references map[string]string
	views      []*booking.View
}

// collect reads everything.
func (r *Rights) collect(ctx context.Context, tx *db.Tx, s *Subject, lang locale.Lang) (*Data, *office.Catalogue, error) {
	cat, err := r.Offices.Catalogue(ctx, tx, s.TenantID)
	if err != nil {
		return nil, nil, err
	}
	c := &collector{Rights: r, tx: tx, tenant: &cat.Tenant, lang: lang, references: map[string]string{}}
	d := &Data{Format: Format, Version: Version, Made: c.at(tx.Unix()), Town: cat.Tenant.Name, Records: []Record{}, Closed: s.Closed}
	for _, id := range s.Persons {
		one, err := c.record(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		d.Records = append(d.Records, *one)
		asked, err := c.Requests.OfPerson(ctx, tx, c.tenant, id)
		if err != nil {
			return nil, nil, err
		}
		d.requests = append(d.requests, asked...)
	}
	d.views, d.requestDays = c.views, cat.Tenant.Retention.Amount(privacy.Request)
	if s.AccountID != "" {
		if d.Account, err = c.account(ctx, s.AccountID); err != nil {
			return nil, nil, err
		}
	}
	return d, cat, nil
}

// at is an instant in the tenant's zone; zero for 0.
func (c *collector) at(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).In(c.tenant.Zone)
}

// until is when something of a class goes that counts from an instant.
func (c *collector) until(from int64, class *privacy.Class) time.Time {
	return c.at(from).Add(c.tenant.Retention.Keep(class))
}

func contactOf(d person.Data) Contact {
	return Contact{FirstName: d.FirstName, LastName: d.LastName, OneName: d.OneName, Email: d.Email, Phone: d.Phone,
		Street: d.Street, Postcode: d.Postcode, City: d.City, BirthDate: d.BirthDate, Note: d.Note}
}

func (c *collector) record(ctx context.Context, id string) (*Record, error) {
	p, err := c.Persons.Load(ctx, c.tx, c.tenant.ID, id)
	if err != nil {
		return nil, err
	}
	var created, verified, restricted int64
	err = c.tx.QueryRow(ctx, "SELECT created, COALESCE(email_verified, 0), COALESCE(restricted, 0) FROM person WHERE id = $1", id).
		Scan(&created, &verified, &restricted)
	if err != nil {
		return nil, fmt.Errorf("select dates of person %s: %w", id, err)
	}
	one := &Record{Contact: contactOf(p.Data), Created: c.at(created), Verified: c.at(verified), Restricted: c.at(restricted), Notes: []Note{}, Merged: []Merged{}}
	if one.Holds, err = c.holds(ctx, p); err != nil {
		return nil, err
	}
	notes, err := c.Persons.Notes(ctx, c.tx, p)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		one.Notes = append(one.Notes, Note{n.Created.In(c.tenant.Zone), n.Text})
	}
	merges, err := c.Persons.MergesInto(ctx, c.tx, id)
	if err != nil {
		return nil, err
	}
	for _, m := range merges {
		gone, err := c.Persons.Load(ctx, c.tx, c.tenant.ID, m.Gone)
		if err != nil {
			return nil, err
		}
		one.Merged = append(one.Merged, Merged{m.At.In(c.tenant.Zone), m.Until().In(c.tenant.Zone), contactOf(gone.Data)})
	}
	if one.Appointments, err = c.appointments(ctx, id); err != nil {
		return nil, err
	}
	entries, err := audit.OfPerson(ctx, c.tx, c.tenant.ID, id)
	one.Audit = c.entries(entries)
	return one, err
}

// holds are those of a record, also the ones that are over.
func (c *collector) holds(ctx context.Context, p *person.Person) ([]Hold, error) {
	list, err := db.Collect(ctx, c.tx, func(scan db.Scan) (Hold, error) {
		var h Hold
		var id string
		var created, until int64
		var sealed []byte
		if err := scan(&id, &created, &until, &sealed); err != nil {
			return h, err
		}
		plain, err := p.Key.Open(sealed, person.BoundHold(id, p.ID))
		if err != nil {
			return h, fmt.Errorf("legal hold %s: %w", id, err)
		}
		return Hold{c.at(created), c.at(until), string(plain)}, nil
	}, "SELECT id, created, until, sealed FROM legal_hold WHERE person_id = $1 ORDER BY id", p.ID)
	if err != nil {
		return nil, fmt.Errorf("read legal holds: %w", err)
	}
	return notNil(list), nil
}

func (c *collector) entries(list []audit.Entry) []Entry {
	out := make([]Entry, len(list))
	for i, e := range list {
		out[i] = Entry{At: c.at(e.At), Who: string(e.Actor.Kind), Role: e.Actor.Role, Action: string(e.Action),
			Reference: c.references[e.AppointmentID], Detail: e.Detail, DeleteOn: c.until(e.At, privacy.Audit)}
	}
	return out
}

func (c *collector) appointments(ctx context.Context, personID string) ([]Appointment, error) {
	views, err := c.Bookings.OfPerson(ctx, c.tx, personID)
	if err != nil {
		return nil, err
	}
	more, err := c.more(ctx, personID)
	if err != nil {
		return nil, err
	}
	list := []Appointment{}
	c.views = append(c.views, views...)
	for _, v := range views {
		c.references[v.ID] = v.Reference
		one := c.appointment(v)
		m := more[v.ID]
		if m == nil {
			return nil, fmt.Errorf("appointment %s has no row", v.ID) // it is the same transaction
		}
		one.Created, one.InAccount, one.Links, one.Mails = c.at(m.created), m.inAccount, notNil(m.links), notNil(m.mails)
		if m.reminded != 0 {
			one.RemindedFor = c.at(m.reminded)
		}
		list = append(list, one)
	}
	return list, nil
}

func (c *collector) appointment(v *booking.View) Appointment {
	one := Appointment{Reference: v.Reference, State: string(v.State), Start: v.Begin(), End: v.End(),
		Location: v.Location.Name.In(c.lang), Address: strings.TrimSpace(v.Location.Street + ", " + v.Location.Postcode + " " + v.Location.City),
		Counter: v.Counter.Name.In(c.lang), Lang: string(v.Lang), Origin: v.Origin, Changed: c.at(v.Changed), Moved: v.Sequence, Extended: v.Extensions,
		Until: c.at(v.Until), Arrived: c.at(v.Arrived), Called: c.at(v.Called), Finished: c.at(v.Finished), Overbooked: v.Overbooked}
	if v.CalledAt != nil {
		one.CalledTo = v.CalledAt.Name.In(c.lang)
	}
	for _, s := range v.Services {
		one.Services = append(one.Services, Service{s.Service.Name.In(c.lang), s.Quantity, s.Minutes})
	}
	if v.State == booking.Held {
		one.DeleteOn = c.until(v.Until, privacy.Hold)
	} else {
		begin, _ := v.DeletedOn().Bounds(v.Location.Plan.Zone)
		one.DeleteOn = time.Unix(begin, 0).In(v.Location.Plan.Zone)
	}
	return one
}

// notNil makes JSON write [] for no entries.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
