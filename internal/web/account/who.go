// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	accounts "vorzimmer/internal/account"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// request is a request with what package credential wants to know of it.
type request struct {
	*web.Request
	visit  credential.Visit
	cookie seal.Secret       // of the session that visit.Remember makes: to be set once it has
	mine   *accounts.Account // of whoever is logged in; nil where nobody needs to be
}

type handler func(w http.ResponseWriter, r *request) error

// upload stands for POST where a form sends a file.
const upload = "UPLOAD"

// open registers a page for GET, POST or upload that needs no login.
func (p *pages) open(method, path string, f handler) {
	register := p.site.Get
	if method == http.MethodPost {
		register = p.site.Post
	}
	if method == upload {
		register = func(path string, a web.Access, f web.Func) {
			p.site.PostFile(path, a, rights.FieldFile, rights.MaxImport, f)
		}
	}
	register(path, web.Personal, func(w http.ResponseWriter, hr *web.Request) error {
		if !readable(hr.URL) {
			return fault.New(fault.NotFound, "error.notfound.text")
		}
		r, err := visitOf(hr)
		if err != nil {
			return err
		}
		err = f(w, r)
		if errors.Is(err, errEnded) || errors.Is(err, session.ErrEnded) {
			return p.ended(w, r)
		}
		return err
	})
}

// visitOf reads the session. A reservation that it knows of outlives the login.
func visitOf(hr *web.Request) (*request, error) {
	d, err := hr.Session()
	if err != nil {
		return nil, err
	}
	r := &request{Request: hr, cookie: seal.NewSecret()}
	r.visit = credential.Visit{TenantID: hr.Tenant, Session: d, Network: hr.Network(), Address: hr.Address(),
		Remember: func(ctx context.Context, tx *db.Tx, next session.Data) error {
			if next.Hold == "" {
				next.Hold = d.Hold
			}
			return hr.Remember(ctx, tx, r.cookie, next)
		}}
	return r, nil
}

// errEnded answers a form that came when nobody was logged in any more: to send it
// to the login would lose what was typed.
var errEnded = errors.New("the session has ended")

// own registers a page for whoever is logged in. Others are asked to log in, and
// come back to the page afterwards.
func (p *pages) own(method, path string, f handler) {
	p.open(method, path, func(w http.ResponseWriter, r *request) error {
		mine, missing, err := p.who(r)
		switch {
		case err != nil:
			return err
		case missing != "" && method != http.MethodGet:
			return errEnded
		case missing != "":
			here := strings.TrimPrefix(r.URL.RequestURI(), "/"+string(r.Lang()))
			return r.SeeOther(withNext(missing, nextOf(here)))
		}
		r.mine = mine
		return f(w, r)
	})
}

// who is whoever is logged in, or the path where a login goes on.
func (p *pages) who(r *request) (*accounts.Account, string, error) {
	mine, next, err := p.accounts.Mine(r.Context(), r.visit)
	if fault.Of(err) == fault.NotFound {
		return nil, "/account/login", nil
	}
	if err == nil && next != credential.Done {
		return nil, "/account/code", nil
	}
	return mine, "", err
}

// readable tells whether an address is all text. What is not is no id of
// anything, and a database may refuse to look for it.
func readable(u *url.URL) bool {
	query, err := url.QueryUnescape(u.RawQuery)
	return err == nil && isText(u.Path) && isText(query)
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// id is one in a form; empty, which is nobody's, when it cannot be one.
func (r *request) id(field string) string {
	if s := r.PostForm.Get(field); isText(s) {
		return s
	}
	return ""
}

// withNext adds where to go afterwards. Without it that is the first page.
func withNext(to, next string) string {
	if next == "" || next == home {
		return to
	}
	return to + "?" + url.Values{"next": {next}}.Encode()
}

// maxNext is in bytes: the longest address that is worth coming back to.
const maxNext = 1000

// nextOf checks where to go after login: a page of the account, of an appointment
// or of a reservation, without the language, and no other site whatever a browser
// makes of the address. It is empty for anything else.
func nextOf(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > maxNext || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return ""
	}
	if path.Clean(u.Path) != u.Path || strings.Contains(s, `\`) || !readable(u) || below(u.Path, steps) || !below(u.Path, goals) {
		return ""
	}
	return u.String()
}

var (
	goals = []string{home, "/appointment", "/hold"}
	steps = []string{"/account/login", "/account/code", "/account/logout", "/account/forgotten", "/account/password", "/account/register", "/account/confirm"}
)

// below tells whether a path is one of those, or lies under it.
func below(path string, of []string) bool {
	for _, root := range of {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

// wantedNext is where the form or the address wants to go afterwards.
func wantedNext(r *request) string {
	return nextOf(cmp.Or(r.PostForm.Get("next"), r.URL.Query().Get("next")))
}

// goOn leads to where somebody wanted to go, or else to the first page.
func goOn(r *request) error { return r.SeeOther(cmp.Or(wantedNext(r), home)) }

// endedPage: a form came too late.
type endedPage struct {
	view.Layout
	LoginURL string
}

// ended answers a form that came when nobody was logged in any more. The browser
// keeps the form as long as this page is shown, and sends it again when the page is
// loaded anew: nothing of it has to be kept here.
func (p *pages) ended(w http.ResponseWriter, r *request) error {
	page := endedPage{Layout: layout(r, "account.ended.title", ""), LoginURL: r.Path("/account/login")}
	return r.Render(w, http.StatusForbidden, p.views, "ended", page)
}

// layout is that of a page whose address, without the language, is path; empty for
// one that only takes forms.
func layout(r *request, title, path string) view.Layout {
	l := r.Layout(title)
	l.Languages = nil
	if path != "" {
		l.Languages = r.Languages(path)
	}
	return l
}

// frame is what the pages of whoever is logged in share.
type frame struct {
	view.Layout
	Menu menu
}

// menu are the pages of an account.
type menu struct {
	Name      string
	Items     []view.NavItem
	LogoutURL string
}

var menuItems = []struct{ path, key string }{
	{home, "account.menu.appointments"},
	{"/account/data", "account.menu.data"},
	{security, "account.menu.security"},
	{"/account/consents", "account.menu.consents"},
	{rightsPath, "account.menu.rights"},
}

// frameOf is that of a page at a path. A page of one item's stands below it.
func frameOf(r *request, title, path string) frame {
	f := frame{Layout: layout(r, title, path)}
	d := r.mine.Data
	f.Menu = menu{Name: strings.TrimSpace(d.FirstName + " " + d.LastName), LogoutURL: r.Path("/account/logout")}
	for _, i := range menuItems {
		f.Menu.Items = append(f.Menu.Items, view.NavItem{Text: r.Printer.T(i.key), URL: r.Path(i.path), Current: i.path == path})
	}
	return f
}

// said is the sentence for what the address says has just been done.
func said(r *request, of map[string]string) string {
	for what := range r.URL.Query() {
		if key, ok := of[what]; ok {
			return r.Printer.T(key)
		}
	}
	return ""
}
