// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/view"
)

// letter is the page of these tests: texts around secrets.
type letter struct {
	view.Layout
	Before, After string
	Secrets       []string
}

const letterTemplate = `{{define "main"}}<h1>{{.Title}}</h1><p>{{.Before}}</p>` +
	`{{range .Secrets}}<input type="hidden" name="once" value="{{.}}">{{end}}<p>{{.After}}</p>{{end}}`

// letters is a set of views with the page of these tests, and the site it is
// shown on.
func letters(t *testing.T) (*view.Set, *Site) {
	t.Helper()
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := view.New(fstest.MapFS{"letter.html": {Data: []byte(letterTemplate)}}, texts, &assets.Set{})
	if err != nil {
		t.Fatal(err)
	}
	return set, &Site{Texts: texts, Assets: &assets.Set{}, Views: set, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Catalogue: func(context.Context, string) (*office.Catalogue, error) { return &office.Catalogue{}, nil }}
}

// sent is a prepared page on its server, and the HTML that was prepared.
type sent struct {
	*testing.T
	url, html   string
	placeholder seal.Secret
}

func send(t *testing.T, before, after string) sent {
	t.Helper()
	set, site := letters(t)
	s := sent{T: t, placeholder: seal.NewSecret()}
	page := letter{Layout: view.Layout{Lang: locale.EN, Title: "Letter"}, Before: before, After: after,
		Secrets: []string{s.placeholder.Reveal()}}
	var b bytes.Buffer
	if err := set.Render(&b, locale.EN, "letter", page); err != nil {
		t.Fatal(err)
	}
	s.html = b.String()
	ready, err := Prepare(set, locale.EN, "letter", page, s.placeholder)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	site.Hosts = map[string]Host{server.Listener.Addr().String(): {Tenant: "kleinstadt"}}
	site.Get("/letter", Public, func(w http.ResponseWriter, r *Request) error {
		r.Send(w, ready)
		return nil
	})
	s.url = server.URL + "/en/letter"
	return s
}

// get returns the answer and its body as it came over the wire.
func (s sent) get(method, accept string) (http.Header, []byte) {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.Header["Accept-Encoding"] = []string{accept} // keeps the client from decompressing
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Language") != "en" || res.Header.Get("Vary") != "Accept-Encoding" {
		s.Errorf("%s: %d %v", method, res.StatusCode, res.Header)
	}
	if n := res.Header.Get("Content-Length"); method == http.MethodGet && n != fmt.Sprint(len(body)) {
		s.Errorf("%d bytes, announced as %s", len(body), n)
	}
	return res.Header, body
}

// secret takes the visitor's secret out of a page and makes sure that the rest
// is as it was prepared.
func (s sent) secret(html string) string {
	s.Helper()
	_, rest, _ := strings.Cut(html, `name="once" value="`)
	secret, _, _ := strings.Cut(rest, `"`)
	if !seal.Secret(secret).Valid() || strings.Contains(html, s.placeholder.Reveal()) {
		s.Error("the visitor has no secret of their own")
	}
	if strings.ReplaceAll(s.html, s.placeholder.Reveal(), secret) != html {
		s.Error("the page is not what was prepared")
	}
	return secret
}

// unpack reads a gzip stream with nothing behind it.
func (s sent) unpack(stream []byte) string {
	s.Helper()
	r := bufio.NewReader(bytes.NewReader(stream))
	z, err := gzip.NewReader(r)
	if err != nil {
		s.Fatal(err)
	}
	z.Multistream(false)
	html, err := io.ReadAll(z)
	if err != nil {
		s.Fatal(err)
	}
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		s.Errorf("%d bytes behind the stream, %v", len(rest), err)
	}
	return string(html)
}

// noise is a text that cannot be made much shorter.
func noise(bytes int) string {
	r := rand.New(rand.NewPCG(1, uint64(bytes)))
	var b strings.Builder
	for b.Len() < bytes {
		b.WriteByte(byte('!' + r.IntN(90)))
	}
	return b.String()
}

// Whatever the size, every visitor gets the whole page with a secret of their
// own, which is in the stream as it is.
func TestPreparedPage(t *testing.T) {
	for name, text := range map[string][2]string{
		"small":         {"a", "b"},
		"nothing after": {"größer als nichts", ""},
		"same words":    {strings.Repeat("Ausweis ", 40_000), strings.Repeat("Ausweis ", 10)},
		"large":         {noise(120_000), noise(80_000)},
		"a block each":  {noise(65_535), strings.Repeat("x", 65_536)},
	} {
		t.Run(name, func(t *testing.T) {
			s := send(t, text[0], text[1])
			for _, accept := range []string{"gzip", "gzip, deflate, br, zstd", "br;q=1, GZIP ; q=0.5"} {
				h, stream := s.get(http.MethodGet, accept)
				if h.Get("Content-Encoding") != "gzip" {
					t.Fatalf("%q is answered with %q", accept, h.Get("Content-Encoding"))
				}
				secret := s.secret(s.unpack(stream))
				if n := bytes.Count(stream, []byte(secret)); n != 1 {
					t.Errorf("the secret is %d times in the stream as it is", n)
				}
				if bytes.Contains(stream, []byte(s.placeholder.Reveal())) {
					t.Error("the secret of the preparation was sent")
				}
			}
			for _, accept := range []string{"", "identity", "br", "gzip;q=0", "deflate, gzip; q=0.000"} {
				h, body := s.get(http.MethodGet, accept)
				if h.Get("Content-Encoding") != "" {
					t.Fatalf("%q is answered with %q", accept, h.Get("Content-Encoding"))
				}
				s.secret(string(body))
			}
			for _, accept := range []string{"gzip", ""} {
				h, body := s.get(http.MethodGet, accept)
				head, none := s.get(http.MethodHead, accept)
				if len(none) > 0 || head.Get("Content-Length") != fmt.Sprint(len(body)) ||
					head.Get("Content-Encoding") != h.Get("Content-Encoding") {
					t.Errorf("HEAD with %q: %d bytes, %v", accept, len(none), head)
				}
			}
		})
	}
}

// Answers to many at once differ in nothing but the secret and the checksum:
// their length tells nobody anything.
func TestPreparedAnswersDifferInTheSecret(t *testing.T) {
	s := send(t, noise(3000), strings.Repeat("Ausweis ", 100))
	_, first := s.get(http.MethodGet, "gzip")
	at := bytes.Index(first, []byte(s.secret(s.unpack(first))))
	var mu sync.Mutex
	seen := map[string]bool{}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 25 {
				_, stream := s.get(http.MethodGet, "gzip")
				secret := s.secret(s.unpack(stream))
				mu.Lock()
				if seen[secret] {
					t.Error("two visitors have one secret")
				}
				seen[secret] = true
				mu.Unlock()
				if len(stream) != len(first) || !bytes.Equal(stream[:at], first[:at]) ||
					!bytes.Equal(stream[at+43:len(stream)-8], first[at+43:len(first)-8]) {
					t.Error("more than the secret differs")
				}
			}
		})
	}
	all.Wait()
}

// A page can only be prepared with the secret in it once.
func TestPrepareNeedsOneSecret(t *testing.T) {
	set, _ := letters(t)
	secret := seal.NewSecret()
	for n := range 4 {
		page := letter{Layout: view.Layout{Lang: locale.DE}, Secrets: []string{secret.Reveal(), secret.Reveal(), secret.Reveal()}[:n]}
		ready, err := Prepare(set, locale.DE, "letter", page, secret)
		if (err == nil) != (n == 1) || (ready == nil) != (err != nil) {
			t.Errorf("%d times: %v", n, err)
		}
		if err != nil && strings.Contains(err.Error(), secret.Reveal()) {
			t.Error("the error has the secret in it")
		}
	}
	if _, err := Prepare(set, locale.DE, "none", letter{}, secret); err == nil {
		t.Error("a page that does not exist was prepared")
	}
}
