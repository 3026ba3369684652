// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/web"
)

// times shows when and where the chosen services are possible.
func (p *pages) times(w http.ResponseWriter, r *web.Request) error {
	if r.HasCookie() {
		return p.showTimes(w, r, "") // perhaps with a running reservation
	}
	return p.publicTimes(w, r)
}

// otherTimes is times for a visitor who comes from a reservation: what was
// typed there goes along.
func (p *pages) otherTimes(w http.ResponseWriter, r *web.Request) error {
	return p.showTimes(w, r, secretOf(r))
}

func (p *pages) showTimes(w http.ResponseWriter, r *web.Request, given seal.Secret) error {
	sel, places, err := choice(r, r.URL.Query())
	if err != nil {
		return p.renderStart(w, r, nil, parseWanted(r.URL.Query()["service"]), err)
	}
	page, err := p.timesPage(w, r, sel, places, r.URL.Query(), given, 0)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(page.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	if err := p.renderTimes(w, r, status, page); err != nil {
		return err
	}
	p.countFull(w, r, &page, places[0])
	return nil
}

// renderTimes answers with a page of times; each has a secret of its own for
// the form, see booking.HoldRequest.
func (p *pages) renderTimes(w http.ResponseWriter, r *web.Request, status int, page timesPage) error {
	if page.Moving == nil {
		page.Once = seal.NewSecret().Reveal()
	}
	return r.Render(w, status, p.views, "times", page)
}

// choice is what was asked for: services, and the locations that can do all
// of them, the one that was chosen first.
func choice(r *web.Request, q url.Values) (office.Selection, []*office.Location, error) {
	sel, err := r.Catalogue.Select(parseWanted(q["service"]))
	if err != nil {
		return nil, nil, err
	}
	places, err := locations(r.Catalogue.LocationsFor(sel), q.Get("location"))
	return sel, places, err
}

// locations puts the one with a key first.
func locations(places []*office.Location, key string) ([]*office.Location, error) {
	if key == "" && len(places) > 0 {
		return places, nil
	}
	for i, l := range places {
		if l.Key == key {
			chosen := append([]*office.Location{l}, places[:i]...)
			return append(chosen, places[i+1:]...), nil
		}
	}
	return nil, fault.New(fault.NotFound, "location.unknown")
}

func (p *pages) timesPage(w http.ResponseWriter, r *web.Request, sel office.Selection, places []*office.Location, q url.Values, given seal.Secret, near int64) (timesPage, error) {
	page := timesPage{Layout: r.Layout("times.title"), Basket: p.basket(r, sel), Action: r.Path("/times")}
	page.Step = 2
	page.BackURL = withQuery(r.Path("/"), url.Values{"service": page.Basket.Wanted}) + "#basket"
	for _, v := range page.Basket.Wanted {
		page.Hidden = append(page.Hidden, hidden{"service", v})
	}
	page.Hidden = append(page.Hidden, hidden{"location", places[0].Key})
	path := r.Path("/times")
	if given != "" {
		page.Hidden = append(page.Hidden, hidden{"hold", given.Reveal()})
		path = r.Path(holdPath(given) + "/times")
		page.Languages = r.Languages(withQuery(holdPath(given)+"/times", url.Values{"service": page.Basket.Wanted, "location": {places[0].Key}}))
	}
	if err := p.addResume(w, r, &page.Layout); err != nil {
		return page, err
	}
	c := calendar{pages: p, r: r, query: q, path: path, places: places, near: near,
		keep: url.Values{"service": page.Basket.Wanted}, search: func(l *office.Location) booking.Search {
			return booking.SearchFor(l, sel)
		}}
	return page, c.fill(&page)
}

// hold reserves the chosen time. When it is gone, the next free ones are
// shown.
func (p *pages) hold(w http.ResponseWriter, r *web.Request) error {
	sel, places, err := choice(r, r.PostForm)
	if err != nil {
		return p.renderStart(w, r, nil, parseWanted(r.PostForm["service"]), err)
	}
	if !p.holds.Allow(r.Network()) {
		return fault.New(fault.TooMany, "limit.network")
	}
	own, err := p.remembered(r)
	if err != nil {
		return err
	}
	replaces := cmp.Or(seal.Secret(r.PostForm.Get("hold")), own)
	start, err := strconv.ParseInt(r.PostForm.Get("start"), 10, 64)
	if err != nil {
		err = fault.Wrap(err, fault.Invalid, "time.free")
	} else {
		var secret, cookie seal.Secret
		if secret, cookie, err = p.take(r, places[0], start, replaces, own); err == nil {
			r.SetCookie(w, cookie)
			return r.SeeOther(holdPath(secret))
		}
	}
	if !fault.Is(err, fault.Conflict, fault.Invalid) {
		return err
	}
	return p.renderTaken(w, r, sel, places, start, replaces, err)
}

// take reserves a time and remembers that in a session, whose cookie is the
// second result. Somebody who works here stays logged in.
func (p *pages) take(r *web.Request, place *office.Location, start int64, replaces, own seal.Secret) (seal.Secret, seal.Secret, error) {
	d, err := r.Session()
	if err != nil {
		return "", "", err
	}
	leaves := own // a session has one reservation at a time, whichever the form named
	if own == replaces {
		leaves = ""
	}
	cookie := seal.NewSecret()
	secret, err := p.bookings.Hold(r.Context(), booking.HoldRequest{TenantID: r.Tenant, Wanted: parseWanted(r.PostForm["service"]),
		Location: place.Key, Start: start, Lang: r.Lang(), Replaces: replaces, Leaves: leaves, Once: once(r),
		Also: func(ctx context.Context, tx *db.Tx, s seal.Secret) error {
			return r.RememberHold(ctx, tx, cookie, d, s)
		}})
	return secret, cookie, err
}

// remembered is the reservation of the session while it is running: what was
// left behind at a shared computer earlier is not taken up again.
func (p *pages) remembered(r *web.Request) (seal.Secret, error) {
	d, err := r.Session()
	if err != nil || d.Hold == "" {
		return "", err
	}
	v, err := p.bookings.Open(r.Context(), r.Tenant, d.Hold)
	if fault.Of(err) == fault.NotFound || err == nil && v.RunOut(p.clock.Now()) {
		return "", nil
	}
	return d.Hold, err
}

// once is the secret that the form was made with; see booking.HoldRequest.
func once(r *web.Request) seal.Secret {
	s := seal.Secret(r.PostForm.Get("once"))
	if !s.Valid() {
		return ""
	}
	return s
}

// renderTaken offers the free times nearest to one that cannot be had.
func (p *pages) renderTaken(w http.ResponseWriter, r *web.Request, sel office.Selection, places []*office.Location, start int64, old seal.Secret, problem error) error {
	page, err := p.timesPage(w, r, sel, places, url.Values{}, old, start)
	if err != nil {
		return err
	}
	if old == "" {
		q := url.Values{"service": page.Basket.Wanted, "location": {places[0].Key}}
		page.Languages = r.Languages(withQuery("/times", q))
	}
	return p.answerTaken(w, r, page, problem)
}

func (p *pages) answerTaken(w http.ResponseWriter, r *web.Request, page timesPage, problem error) error {
	page.Taken = fault.Is(problem, fault.Conflict)
	return p.renderTimes(w, r, r.Show(&page.Layout, problem), page)
}

// nearest are the six free starts that are closest to an instant, in order.
func nearest(days []booking.FreeDay, start int64, l *office.Location) []timeRow {
	var all []int64
	for _, d := range days {
		all = append(all, d.Starts...)
	}
	from, until := 0, len(all)
	for until-from > 6 {
		if start-all[from] > all[until-1]-start {
			from++
		} else {
			until--
		}
	}
	var rows []timeRow
	for _, s := range all[from:until] {
		rows = append(rows, timeRow{Start: time.Unix(s, 0).In(l.Plan.Zone), Value: s, Location: l.Name})
	}
	return rows
}

// dateIn is the local date of a query parameter, or 0.
func dateIn(q url.Values, name string) (slot.Date, error) {
	s := q.Get(name)
	if s == "" {
		return 0, nil
	}
	d, err := slot.ParseDate(s)
	if err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "time.horizon")
	}
	return d, nil
}
