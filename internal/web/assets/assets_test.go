// SPDX-License-Identifier: EUPL-1.2

package assets

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"manifest.json":   file(`{"site.css":"site.aaa.css","site.js":"site.bbb.js"}`),
		"site.aaa.css":    file("plain css"),
		"site.aaa.css.gz": file("gzip css"),
		"site.aaa.css.br": file("brotli css"),
		"site.bbb.js":     file("plain js"),
		"site.bbb.js.gz":  file("gzip js"),
		"site.bbb.js.br":  file("brotli js"),
	}
}

func TestServe(t *testing.T) {
	set, err := load(built())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, method, path, accept string
		status                     int
		body, coding, kind         string
	}{
		{"no header", "GET", "/assets/site.aaa.css", "", 200, "plain css", "", "text/css; charset=utf-8"},
		{"brotli first", "GET", "/assets/site.aaa.css", "gzip, deflate, br", 200, "brotli css", "br", "text/css; charset=utf-8"},
		{"gzip", "GET", "/assets/site.bbb.js", "gzip", 200, "gzip js", "gzip", "text/javascript; charset=utf-8"},
		{"brotli refused", "GET", "/assets/site.bbb.js", "br;q=0, gzip;q=0.5", 200, "gzip js", "gzip", "text/javascript; charset=utf-8"},
		{"all refused", "GET", "/assets/site.bbb.js", "br;q=0.0, gzip;q=0", 200, "plain js", "", "text/javascript; charset=utf-8"},
		{"broken weight", "GET", "/assets/site.bbb.js", "br;q=much", 200, "plain js", "", "text/javascript; charset=utf-8"},
		{"other case", "GET", "/assets/site.bbb.js", "BR", 200, "brotli js", "br", "text/javascript; charset=utf-8"},
		{"part of a word", "GET", "/assets/site.bbb.js", "brx, xgzip", 200, "plain js", "", "text/javascript; charset=utf-8"},
		{"head", "HEAD", "/assets/site.aaa.css", "br", 200, "", "br", "text/css; charset=utf-8"},
		{"plain name", "GET", "/assets/site.css", "", 404, "", "", ""},
		{"compressed name", "GET", "/assets/site.aaa.css.br", "", 404, "", "", ""},
		{"manifest", "GET", "/assets/manifest.json", "", 404, "", "", ""},
		{"folder", "GET", "/assets/", "", 404, "", "", ""},
		{"other method", "POST", "/assets/site.aaa.css", "", 405, "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Header.Set("Accept-Encoding", tt.accept)
			w := httptest.NewRecorder()
			set.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d", w.Code, tt.status)
			}
			if tt.status != http.StatusOK {
				if got := w.Header().Get("Cache-Control"); got != "" {
					t.Errorf("an error may be kept: %q", got)
				}
				return
			}
			if got := w.Body.String(); got != tt.body {
				t.Errorf("body %q, want %q", got, tt.body)
			}
			for name, want := range map[string]string{"Content-Encoding": tt.coding, "Content-Type": tt.kind,
				"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestURL(t *testing.T) {
	set, err := load(built())
	if err != nil {
		t.Fatal(err)
	}
	if set.Missing() {
		t.Error("says that it is missing")
	}
	if got := set.URL("site.css"); got != "/assets/site.aaa.css" {
		t.Errorf("URL %q", got)
	}
	if got := set.URL("other.css"); got != "" {
		t.Errorf("URL of an unknown asset: %q", got)
	}
}

func TestNotBuilt(t *testing.T) {
	set, err := load(fstest.MapFS{".gitignore": &fstest.MapFile{}})
	if err != nil {
		t.Fatal(err)
	}
	if !set.Missing() || set.URL("site.css") != "" {
		t.Error("does not say that it is missing")
	}
}

func TestBrokenBuild(t *testing.T) {
	noGzip, badJSON := built(), built()
	delete(noGzip, "site.bbb.js.gz")
	badJSON["manifest.json"] = &fstest.MapFile{Data: []byte("{")}
	for name, dist := range map[string]fstest.MapFS{"no gzip": noGzip, "bad manifest": badJSON} {
		if _, err := load(dist); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The folder is always there, built or not.
func TestLoad(t *testing.T) {
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if !set.Missing() && set.URL("site.css") == "" {
		t.Error("built without a style sheet")
	}
}
