// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"strings"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// navEntry is a page of the bar.
type navEntry struct {
	path   string
	key    string
	right  staff.Right
	placed bool // shows one location
}

// bar is the navigation in its order. The first page that a member may see is
// where login leads to.
var bar = []navEntry{
	{"/desk/day", "desk.nav.day", staff.SeeDay, true},
	{"/desk/calendar", "desk.nav.calendar", staff.SeeDay, true},
	{"/desk/book", "desk.nav.book", staff.Book, true},
	{"/desk/customers", "desk.nav.customers", staff.FindPerson, false},
	{"/desk/closures", "desk.nav.closures", staff.Close, true},
	{"/desk/members", "desk.nav.members", staff.ManageStaff, false},
	{"/desk/audit", "desk.nav.audit", staff.ReadAudit, false},
	{loginsPath, "desk.nav.logins", staff.SeeLogins, false},
	{statisticsPath, "desk.nav.statistics", staff.SeeStatistics, false},
	{requestsPath, "desk.nav.requests", staff.HandleRequests, false},
	{privacyPath, "desk.nav.privacy", staff.SeePrivacy, false},
}

// homeOf is the first page of a member, without the language.
func homeOf(by *staff.Member) string {
	for _, e := range bar {
		if by.Has(e.right) {
			return e.path
		}
	}
	return "/desk/account"
}

// home sends members to their first page.
func (p *pages) home(_ http.ResponseWriter, r *request) error { return r.SeeOther(homeOf(r.by)) }

// nav is the bar as a member may use it.
func (p *pages) nav(r *web.Request, by *staff.Member) (*view.Nav, error) {
	n := &view.Nav{HomeURL: r.Path("/desk"), Who: by.Name, Role: roleName(r.Printer, by.Role),
		AccountURL: r.Path("/desk/account"), LogoutURL: r.Path("/desk/logout")}
	if by.Has(staff.FindPerson) {
		n.SearchURL = r.Path(customersPath)
	}
	asked := asked(r)
	chosen := ""
	for _, l := range places(r, by) {
		current := asked == l.Key || asked == "" && len(n.Places) == 0
		n.Places = append(n.Places, view.NavPlace{Key: l.Key, Name: l.Name, Current: current})
		if asked == l.Key {
			chosen = "?location=" + url.QueryEscape(l.Key)
		}
	}
	here := strings.TrimPrefix(r.URL.Path, "/"+string(r.Lang()))
	for _, e := range bar {
		if !by.Has(e.right) {
			continue
		}
		item := view.NavItem{Text: r.Printer.T(e.key), URL: r.Path(e.path),
			Current: here == e.path || strings.HasPrefix(here, e.path+"/")}
		if e.path == requestsPath {
			var err error
			if item.Text, err = p.requestsNav(r, by); err != nil {
				return nil, err
			}
		}
		if e.placed {
			item.URL += chosen
			if n.PlacesURL == "" || here == e.path {
				n.PlacesURL = r.Path(e.path)
			}
		}
		n.Items = append(n.Items, item)
	}
	if n.PlacesURL == "" {
		n.Places = nil
	}
	if date := r.URL.Query().Get("date"); len(date) <= len("2026-11-22") {
		n.PlacesDate = date
	}
	return n, nil
}

// asked is the key of the location in the address or the form.
func asked(r *web.Request) string {
	if key := r.PostForm.Get("location"); key != "" {
		return key
	}
	return r.URL.Query().Get("location")
}

// places are the locations at which a member works, in the office's order.
func places(r *web.Request, by *staff.Member) []*office.Location {
	var out []*office.Location
	for i := range r.Catalogue.Locations {
		if l := &r.Catalogue.Locations[i]; !l.Retired && by.At(l.ID) {
			out = append(out, l)
		}
	}
	return out
}

// location is the one that the address or the form names by "location", else
// the member's first. It answers NotFound for a key that is unknown, and
// Forbidden where the member does not work.
func (r *request) location() (*office.Location, error) {
	key := asked(r.Request)
	if key == "" {
		own := places(r.Request, r.by)
		if len(own) == 0 {
			return nil, fault.New(fault.Forbidden, "desk.no_location.text")
		}
		return own[0], nil
	}
	l, ok := r.Catalogue.Location(key)
	if !ok {
		return nil, fault.New(fault.NotFound, "location.unknown")
	}
	if !r.by.At(l.ID) {
		return nil, fault.New(fault.Forbidden, "desk.other_location.text")
	}
	return l, nil
}
