// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// heaviest is what the first view may weigh in bytes.
const heaviest = 100_000

// counter counts the bytes of a connection in both directions.
type counter struct {
	net.Conn
	bytes *atomic.Int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func (c counter) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}

// TestFirstView counts every byte that the first view of the start page moves,
// with headers.
func TestFirstView(t *testing.T) {
	p := startDemo(t, "")
	for _, coding := range []string{"gzip", "gzip, deflate, br, zstd"} {
		var bytes atomic.Int64
		v := newVisitor(t, p)
		transport := &http.Transport{DisableCompression: true,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := new(net.Dialer).DialContext(ctx, network, address)
				return counter{c, &bytes}, err
			}}
		t.Cleanup(transport.CloseIdleConnections)
		v.client.Transport = transport
		v.header = http.Header{
			"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"},
			"Accept":          {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"},
			"Accept-Language": {"de-DE,de;q=0.9,en;q=0.8"}, "Accept-Encoding": {coding}}
		first := v.follow(v.get("/"))
		first.Body = unzip(t, first.Body)
		files := assets(first)
		files.Each(func(_ int, s *goquery.Selection) { v.page(s.AttrOr("href", s.AttrOr("src", ""))) })
		t.Logf("%d bytes with %s", bytes.Load(), coding)
		if n := bytes.Load(); n > heaviest || files.Length() == 0 || n < int64(len(first.Body)/20) {
			t.Errorf("%d bytes for the page and %d files with %s, want at most %d", n, files.Length(), coding, heaviest)
		}
	}
}

// TestFirstViewInBrowser believes the browser's own count.
func TestFirstViewInBrowser(t *testing.T) {
	b := startBrowser(t, "")
	p := startDemo(t, "")
	tb := b.tab(t, p, "en", view{width: 1280})
	var bytes, files atomic.Int64
	err := chromedp.Listen(tb.ctx, func(event any) {
		if e, ok := event.(*network.EventLoadingFinished); ok {
			bytes.Add(int64(e.EncodedDataLength))
			files.Add(1)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := tb.open("/"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if at := tb.address(); !strings.HasPrefix(at, "/en/") {
		t.Fatalf("the browser is at %s", at)
	}
	eventually(t, "page, style sheet, script and icon", func() bool { return files.Load() >= 4 })
	t.Logf("%d bytes in %d files", bytes.Load(), files.Load())
	if n := bytes.Load(); n > heaviest {
		t.Errorf("%d bytes, want at most %d", n, heaviest)
	}
}
