// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a running Chromium.
type browser struct{ ctx context.Context }

// startBrowser runs a Chromium that reaches this machine only. preferences is
// what its owner set, as JSON; it may be empty.
func startBrowser(t testing.TB, preferences string) *browser {
	t.Helper()
	path, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "vorzimmer-browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // what a last process still writes is not worth a failure
	if preferences != "" {
		if err := os.Mkdir(filepath.Join(profile, "Default"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(preferences), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &browser{ctx}
}

// view is how a page is looked at.
type view struct {
	width    int64 // pixels
	dark     bool
	noScript bool
}

// tab is one page in the browser. Unless it shares the browser's own store,
// it knows no other tab's cookies.
type tab struct {
	t    testing.TB
	ctx  context.Context
	base string
	lang string
	view view

	mu       sync.Mutex
	problems []string
}

// tab opens an empty page with a store of its own.
func (b *browser) tab(t testing.TB, p *process, lang string, v view) *tab {
	t.Helper()
	return b.tabIn(t, p, lang, v, chromedp.WithNewBrowserContext())
}

func (b *browser) tabIn(t testing.TB, p *process, lang string, v view, in ...chromedp.ContextOption) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, in...)
	t.Cleanup(cancel)
	tb := &tab{t: t, ctx: ctx, base: p.base, lang: lang, view: v}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	if err := chromedp.Listen(ctx, tb.listen); err != nil {
		t.Fatal(err)
	}
	tb.do(command(log.Enable, cdp.Empty{}),
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.noScript}))
	tb.look(v)
	t.Cleanup(func() {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		for _, problem := range tb.problems {
			t.Error(problem)
		}
	})
	return tb
}

// command makes a step of a protocol command.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// listen notes what a visitor would not see: requests to others, what the
// content policy stopped, errors of scripts.
func (tb *tab) listen(event any) {
	problem := ""
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u := e.Request.URL
		if !strings.HasPrefix(u, tb.base+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "about:") {
			problem = "request to another site: " + u
		}
	case *runtime.EventExceptionThrown:
		problem = "exception in a script: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceSecurity || e.Entry.Source == log.EntrySourceJavascript {
			problem = fmt.Sprintf("browser's log: %s", e.Entry.Text)
		}
	}
	if problem != "" {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		tb.problems = append(tb.problems, problem)
	}
}

// look changes how the page is looked at.
func (tb *tab) look(v view) {
	tb.t.Helper()
	scheme := "light"
	if v.dark {
		scheme = "dark"
	}
	tb.view = v
	tb.do(chromedp.EmulateViewport(v.width, 900),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}))
}

func (tb *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tb.t.Fatalf("browser: %v", err)
	}
}

// load does what leads to another page and returns that page's status.
func (tb *tab) load(what string, steps ...chromedp.Action[chromedp.Void]) int {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	r, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		tb.t.Fatalf("%s on %s: %v", what, tb.path(), err)
	}
	if r == nil {
		tb.t.Fatalf("%s leads to no other page", what)
		return 0
	}
	tb.fits()
	return int(r.Status)
}

// open goes to a path.
func (tb *tab) open(path string) int {
	tb.t.Helper()
	return tb.load("open", chromedp.Navigate(tb.base+path))
}

// ask evaluates an expression in the page.
func ask[T any](tb *tab, expression string) T {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.t.Fatalf("evaluate %.80s: %v", expression, err)
	}
	return v
}

// path is where the tab is, without the secret of a link.
func (tb *tab) path() string { return secretInPath.ReplaceAllString(tb.address(), "/$1/…") }

func (tb *tab) address() string {
	tb.t.Helper()
	return ask[string](tb, "location.pathname + location.search")
}

// fits checks what holds for every page: its language, its title, and that
// nobody has to scroll sideways.
func (tb *tab) fits() {
	tb.t.Helper()
	at := tb.path()
	if lang := ask[string](tb, "document.documentElement.lang"); lang != tb.lang && !strings.HasPrefix(at, "/demo/") {
		tb.t.Errorf("%s: language %q, want %q", at, lang, tb.lang)
	}
	if ask[string](tb, "document.title") == "" {
		tb.t.Errorf("%s: no title", at)
	}
	if wide := ask[int](tb, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		tb.t.Errorf("%s: %d pixels too wide for %d", at, wide, tb.view.width)
	}
}
