// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// loginsPath is the record of logins. It shows none before a form has said why: IP
// addresses are kept for those reasons alone.
const loginsPath = "/desk/logins"

// loginsPage asks for a reason, or is the list for one.
type loginsPage struct {
	view.Layout
	Action  string
	Days    int // that the addresses are kept
	Reasons []reasonChoice
	Why     string // translated; empty: nothing is shown yet
	Reason  string // of the next list
	Before  string // where that begins; empty: there is none
	Logins  []loginLine
}

type reasonChoice struct{ Key, Name string }

// loginLine is a login that somebody tried.
type loginLine struct {
	At      time.Time // in the tenant's zone
	Year    int
	Seconds string // the time of the day, as logs have it
	Who     string // the member's name, or translated what kind of account it was
	Account string // id of a citizen's, to find others of the same one; else empty
	Method  string // translated
	OK      bool
	Address string // IP; empty: deleted
}

// ReasonError is what is wrong with the choice of a reason.
func (p loginsPage) ReasonError() string { return p.ErrorFor("reason") }

func (p *pages) loginRecordRoutes() {
	p.get(loginsPath, staff.SeeLogins, p.askReason)
	p.post(loginsPath, staff.SeeLogins, p.logins)
}

func (p *pages) askReason(w http.ResponseWriter, r *request) error {
	return p.renderReasons(w, r, nil)
}

func (p *pages) renderReasons(w http.ResponseWriter, r *request, wrong error) error {
	page := p.loginsPage(r)
	for _, why := range staff.Reasons {
		page.Reasons = append(page.Reasons, reasonChoice{Key: string(why), Name: reasonName(r, why)})
	}
	status := r.Show(&page.Layout, wrong)
	return r.Render(w, status, p.views, "logins", page)
}

func (p *pages) loginsPage(r *request) loginsPage {
	return loginsPage{Layout: r.Layout("desk.logins.title"), Action: r.Path(loginsPath),
		Days: r.Catalogue.Tenant.Retention.Amount(privacy.LoginAddress)}
}

func reasonName(r *request, why staff.Reason) string {
	return r.Printer.T("desk.logins.reason." + string(why))
}

// logins answers the form with the list: an address has no place in a URL, and what
// is looked at is recorded each time.
func (p *pages) logins(w http.ResponseWriter, r *request) error {
	why := staff.Reason(r.PostForm.Get("reason"))
	list, err := p.accounts.LoginRecord(r.Context(), r.by, why, r.id("before"))
	if fault.Is(err, fault.Invalid) {
		return p.renderReasons(w, r, err)
	}
	if err != nil {
		return err
	}
	names, err := p.accounts.Names(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := p.loginsPage(r)
	page.Why, page.Reason = reasonName(r, why), string(why)
	for _, l := range list {
		page.Logins = append(page.Logins, loginLineOf(r, l, names))
	}
	if len(list) == credential.LoginsPage {
		page.Before = list[len(list)-1].ID
	}
	return r.Render(w, http.StatusOK, p.views, "logins", page)
}

func loginLineOf(r *request, l credential.Login, names map[string]string) loginLine {
	at := time.Unix(l.At, 0).In(r.Catalogue.Tenant.Zone)
	line := loginLine{At: at, Year: at.Year(), Seconds: at.Format(time.TimeOnly), Method: methodName(r, l.Method), OK: l.OK, Address: l.Address}
	switch {
	case l.OwnerID == "":
		line.Who = r.Printer.T("desk.logins.who.nobody")
	case l.Kind == session.Account:
		line.Who, line.Account = r.Printer.T("desk.logins.who.citizen"), l.OwnerID
	case names[l.OwnerID] != "":
		line.Who = names[l.OwnerID]
	default:
		line.Who = r.Printer.T("desk.logins.who.gone")
	}
	return line
}

// methods are the steps of a login in people's words.
var methods = map[string]string{
	"password":      "account.method.password",
	"passkey":       "account.method.passkey",
	"code":          "account.method.code",
	"recovery code": "account.method.recovery",
	"link":          "account.method.link",
}

func methodName(r *request, method string) string {
	var steps []string
	for step := range strings.SplitSeq(method, ", ") {
		if key, ok := methods[step]; ok {
			step = r.Printer.T(key)
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, ", ")
}
