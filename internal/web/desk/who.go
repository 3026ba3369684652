// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// errEnded answers a form that came when nobody was logged in any more.
var errEnded = errors.New("the session has ended")

// whoIs is whoever is logged in, with all factors that the tenant wants, and
// their session. When
// nobody is, the error leads to the login and back again, or is errEnded for a
// form: to send it elsewhere would lose what was typed.
func (p *pages) whoIs(r *web.Request) (*staff.Member, session.Data, error) {
	d, err := r.Session()
	if err != nil {
		return nil, d, err
	}
	by, next, err := p.accounts.Member(r.Context(), r.Tenant, d)
	if fault.Of(err) == fault.NotFound { // nobody, or disabled since
		return nil, d, p.notLoggedIn(r, "/desk/login")
	}
	if err == nil && next != credential.Done {
		return nil, d, p.notLoggedIn(r, "/desk/factor")
	}
	return by, d, err
}

func (p *pages) notLoggedIn(r *web.Request, to string) error {
	if r.Method == http.MethodPost {
		return errEnded
	}
	here := strings.TrimPrefix(r.URL.RequestURI(), "/"+string(r.Lang()))
	return r.SeeOther(withNext(to, nextOf(here)))
}

// withNext adds where to go afterwards. Without it that is the first page.
func withNext(to, next string) string {
	if next == "" || next == "/desk" {
		return to
	}
	return to + "?" + url.Values{"next": {next}}.Encode()
}

// maxNext is in bytes: the longest address that is worth coming back to.
const maxNext = 1000

// nextOf checks where to go after login: a page of the desk, without the
// language, and no other site whatever a browser makes of the address. It is
// empty for anything else.
func nextOf(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > maxNext || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return ""
	}
	if u.Path != "/desk" && !strings.HasPrefix(u.Path, "/desk/") || path.Clean(u.Path) != u.Path || strings.Contains(s, `\`) {
		return ""
	}
	for _, step := range []string{"/desk/login", "/desk/factor", "/desk/logout", "/desk/invitation", "/desk/forgotten"} {
		if u.Path == step || strings.HasPrefix(u.Path, step+"/") {
			return ""
		}
	}
	return u.String()
}

// wantedNext is where the form or the address wants to go afterwards.
func wantedNext(r *web.Request) string {
	if next := r.PostForm.Get("next"); next != "" {
		return nextOf(next)
	}
	return nextOf(r.URL.Query().Get("next"))
}

// goOn leads to where somebody wanted to go before the login.
func goOn(r *web.Request) error {
	return r.SeeOther(afterLogin(r))
}

// afterLogin is where somebody wanted to go, or else the first page.
func afterLogin(r *web.Request) string { return cmp.Or(wantedNext(r), "/desk") }

// endedPage: a form came too late.
type endedPage struct {
	view.Layout
	LoginURL string
}

// answerEnded turns what says that nobody is logged in any more into the page
// that says so. A form may find out late, when it wants to go on in a new
// session.
func (p *pages) answerEnded(w http.ResponseWriter, r *web.Request, err error) error {
	if errors.Is(err, errEnded) || errors.Is(err, session.ErrEnded) {
		return p.ended(w, r)
	}
	return err
}

// ended answers a form that came when nobody was logged in any more. The
// browser keeps the form as long as this page is shown, and sends it again when
// the page is loaded anew: nothing of it has to be kept here.
func (p *pages) ended(w http.ResponseWriter, r *web.Request) error {
	page := endedPage{Layout: r.Layout("desk.ended.title"), LoginURL: r.Path("/desk/login")}
	page.Languages = nil // leads to an address that takes forms only
	return r.Render(w, http.StatusForbidden, p.views, "ended", page)
}

// logged is a step of a login that begins or goes on in a session. The cookie
// that it returns has to be set once a step has succeeded that makes a new one.
func logged(r *web.Request, d session.Data) (seal.Secret, credential.Visit) {
	secret := seal.NewSecret()
	return secret, credential.Visit{TenantID: r.Tenant, Session: d, Network: r.Network(), Address: r.Address(),
		Remember: func(ctx context.Context, tx *db.Tx, d session.Data) error { return r.Remember(ctx, tx, secret, d) }}
}

// inSession is logged for a step that leaves the session as it is.
func inSession(r *web.Request, d session.Data) credential.Visit {
	_, v := logged(r, d)
	return v
}
