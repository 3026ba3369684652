// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"vorzimmer/internal/clock"
)

func TestNetwork(t *testing.T) {
	site := &Site{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"direct", "203.0.113.7:5000", nil, "203.0.113.7"},
		{"direct visitor makes up a header", "203.0.113.7:5000", []string{"198.51.100.1"}, "203.0.113.7"},
		{"through the proxy", "127.0.0.1:5000", []string{"203.0.113.7"}, "203.0.113.7"},
		{"mapped to IPv6", "[::ffff:127.0.0.1]:5000", []string{"203.0.113.7"}, "203.0.113.7"},
		{"made up before the proxy", "127.0.0.1:5000", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"made up in a header of its own", "127.0.0.1:5000", []string{"198.51.100.1", "203.0.113.7"}, "203.0.113.7"},
		{"two proxies", "127.0.0.1:5000", []string{"203.0.113.7, 10.1.2.3"}, "203.0.113.7"},
		{"proxy without header", "127.0.0.1:5000", nil, "127.0.0.1"},
		{"proxy with nonsense", "127.0.0.1:5000", []string{"unknown"}, "127.0.0.1"},
		{"proxy writes a port", "127.0.0.1:5000", []string{"203.0.113.7:4711"}, "203.0.113.7"},
		{"a household's IPv6", "[2001:db8:1:2:3:4:5:6]:5000", nil, "2001:db8:1:2::/64"},
		{"IPv6 through the proxy", "127.0.0.1:5000", []string{"2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
	} {
		hr := httptest.NewRequest(http.MethodGet, "/", nil)
		hr.RemoteAddr = c.remote
		hr.Header["X-Forwarded-For"] = c.forwarded
		r := &Request{Request: hr, site: site}
		if got := r.Network(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestLimiter(t *testing.T) {
	c := clock.NewFake(time.Date(2026, time.September, 7, 8, 0, 0, 0, time.UTC))
	l := NewLimiter(c, 3, 30*time.Minute)
	allowed := func(network string, times int) int {
		n := 0
		for range times {
			if l.Allow(network) {
				n++
			}
		}
		return n
	}
	if got := allowed("203.0.113.7", 5); got != 3 {
		t.Errorf("%d of 5 allowed, want 3", got)
	}
	if got := allowed("203.0.113.8", 2); got != 2 {
		t.Error("one network pays for another")
	}
	c.Advance(10 * time.Minute)
	if got := allowed("203.0.113.7", 5); got != 1 {
		t.Errorf("%d allowed after a third of the period, want 1", got)
	}
	c.Advance(time.Hour)
	allowed("203.0.113.9", 1)
	if len(l.seen) != 1 {
		t.Errorf("%d networks remembered, want the last one", len(l.seen))
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"":                       false,
		"gzip":                   true,
		"br, gzip;q=0.5":         true,
		"deflate, GZIP":          true,
		"gzip; q=0":              false,
		"gzip;q=0.000, identity": false,
		"br":                     false,
		"x-gzip-like":            false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("%q: got %v", header, got)
		}
	}
}
