// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
)

// What somebody has who tries passwords that were stolen elsewhere: many addresses,
// a list of people, some of whom have accounts here, and many connections. The clock
// stands still, so that no try comes back: it is as if the flood came all at once.
const (
	victims     = 8
	strangers   = 1 // on the list without an account here
	triesAtOnce = 32
	triesOfOne  = 50 // that are let through for one address, from all networks together
)

// flood is such an attack, which goes on in parts.
type flood struct {
	*visit
	client   *http.Client
	next     int // try
	mu       sync.Mutex
	answered map[int]int // how many tries, by status
}

// via sends requests by way of a proxy, as those of an address.
type via struct {
	http.RoundTripper
	address string
}

// RoundTrip adds what a proxy adds.
func (p via) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", p.address)
	return p.RoundTripper.RoundTrip(r)
}

// at is a browser in a network.
func (v *visit) at(address string) *visit {
	v.Helper()
	b := v.browser()
	b.client.Transport = via{http.DefaultTransport, address}
	return b
}

// goesOn makes so many more tries, each from a network of its own, and meanwhile what
// somebody else does.
func (f *flood) goesOn(tries int, meanwhile func()) {
	f.Helper()
	var all, busy sync.WaitGroup
	todo := make(chan int)
	busy.Add(triesAtOnce)
	for range triesAtOnce {
		all.Go(func() {
			started := sync.OnceFunc(busy.Done)
			defer started()
			for i := range todo {
				f.try(i)
				started()
			}
		})
	}
	all.Go(func() {
		defer close(todo)
		for range tries {
			todo <- f.next
			f.next++
		}
	})
	defer all.Wait()
	busy.Wait()
	meanwhile()
}

// try is one login of the flood.
func (f *flood) try(i int) {
	address := fmt.Sprintf("198.18.%d.%d", i/250, i%250)
	if i%2 == 1 {
		address = fmt.Sprintf("2001:db8:%x::1", i)
	}
	form := url.Values{"email": {victim(i % (victims + strangers))}, "password": {fmt.Sprint("Anderswo gestohlen ", i)}}
	r, err := http.NewRequestWithContext(f.Context(), http.MethodPost, f.base+"/de/account/login", strings.NewReader(form.Encode()))
	if err != nil {
		f.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	res, err := f.client.Do(r)
	if err != nil {
		f.Error(err)
		return
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		f.Error(err)
	}
	if res.Header.Get("Set-Cookie") != "" {
		f.Errorf("try %d gets a session", i)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered[res.StatusCode]++
}

func victim(i int) string { return fmt.Sprintf("frieda-%d@example.org", i) }

// Ten thousand tries from ten thousand addresses let nobody in and keep nobody out:
// who was here before logs in, who comes from elsewhere gets in by a link in a mail,
// and the service goes on for everybody else. Most of its time goes into hashing what
// is let through, so one engine has to do.
func TestStuffing(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	v.service.Site.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for i := range victims {
		v.signUp(but(frieda, "email", victim(i)))
	}
	const atHome, away = "192.0.2.7", "203.0.113.9"
	v.at(atHome).comeBack(victim(0), password, "")
	f := &flood{visit: v, client: &http.Client{CheckRedirect: v.client.CheckRedirect,
		Transport: &http.Transport{MaxIdleConnsPerHost: triesAtOnce}}, answered: map[int]int{}}
	defer f.client.CloseIdleConnections()
	ordinary := func() {
		v.at(atHome).comeBack(victim(0), password, "")
		for _, page := range []string{"/de/", "/de/times?service=ausweis", "/en/account/login", "/healthz"} {
			v.want(v.at(away).get(page), http.StatusOK)
		}
		v.book("meldung")
	}

	f.goesOn(4000, ordinary)
	changed := password + " 2"
	f.goesOn(3000, func() {
		b, login := v.at(away), url.Values{"email": {victim(1)}, "password": {password}}
		b.want(b.post("/de/account/login", login), http.StatusTooManyRequests)
		b.want(b.post("/de/account/forgotten", url.Values{"email": {victim(1)}}), http.StatusSeeOther)
		page := link(t, v.send(victim(1)), `/de/account/password/[\w-]+`)
		b.want(b.post(page, twice(changed)), http.StatusSeeOther)
		b.comeBack(victim(1), changed, "")
		if !b.in() {
			t.Error("the owner is not in")
		}
	})
	f.goesOn(3000, func() {
		ordinary()
		v.at(away).comeBack(victim(1), changed, "")
	})

	through, refused := f.answered[http.StatusForbidden], f.answered[http.StatusTooManyRequests]
	if through+refused != 10_000 {
		t.Errorf("the tries were answered with %v", f.answered)
	}
	if most := (victims + strangers) * triesOfOne; through == 0 || through > most {
		t.Errorf("%d tries were let through, at most %d", through, most)
	}
	if n := v.count("SELECT COUNT(*) FROM login WHERE NOT ok"); n != through {
		t.Errorf("%d failed logins are recorded, %d were let through", n, through)
	}
	if n := v.count("SELECT COUNT(DISTINCT owner_id) FROM login WHERE NOT ok"); n != victims {
		t.Errorf("%d accounts have failed logins", n)
	}
}
