// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/config"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/citizen"
	"vorzimmer/internal/web/view"
)

// serve connects the packages as package app does, without the worker that
// sends mails and with limits that nobody reaches.
func (t *town) serve(tb testing.TB) {
	tb.Helper()
	texts, err := locale.Load()
	if err != nil {
		tb.Fatal(err)
	}
	set, err := assets.Load()
	if err != nil {
		tb.Fatal(err)
	}
	views, err := view.New(embed.FS{}, texts, set)
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	t.host = server.Listener.Addr().String()
	base := &url.URL{Scheme: "http", Host: t.host}
	t.bookings = &booking.Bookings{DB: t.DB, Offices: office.NewStore(), Persons: person.NewVault(t.key), Texts: texts,
		Links: citizen.Links(func(string) *url.URL { return base }), From: "termine@example.org", Wake: func() {}}
	site := &web.Site{Hosts: map[string]web.Host{t.host: {Tenant: t.tenant}}, Texts: texts, Assets: set, Views: views,
		Sessions: &session.Store{DB: t.DB}, Catalogue: t.bookings.Catalogue,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	say := citizen.Statements{Notices: notice.New(notice.Options{DB: t.DB, Texts: texts, Secure: func(string) bool { return false }})}
	if err := citizen.Register(site, t.bookings, nil, say, t.Clock, config.Limits{Holds: 1e9, Bookings: 1e9}); err != nil {
		tb.Fatal(err)
	}
	server.Config.Handler = site
	server.Start()
	tb.Cleanup(server.Close)
}

// visitor is a browser with one connection, which stays open. It does as
// little as it can, because it shares the processors with what it measures.
type visitor struct {
	host   string
	out    net.Conn
	in     *bufio.Reader
	cookie string       // as in the Cookie header
	body   bytes.Buffer // of the last answer
}

// newVisitors connects clients to a host; their connections close when the
// test ends.
func newVisitors(tb testing.TB, host string, clients int) []*visitor {
	tb.Helper()
	var all []*visitor
	for range clients {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = conn.Close() })
		all = append(all, &visitor{host: host, out: conn, in: bufio.NewReader(conn)})
	}
	return all
}

// get asks for a page, which must be there.
func (v *visitor) get(path string) error {
	_, _, err := v.send(http.StatusOK, "GET "+path, "", "")
	return err
}

// post sends a form and returns the path that the answer leads to.
func (v *visitor) post(path string, form url.Values) (string, error) {
	h, _, err := v.send(http.StatusSeeOther, "POST "+path, "Content-Type: application/x-www-form-urlencoded\r\n", form.Encode())
	if err != nil {
		return "", err
	}
	if c := h.Get("Set-Cookie"); c != "" {
		v.cookie, _, _ = strings.Cut(c, ";")
	}
	return h.Get("Location"), nil
}

// send returns header and body, until the next one, of an answer, whose status must be the right
// one. An error does not name the path, which may hold a secret.
func (v *visitor) send(want int, line, more, body string) (http.Header, []byte, error) {
	if v.cookie != "" {
		more += "Cookie: " + v.cookie + "\r\n"
	}
	_, err := fmt.Fprintf(v.out, "%s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip\r\n%sContent-Length: %d\r\n\r\n%s",
		line, v.host, more, len(body), body)
	if err != nil {
		return nil, nil, fmt.Errorf("send request: %w", err)
	}
	res, err := http.ReadResponse(v.in, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("read answer: %w", err)
	}
	defer res.Body.Close()
	v.body.Reset() // used again, so that the visitor costs little
	if _, err := v.body.ReadFrom(res.Body); err != nil {
		return nil, nil, fmt.Errorf("read answer: %w", err)
	}
	if res.StatusCode != want {
		return nil, nil, fmt.Errorf("status %d instead of %d", res.StatusCode, want)
	}
	return res.Header, v.body.Bytes(), nil
}
