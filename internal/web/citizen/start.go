// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"net/url"
	"strings"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// start shows the services and what has been chosen.
func (p *pages) start(w http.ResponseWriter, r *web.Request) error {
	wanted := parseWanted(r.URL.Query()["service"])
	sel, err := r.Catalogue.Select(wanted)
	if len(wanted) == 0 {
		sel, err = nil, nil
	}
	return p.renderStart(w, r, sel, wanted, err)
}

// renderStart answers with the start page; problem is what was wrong with the
// choice.
func (p *pages) renderStart(w http.ResponseWriter, r *web.Request, sel office.Selection, wanted []office.Wanted, problem error) error {
	page := startPage{Layout: r.Layout("start.title"), Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	page.Step = 1
	if r.Method == http.MethodPost {
		page.Languages = r.Languages(withQuery("/", url.Values{"service": r.PostForm["service"]}))
	}
	status := r.Show(&page.Layout, problem)
	if problem != nil {
		sel = acceptable(r.Catalogue, wanted)
	}
	if err := p.addResume(w, r, &page.Layout); err != nil {
		return err
	}
	page.Basket = p.basket(r, sel)
	list := lister{r: r, sel: sel, combinable: map[*office.Service]bool{}}
	for _, s := range r.Catalogue.Combinable(sel) {
		list.combinable[s] = true
	}
	if page.Query != "" {
		page.ClearURL = withQuery(r.Path("/"), url.Values{"service": page.Basket.Wanted})
		page.Results = list.rows(r.Catalogue.Search(r.Lang(), page.Query))
	}
	page.Common, page.Groups = list.all()
	return r.Render(w, status, p.views, "start", page)
}

// lister makes rows of services for a choice.
type lister struct {
	r          *web.Request
	sel        office.Selection
	combinable map[*office.Service]bool
}

func (l lister) rows(services []*office.Service) []serviceRow {
	var out []serviceRow
	for _, s := range services {
		out = append(out, l.row(s))
	}
	return out
}

func (l lister) row(s *office.Service) serviceRow {
	row := serviceRow{Name: s.Name, Minutes: s.Minutes, Words: s.Words}
	for _, item := range l.sel {
		row.Chosen = row.Chosen || item.Service == s
	}
	if !row.Chosen && (len(l.sel) == 0 || l.combinable[s]) {
		row.AddURL = withQuery(l.r.Path("/"), with(l.sel, s.Key, 1)) + "#basket"
	}
	return row
}

// all lists the common services, and all others by group.
func (l lister) all() ([]serviceRow, []serviceGroup) {
	var common []serviceRow
	var groups []serviceGroup
	c := l.r.Catalogue
	for _, g := range c.Groups {
		group := serviceGroup{Name: g.Name}
		for i := range c.Services {
			s := &c.Services[i]
			if s.Retired || s.Group != g.Key {
				continue
			}
			if s.Common {
				common = append(common, l.row(s))
			} else {
				group.Services = append(group.Services, l.row(s))
			}
		}
		if len(group.Services) > 0 {
			groups = append(groups, group)
		}
	}
	return common, groups
}

// basket shows a selection with links that change it.
func (p *pages) basket(r *web.Request, sel office.Selection) basket {
	b := basket{Minutes: sel.Minutes(), Wanted: wantedOf(sel)}
	to := func(q url.Values) string { return withQuery(r.Path("/"), q) + "#basket" }
	for _, item := range sel {
		s := item.Service
		row := basketItem{Name: s.Name, Note: s.Note, Fee: s.Fee, Bring: s.Bring, Quantity: item.Quantity,
			Max: s.MaxQuantity, Minutes: s.Minutes * item.Quantity, RemoveURL: to(with(sel, s.Key, 0))}
		if item.Quantity < s.MaxQuantity {
			row.PlusURL = to(with(sel, s.Key, item.Quantity+1))
		}
		if item.Quantity > 1 {
			row.MinusURL = to(with(sel, s.Key, item.Quantity-1))
		}
		b.Items = append(b.Items, row)
		b.Count += item.Quantity
	}
	if len(sel) > 0 {
		b.TimesURL = withQuery(r.Path("/times"), url.Values{"service": b.Wanted})
	}
	return b
}

// addResume points to the visitor's running reservation, if the session knows
// one. The page then holds a secret.
func (p *pages) addResume(w http.ResponseWriter, r *web.Request, l *view.Layout) error {
	d, err := r.Session()
	if err != nil || d.Hold == "" {
		return err
	}
	v, err := p.bookings.Open(r.Context(), r.Tenant, d.Hold)
	if fault.Of(err) == fault.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if v.State == booking.Held && !v.RunOut(p.clock.Now()) {
		r.MakePersonal(w)
		l.NoIndex = true
		l.Resume = &view.Resume{Until: zoned(v, v.Until), URL: r.Path(holdPath(d.Hold))}
	}
	return nil
}
