// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/view"
)

// Render answers with a page of a set.
func (r *Request) Render(w http.ResponseWriter, status int, set *view.Set, name string, page any) error {
	var b bytes.Buffer
	if err := set.Render(&b, r.Lang(), name, page); err != nil {
		return err
	}
	body := b.Bytes()
	h := pageHeader(w, r.Lang())
	if r.access == Public {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			packed, err := deflate(body, (*flate.Writer).Close)
			if err != nil {
				return err
			}
			body = gzipped([][]byte{body}, packed)
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a visitor who is gone is no error
	return nil
}

func pageHeader(w http.ResponseWriter, l locale.Lang) http.Header {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(l))
	return h
}

// SeeOther sends the visitor to another page: after a form, or because what
// the address asks for is elsewhere by now (RFC 9110, 15.4.4). It is returned
// like an error. path comes without the language.
func (r *Request) SeeOther(path string) error { return elsewhere{r.Path(path)} }

// elsewhere is the answer of SeeOther.
type elsewhere struct{ path string }

// Error is never shown: Site.page answers before anybody looks.
func (e elsewhere) Error() string { return "see another page" }

// statuses are the HTTP statuses of the kinds of faults.
var statuses = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Gone:        http.StatusGone,
	fault.Forbidden:   http.StatusForbidden,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
	fault.Unsupported: http.StatusUnsupportedMediaType,
	fault.Misdirected: http.StatusMisdirectedRequest,
	fault.NotAllowed:  http.StatusMethodNotAllowed,
}

// Status is the HTTP status for an error.
func Status(err error) int { return statuses[fault.Of(err)] }

// fail answers an error. Only what nobody expected is logged, with the route
// instead of the path, which may hold a secret.
func (s *Site) fail(w http.ResponseWriter, r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the visitor is gone
	}
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Internal {
		s.Log.Error("request failed", "route", r.Pattern, "error", err)
		f = fault.New(fault.Internal, "error.internal")
	}
	page := view.ErrorPage{Layout: r.Layout(titleOf(f.Key)), Status: statuses[f.Kind]}
	page.Heading = page.Title
	page.Text = r.Message(f.Key, f.Args)
	page.NoIndex = true
	page.Languages = r.Languages(r.home()) // there may be no page to look at here
	if r.Catalogue != nil {
		page.Links = []view.Link{{Text: r.Printer.T("error.home"), URL: page.HomeURL}}
	}
	if f.Kind == fault.Misdirected {
		// Whoever asks for a host that is not ours gets nothing of ours.
		page.Languages, page.Links, page.HomeURL, page.AccountURL = nil, nil, "", ""
	}
	if err := r.Render(w, page.Status, s.Views, "error", page); err != nil {
		s.Log.Error("error page failed", "route", r.Pattern, "error", err)
		http.Error(w, strconv.Itoa(page.Status), page.Status)
	}
}

// titleOf is the heading of an error page: its own where the key ends in
// ".text", a common one otherwise.
func titleOf(key string) string {
	if base, ok := strings.CutSuffix(key, ".text"); ok {
		return base + ".title"
	}
	return "error.title"
}

// Message is the text of a key for this request. Arguments that are texts of
// the office are put into its language.
func (r *Request) Message(key string, args []any) string {
	own := make([]any, len(args))
	for i, a := range args {
		if t, ok := a.(locale.Text); ok {
			a = t.In(r.Lang())
		}
		own[i] = a
	}
	return r.Printer.T(key, own...)
}

// Errors turns the fields of a fault into the summary of a page; their texts
// name the field as {{.Field}}. A fault without fields becomes one sentence
// about the page.
func (r *Request) Errors(err error) []view.FieldError {
	f, ok := fault.As(err)
	if !ok {
		return nil
	}
	if len(f.Fields) == 0 {
		return []view.FieldError{{Text: r.Message(f.Key, f.Args), Call: f.Kind == fault.TooMany}}
	}
	var out []view.FieldError
	for _, field := range f.Fields {
		args := append([]any{"Field", r.Printer.T("field.label." + field.Name)}, field.Args...)
		out = append(out, view.FieldError{Field: field.Name, Text: r.Message(field.Key, args)})
	}
	return out
}

// Show puts what is wrong onto a page, below what stands there already, and
// returns the status of its answer: 200 when nothing is.
func (r *Request) Show(l *view.Layout, err error) int {
	if err == nil {
		return http.StatusOK
	}
	l.Errors = append(l.Errors, r.Errors(err)...)
	return Status(err)
}

// unknown answers paths that no route has: 405 when the path exists for
// another method (RFC 9110, 15.5.6), else 404.
func (s *Site) unknown(w http.ResponseWriter, r *Request) error {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := s.mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		return fault.New(fault.NotFound, "error.notfound.text")
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return fault.New(fault.NotAllowed, "error.method")
}
