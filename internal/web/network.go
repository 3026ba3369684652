// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/seal"

	"golang.org/x/time/rate"
)

// Network names the network that a request comes from: an IPv4 address or an
// IPv6 /64, which is what one household or office has.
func (r *Request) Network() string {
	a := r.site.client(r.RemoteAddr, r.Header.Values("X-Forwarded-For"))
	if a.Is6() {
		return netip.PrefixFrom(a, 64).Masked().String()
	}
	return a.String()
}

// Address is the IP address that a request comes from, for the record of logins.
func (r *Request) Address() string {
	return r.site.client(r.RemoteAddr, r.Header.Values("X-Forwarded-For")).String()
}

// client is the visitor's address. X-Forwarded-For is read from its end, as
// long as the hops are proxies that the operator trusts; what stands before
// the first one that is not could be anybody's invention.
func (s *Site) client(remote string, forwarded []string) netip.Addr {
	hop, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	addr := hop.Addr().Unmap()
	list := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(list) - 1; i >= 0 && s.trusted(addr); i-- {
		next, ok := parseHop(strings.TrimSpace(list[i]))
		if !ok {
			break
		}
		addr = next
	}
	return addr
}

// parseHop reads an address that a proxy wrote, with or without a port.
func parseHop(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap(), true
	}
	a, err := netip.ParseAddrPort(s)
	return a.Addr().Unmap(), err == nil
}

func (s *Site) trusted(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Limiter bounds how often each network does something. It lives in memory
// and knows networks only by a hash under a key that dies with the process.
// It is safe for concurrent use.
type Limiter struct {
	clock clock.Clock
	every rate.Limit
	burst int
	key   *seal.Key

	mu    sync.Mutex
	seen  map[string]*rate.Limiter
	swept time.Time
}

// NewLimiter allows n times per period, all of them at once if need be.
func NewLimiter(c clock.Clock, n int, period time.Duration) *Limiter {
	return &Limiter{clock: c, every: rate.Every(period / time.Duration(n)), burst: n,
		key: seal.NewKey(), seen: map[string]*rate.Limiter{}, swept: c.Now()}
}

// Allow counts one more time for a network and tells whether it may.
func (l *Limiter) Allow(network string) bool {
	now := l.clock.Now()
	token := string(l.key.Token(network))
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		l.sweep(now)
	}
	one := l.seen[token]
	if one == nil {
		one = rate.NewLimiter(l.every, l.burst)
		l.seen[token] = one
	}
	return one.AllowN(now, 1)
}

// sweep forgets networks that have all their tries again.
func (l *Limiter) sweep(now time.Time) {
	l.swept = now
	for token, one := range l.seen {
		if one.TokensAt(now) >= float64(l.burst) {
			delete(l.seen, token)
		}
	}
}
