// SPDX-License-Identifier: EUPL-1.2

// Package assets serves the style sheets, the scripts and the icon of the
// pages: files with the hash of their content in the name, compressed when
// they were built, so that a browser may keep them for ever. It also keeps the
// font that PDF files are drawn with.
//
// The files are built by npm into the folder dist, which is embedded. A
// program that was built without them still runs: Missing tells so, and the
// pages say it. This package builds nothing itself and knows no page.
package assets

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Prefix is the path under which a Set has to be mounted.
const Prefix = "/assets/"

//go:embed all:dist
var embedded embed.FS

// Set is the built files. It is immutable and safe for concurrent use.
type Set struct {
	names map[string]string // "site.css" -> "site.1a2b3c4d.css"
	files map[string]file   // by hashed name
	font  []byte
}

// file is one asset in every form that it can be sent in.
type file struct {
	contentType     string
	plain, gzip, br []byte
}

// Load reads the embedded files. It is no error when they were not built.
func Load() (*Set, error) {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		return nil, fmt.Errorf("open assets: %w", err)
	}
	return load(dist)
}

func load(dist fs.FS) (*Set, error) {
	s := &Set{names: map[string]string{}, files: map[string]file{}}
	manifest, err := fs.ReadFile(dist, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read asset manifest: %w", err)
	}
	if err := json.Unmarshal(manifest, &s.names); err != nil {
		return nil, fmt.Errorf("parse asset manifest: %w", err)
	}
	for _, hashed := range s.names {
		f, err := read(dist, hashed)
		if err != nil {
			return nil, fmt.Errorf("read asset %s: %w", hashed, err)
		}
		s.files[hashed] = f
	}
	if s.font, err = fs.ReadFile(dist, "print.ttf"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return s, nil
}

func read(dist fs.FS, name string) (file, error) {
	f := file{contentType: mime.TypeByExtension(path.Ext(name))}
	if strings.HasSuffix(name, ".js") { // the system's table may say otherwise
		f.contentType = "text/javascript; charset=utf-8"
	}
	for suffix, into := range map[string]*[]byte{"": &f.plain, ".gz": &f.gzip, ".br": &f.br} {
		b, err := fs.ReadFile(dist, name+suffix)
		if err != nil {
			return file{}, err
		}
		*into = b
	}
	return f, nil
}

// Missing tells whether the assets were left out when the program was built.
func (s *Set) Missing() bool { return len(s.names) == 0 }

// Font is a TrueType font with every letter of DIN 91379; empty when it was
// left out. Nobody changes it.
func (s *Set) Font() []byte { return s.font }

// URL is the path of an asset by its plain name, such as "site.css"; empty
// when there is no such asset.
func (s *Set) URL(name string) string {
	if hashed, ok := s.names[name]; ok {
		return Prefix + hashed
	}
	return ""
}

// ServeHTTP sends the asset of the request's path. The name changes with the
// content, so the answer may be kept for a year without asking again.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	body := f.plain
	accept := r.Header.Get("Accept-Encoding")
	switch {
	case accepts(accept, "br"):
		body = f.br
		h.Set("Content-Encoding", "br")
	case accepts(accept, "gzip"):
		body = f.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodGet {
		// A failed write means that the browser has gone.
		_, _ = w.Write(body)
	}
}

// accepts reads an Accept-Encoding header (RFC 9110, section 12.5.3). The
// wildcard counts as not naming the coding: plain is always right.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
		if !found {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}
