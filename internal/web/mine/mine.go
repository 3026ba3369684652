// SPDX-License-Identifier: EUPL-1.2

// Package mine serves the pages on which people change what is kept about them:
// erase it, restrict its use, correct it. They are the same for guests, who come by
// a link to their mailbox, and for owners of accounts; only their addresses differ.
//
// Every page is personal, and none needs a script. Looking changes nothing.
package mine

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// templateFiles holds one template for each page struct.
//
//go:embed templates/*.html
var templateFiles embed.FS

// pages are the handlers of this audience.
type pages struct {
	site   *web.Site
	views  *view.Set
	rights *rights.Rights
	clock  clock.Clock
}

// request is one of somebody whose records these are, or who says so: package rights
// finds out.
type request struct {
	*web.Request
	by     rights.Asker
	owner  bool   // of an account
	base   string // of the addresses of these pages, without the language
	logged session.Data
}

type handler func(w http.ResponseWriter, r *request) error

// Register adds the pages to a site.
func Register(site *web.Site, r *rights.Rights, c clock.Clock) error {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return fmt.Errorf("open templates: %w", err)
	}
	views, err := view.New(files, site.Texts, site.Assets)
	if err != nil {
		return fmt.Errorf("pages about own data: %w", err)
	}
	p := &pages{site: site, views: views, rights: r, clock: c}
	p.both("/erase", p.askErase, p.erase)
	p.both("/restrict", p.askRestrict, p.restrict)
	p.both("/correct", p.correctList, nil)
	p.both("/correct/{id}", p.askCorrect, p.correct)
	return nil
}

// both registers a page and its form, which is nil for none, for guests and owners.
func (p *pages) both(path string, get, post handler) {
	for base, who := range map[string]func(handler) web.Func{"/rights/{secret}": p.guest, "/account": p.owner} {
		p.site.Get(base+path, web.Personal, who(get))
		if post != nil {
			p.site.Post(base+path, web.Personal, who(post))
		}
	}
}

func (p *pages) guest(f handler) web.Func {
	return func(w http.ResponseWriter, hr *web.Request) error {
		s := seal.Secret(hr.PathValue("secret"))
		return f(w, &request{Request: hr, by: rights.Guest(hr.Tenant, s), base: "/rights/" + s.Reveal()})
	}
}

// owner lets in who is logged in. Others are asked to log in; what a form would have
// done was not done then, and has to be looked at again.
func (p *pages) owner(f handler) web.Func {
	return func(w http.ResponseWriter, hr *web.Request) error {
		d, err := hr.Session()
		if err != nil {
			return err
		}
		here := url.Values{"next": {strings.TrimPrefix(hr.URL.Path, "/"+string(hr.Lang()))}}.Encode()
		if d.AccountID == "" || !d.Full {
			return hr.SeeOther("/account/login?" + here)
		}
		v := credential.Visit{TenantID: hr.Tenant, Session: d, Network: hr.Network(), Address: hr.Address(),
			Remember: func(ctx context.Context, tx *db.Tx, next session.Data) error {
				return hr.Remember(ctx, tx, seal.NewSecret(), next)
			}}
		err = f(w, &request{Request: hr, by: rights.Owner(v), owner: true, base: "/account", logged: d})
		if e, ok := fault.As(err); ok && e.Key == "login.prove" {
			return hr.SeeOther("/account/prove?" + here)
		}
		return err
	}
}

// layout is that of a page with an address below the base.
func (r *request) layout(title, path string) view.Layout {
	l := r.Layout(title)
	l.Languages = r.Languages(r.base + path)
	return l
}

// path is an address below the base, with the language.
func (r *request) path(path string) string { return r.Path(r.base + path) }

// back is where all rights are.
func (r *request) back() string {
	if r.owner {
		return r.Path("/account/rights")
	}
	return r.Path(r.base)
}
