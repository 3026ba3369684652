// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"
	"strings"

	"vorzimmer/internal/accesslog"
)

// counted is an answer that knows its status and length for the access log.
type counted struct {
	http.ResponseWriter
	status int   // 0 until it is decided
	bytes  int64 // of content
}

// WriteHeader notes the final status; informational ones come before it
// (RFC 9110, section 15.2).
func (c *counted) WriteHeader(status int) {
	if c.status == 0 && status >= http.StatusOK {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (c *counted) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK // as the server will decide
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController what it needs for streams.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// record writes the line of a request that has been answered into the log of
// its tenant. Requests for hosts that are not ours are nobody's visits and in
// no log, and neither are those of probes that ask for no host of a tenant.
func (s *Site) record(c *counted, r *http.Request) {
	tenant := s.host(r).Tenant
	if s.Access == nil || tenant == "" {
		return
	}
	v := accesslog.Visit{Address: s.client(r.RemoteAddr, r.Header.Values("X-Forwarded-For")), Request: requested(r),
		Status: c.status, Bytes: c.bytes, Referrer: s.referrer(r.Referer(), tenant),
		UserAgent: r.UserAgent(), AcceptLanguage: r.Header.Get("Accept-Language")}
	if v.Status == 0 {
		v.Status = http.StatusOK // what the server sends for a handler that did nothing
	}
	if r.Method == http.MethodHead {
		v.Bytes = 0 // what was written was not sent
	}
	s.Access.Write(tenant, v)
}

// requested is method and route of a request. A method can be any word, and
// for CONNECT the pattern can be a path that somebody made up.
func requested(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return r.Method + " " + accesslog.Route(r.Pattern)
	case http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace:
		return r.Method + " " + accesslog.Unknown
	}
	return accesslog.Other + " " + accesslog.Unknown
}

// maxReferrer is the longest Referer header that is looked at, in bytes.
const maxReferrer = 2048

// referrer is where a request came from, without anything that could be a
// secret: the route of a page of the same tenant, the origin of all else.
func (s *Site) referrer(header, tenant string) string {
	if header == "" {
		return ""
	}
	u, err := url.Parse(header)
	if err != nil || len(header) > maxReferrer {
		return accesslog.Other
	}
	if s.Hosts[strings.ToLower(u.Host)].Tenant != tenant {
		return accesslog.Origin(u)
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} { // a form that was answered at once has an address, too
		_, pattern := s.mux.Handler(&http.Request{Method: method, URL: &url.URL{Path: u.Path, RawPath: u.RawPath}})
		if route := accesslog.Route(pattern); route != accesslog.Unknown {
			return route
		}
	}
	return accesslog.Unknown
}
