// SPDX-License-Identifier: EUPL-1.2

// Package desk serves the pages for those who work at the town hall: today's
// list, bookings for others, the customers, calendars, closures, accounts.
//
// Every page is personal: never stored, never compressed. A handler passes the
// member who asks to one domain function, which decides whether that may be;
// the right at the route only keeps pages away from those who can do nothing
// there.
package desk

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/notice"
	demand "vorzimmer/internal/request"
	"vorzimmer/internal/retention"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// pages are the handlers of this audience.
type pages struct {
	site     *web.Site
	views    *view.Set
	accounts *staff.Accounts
	bookings *booking.Bookings
	notices  *notice.Store
	requests *demand.Requests
	rights   *rights.Rights
	deletion *retention.Job
	clock    clock.Clock
	table    []Route
}

// Route is one line of the table of routes, for tests that try each with every
// role.
type Route struct {
	Method string
	Path   string      // below the language
	Right  staff.Right // empty: everybody who is logged in
	Open   bool        // also without being logged in
}

// request is a request of somebody who is logged in.
type request struct {
	*web.Request
	by      *staff.Member
	session session.Data // as it was when the request came
}

type handler func(w http.ResponseWriter, r *request) error

// Register adds the pages of the desk to a site and returns its routes.
func Register(site *web.Site, a *staff.Accounts, b *booking.Bookings, n *notice.Store, d *retention.Job, q *demand.Requests, own *rights.Rights, c clock.Clock) ([]Route, error) {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return nil, fmt.Errorf("open templates: %w", err)
	}
	views, err := view.New(files, site.Texts, site.Assets)
	if err != nil {
		return nil, fmt.Errorf("desk pages: %w", err)
	}
	p := &pages{site: site, views: views, accounts: a, bookings: b, notices: n, deletion: d, requests: q, rights: own, clock: c}
	p.get("/desk", "", p.home)
	p.loginRoutes()
	p.factorRoutes()
	p.accountRoutes()
	p.memberRoutes()
	p.auditRoutes()
	p.loginRecordRoutes()
	p.statisticsRoutes()
	p.dayRoutes()
	p.calendarRoutes()
	p.bookRoutes()
	p.personRoutes()
	p.privacyRoutes()
	p.requestRoutes()
	return p.table, nil
}

// get registers a page for members who have a right, or for all with the empty
// one. path comes without the language and begins with /desk.
func (p *pages) get(path string, right staff.Right, f handler) {
	p.table = append(p.table, Route{Method: http.MethodGet, Path: path, Right: right})
	p.site.Get(path, web.Personal, p.member(right, f))
}

// post is get for a form.
func (p *pages) post(path string, right staff.Right, f handler) {
	p.table = append(p.table, Route{Method: http.MethodPost, Path: path, Right: right})
	p.site.Post(path, web.Personal, p.member(right, f))
}

// open registers a page for GET or POST that needs no login.
func (p *pages) open(method, path string, f web.Func) {
	p.table = append(p.table, Route{Method: method, Path: path, Open: true})
	framed := func(w http.ResponseWriter, r *web.Request) error {
		r.Nav = &view.Nav{HomeURL: r.Path("/desk")}
		return p.answerEnded(w, r, f(w, r))
	}
	if method == http.MethodPost {
		p.site.Post(path, web.Personal, framed)
	} else {
		p.site.Get(path, web.Personal, framed)
	}
}

// member lets those in who are logged in, with the second factor where the
// tenant wants it, and have the right. Others are asked to log in, and come
// back to the page afterwards.
func (p *pages) member(right staff.Right, f handler) web.Func {
	return func(w http.ResponseWriter, hr *web.Request) error {
		hr.Nav = &view.Nav{HomeURL: hr.Path("/desk")}
		by, d, err := p.whoIs(hr)
		if err != nil {
			return p.answerEnded(w, hr, err)
		}
		if hr.Nav, err = p.nav(hr, by); err != nil {
			return err
		}
		if !readable(hr.URL) {
			return fault.New(fault.NotFound, "error.notfound.text")
		}
		if right != "" && !by.Has(right) {
			return fault.New(fault.Forbidden, "desk.forbidden.text", "Role", hr.Nav.Role)
		}
		return p.answerEnded(w, hr, f(w, &request{Request: hr, by: by, session: d}))
	}
}

// readable tells whether an address is all text. What is not is no id of
// anything, and a database may refuse to look for it.
func readable(u *url.URL) bool {
	query, err := url.QueryUnescape(u.RawQuery)
	return err == nil && isText(u.Path) && isText(query)
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// id is one in a form.
func (r *request) id(field string) string { return textOnly(r.PostForm.Get(field)) }

// textOnly is an id that somebody sent; empty, which is nobody's, when it cannot
// be one.
func textOnly(s string) string {
	if isText(s) {
		return s
	}
	return ""
}
