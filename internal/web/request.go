// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"mime"
	"net/http"
	"strings"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/web/view"
)

// maxBody is the longest form in bytes. The longest honest one, all fields
// full, has about ten thousand.
const maxBody = 64 << 10

// Request is an http.Request whose tenant and language are known and whose
// form has been read.
type Request struct {
	*http.Request
	Tenant    string
	Catalogue *office.Catalogue
	Printer   *locale.Printer
	Nav       *view.Nav // what frames the pages of those who work here; nil for the public
	// Unattended requests are made by a page's script, perhaps long after
	// somebody has gone: no session lives longer for them.
	Unattended bool
	File       []byte // that was sent to a route for one; nil: none
	access     Access
	site       *Site
}

// Lang is the language of the page.
func (r *Request) Lang() locale.Lang { return r.Printer.Lang() }

// page makes a handler of a Func. lang is empty for pages outside a language's
// path.
func (s *Site) page(lang locale.Lang, a Access, f Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		l := lang
		if l == "" {
			l = s.guess(hr)
		}
		r := &Request{Request: hr, Printer: s.Texts.Printer(l), access: a, site: s,
			Unattended: hr.Header.Get("Sec-Fetch-Dest") == "empty"} // Fetch Metadata: no page, image ... but a script asks
		err := s.prepare(w, r)
		if err == nil {
			err = f(w, r)
		}
		if to, ok := errors.AsType[elsewhere](err); ok {
			w.Header().Set("Location", to.path)
			w.WriteHeader(http.StatusSeeOther)
		} else if err != nil {
			s.fail(w, r, err)
		}
	})
}

// guess is the language of a page outside the languages' paths: that of the
// path as far as it has one, else what the browser asks for.
func (s *Site) guess(r *http.Request) locale.Lang {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if locale.Known(first) {
		return locale.Lang(first)
	}
	return s.Texts.Match(r.Header.Get("Accept-Language"))
}

// prepare finds the tenant and reads the form.
func (s *Site) prepare(w http.ResponseWriter, r *Request) error {
	w.Header().Set("Cache-Control", "no-cache")
	if r.access == Personal {
		r.MakePersonal(w)
	}
	if r.Tenant = s.host(r.Request).Tenant; r.Tenant == "" {
		return fault.New(fault.Misdirected, "error.host")
	}
	var err error
	if r.Catalogue, err = s.Catalogue(r.Context(), r.Tenant); err != nil {
		return err
	}
	if r.Method != http.MethodPost || r.Pattern == "/" { // the latter answers 404 or 405, whatever was sent
		return nil
	}
	if err := s.cross.Check(r.Request); err != nil {
		return fault.Wrap(err, fault.Forbidden, "error.crossorigin")
	}
	if rule, ok := s.files[r.pathWithoutLang()]; ok {
		return r.readFile(w, rule)
	}
	return readForm(w, r.Request)
}

// MakePersonal treats the answer as that of a Personal route, for a page that
// usually is public and this time holds a secret.
func (r *Request) MakePersonal(w http.ResponseWriter) {
	r.access = Personal
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
}

func readForm(w http.ResponseWriter, r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return fault.New(fault.Unsupported, "error.type")
	}
	if c, ok := w.(*counted); ok {
		w = c.ResponseWriter // the server closes the connection, if it is told by its own kind
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return fault.Wrap(err, fault.TooLarge, "error.toolarge")
		}
		return fault.Wrap(err, fault.Invalid, "error.form")
	}
	return nil
}

// Path is the path of a page in this request's language.
func (r *Request) Path(path string) string { return "/" + string(r.Lang()) + path }

// Layout is what every page shares, with the title of a message key.
func (r *Request) Layout(titleKey string, args ...any) view.Layout {
	l := view.Layout{Lang: r.Lang(), Title: r.Printer.T(titleKey, args...), HomeURL: r.Path("/"),
		PrivacyURL: r.Path("/privacy"), ImprintURL: r.Path("/imprint"), AccessibilityURL: r.Path("/accessibility"),
		Example: r.site.Example, DemoMailURL: r.site.DemoMailURL, NoIndex: r.access == Personal}
	if r.Catalogue != nil {
		l.Town = r.Catalogue.Tenant.Name
		if places := r.Catalogue.LocationsFor(nil); len(places) > 0 {
			l.Phone, l.PhoneHours = places[0].Phone, places[0].PhoneHours
		}
	}
	if r.Nav == nil {
		l.AccountURL = r.Path("/account")
	} else {
		l.Nav, l.HomeURL, l.Phone = r.Nav, r.Nav.HomeURL, ""
	}
	path := r.pathWithoutLang()
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	l.Languages = r.Languages(path)
	return l
}

// Languages is the language switch for a page, whose path comes without the
// language: "/times?service=...".
func (r *Request) Languages(path string) []view.LangLink {
	var links []view.LangLink
	for _, l := range locale.Langs {
		links = append(links, view.LangLink{Lang: l, Name: r.site.Texts.Printer(l).T("language.name"),
			URL: "/" + string(l) + path, Current: l == r.Lang()})
	}
	return links
}

// home is the first page of whoever asks, without the language.
func (r *Request) home() string {
	if r.Nav != nil {
		return strings.TrimPrefix(r.Nav.HomeURL, "/"+string(r.Lang()))
	}
	return "/"
}

func (r *Request) pathWithoutLang() string {
	prefix := "/" + string(r.Lang())
	if p, ok := strings.CutPrefix(r.URL.EscapedPath(), prefix+"/"); ok {
		return "/" + p
	}
	return "/"
}
