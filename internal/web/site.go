// SPDX-License-Identifier: EUPL-1.2

// Package web is what all pages share: which tenant and language a request is
// for, the session cookie, security headers, compression, limits per network,
// and the one place that turns an error into an answer.
//
// Each audience has a package of its own below this one with its route table,
// handlers and templates. A handler parses, calls one domain function and
// answers; it returns an error instead of writing one. This package knows no
// SQL.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/view"
)

// Site serves the tenants of an installation. Fields are set before the first
// route is registered and not changed after.
type Site struct {
	Hosts       map[string]Host // by host and port as in the Host header
	Texts       *locale.Catalogue
	Assets      *assets.Set
	Views       *view.Set // layout and error page
	Sessions    *session.Store
	Catalogue   func(ctx context.Context, tenantID string) (*office.Catalogue, error)
	Proxies     []netip.Prefix
	Log         *slog.Logger
	Access      *accesslog.Log  // of the tenants' visitors; nil: none is kept
	Example     bool            // say "Beispieldaten" on every page
	DemoMailURL string          // empty outside the demo
	Stopping    <-chan struct{} // closed when the program stops: answers without an end have to end; nil: never

	mux   *http.ServeMux
	cross *http.CrossOriginProtection
	files map[string]fileRule // of routes that take a file, by path without the language
}

// Host is what is served under a host name.
type Host struct {
	Tenant string
	Secure bool // reached by https: cookies are Secure, HSTS is sent
}

// Access is what a page may show, given where its route is registered.
type Access int

const (
	// Public pages hold nothing about a person.
	Public Access = iota
	// Personal pages hold secrets or personal data: never stored by a
	// browser or proxy, never compressed (what a visitor typed and a secret
	// in one compressed page can be told apart by its length), never indexed.
	Personal
)

// Func is a handler. What it returns as an error becomes the answer.
type Func func(w http.ResponseWriter, r *Request) error

// Get registers a page for GET and HEAD in every language, below /de, /en ...
// path begins with a slash.
func (s *Site) Get(path string, a Access, f Func) { s.each(http.MethodGet, path, a, f) }

// Post registers a form. It is refused when another site sent it.
func (s *Site) Post(path string, a Access, f Func) { s.each(http.MethodPost, path, a, f) }

func (s *Site) each(method, path string, a Access, f Func) {
	for _, l := range locale.Langs {
		s.router().Handle(method+" /"+string(l)+path, s.page(l, a, f))
	}
}

// GetPlain registers a page that is there once, in the visitor's language.
func (s *Site) GetPlain(path string, a Access, f Func) {
	s.router().Handle(http.MethodGet+" "+path, s.page("", a, f))
}

// Handle registers a handler that is no page: assets, health.
func (s *Site) Handle(pattern string, h http.Handler) { s.router().Handle(pattern, h) }

func (s *Site) router() *http.ServeMux {
	if s.mux == nil {
		s.mux = http.NewServeMux()
		s.cross = http.NewCrossOriginProtection()
		s.files = map[string]fileRule{}
		s.mux.Handle("/", s.page("", Personal, s.unknown)) // its path may hold a secret
	}
	return s.mux
}

// ServeHTTP answers every request of the site and then logs it.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &counted{ResponseWriter: w}
	defer s.record(c, r)
	s.answer(c, r)
}

func (s *Site) answer(w http.ResponseWriter, r *http.Request) {
	headers(w.Header())
	if s.host(r).Secure {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	}
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			s.Log.Error("panic", "route", r.Pattern, "value", p)
			http.Error(w, "500", http.StatusInternalServerError)
		}
	}()
	s.router().ServeHTTP(w, r)
}

// headers are sent with every answer. The policy allows nothing but this
// site's own style sheet, script and images; KERN draws its icons from data
// URLs in the style sheet.
func headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	// Browsers without Sec-Fetch-Site send "Origin: null" with forms under
	// no-referrer, and the forms would be refused; this policy is as silent
	// towards every other site.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// host is what the request's Host header stands for; its Tenant is empty for
// a name that is not ours.
func (s *Site) host(r *http.Request) Host { return s.Hosts[strings.ToLower(r.Host)] }
