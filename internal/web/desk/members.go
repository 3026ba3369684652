// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"slices"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// membersPage: who can log in here.
type membersPage struct {
	view.Layout
	Done      string // translated: what went well just now
	InviteURL string
	Members   []memberRow
}

type memberRow struct {
	Name, Role, State string // Role and State translated
	URL               string
	Everywhere        bool
	Places            []locale.Text
}

// memberPage: one account, or an invitation. The name is no part of its title,
// which browsers remember.
type memberPage struct {
	view.Layout
	Heading     string // translated, or whose account it is
	Done        string
	BackURL     string
	Action      string
	Version     int64  // that the form was made from
	Invite      bool   // asks for name and address, too
	Name, Email string // as typed, or of the account
	Now         string // translated: what holds, when somebody else was quicker
	State       string // translated
	Roles       []roleChoice
	Everywhere  bool
	Locations   []placeChoice
	Disabled    bool
	StateURL    string // to disable or enable; empty for an invitation
	ResetURL    string // to begin again; empty while disabled
}

type roleChoice struct {
	Key, Name, Hint string // Name and Hint translated
	Checked         bool
}

type placeChoice struct {
	Key     string
	Name    locale.Text
	Checked bool
}

// Inputs are who it is. The address of an account stays as it is.
func (p memberPage) Inputs() []view.Input {
	in := []view.Input{{Name: "name", Label: "field.label.name", Type: "text", Value: p.Name, Required: true, Error: p.ErrorFor("name")}}
	if p.Invite {
		in = append(in, view.Input{Name: "email", Label: "field.label.email", Type: "email", Value: p.Email, Required: true,
			Error: p.ErrorFor("email")})
	}
	return in
}

// RoleError is what is wrong with the choice of a role.
func (p memberPage) RoleError() string { return p.ErrorFor("role") }

// PlaceError is what is wrong with the choice of locations.
func (p memberPage) PlaceError() string { return p.ErrorFor("locations") }

func (p *pages) memberRoutes() {
	p.get("/desk/members", staff.ManageStaff, p.members)
	p.get("/desk/members/new", staff.ManageStaff, p.askInvite)
	p.post("/desk/members/new", staff.ManageStaff, p.invite)
	p.get("/desk/members/{id}", staff.ManageStaff, p.memberForm)
	p.post("/desk/members/{id}", staff.ManageStaff, p.saveMember)
	p.post("/desk/members/{id}/disable", staff.ManageStaff, p.memberStep(p.accounts.Disable))
	p.post("/desk/members/{id}/enable", staff.ManageStaff, p.memberStep(p.accounts.Enable))
	p.post("/desk/members/{id}/reset", staff.ManageStaff, p.resetMember)
}

// memberPath is the page of an account, without the language.
func memberPath(id string) string { return "/desk/members/" + id }

func (p *pages) members(w http.ResponseWriter, r *request) error {
	list, err := p.accounts.List(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := membersPage{Layout: r.Layout("desk.members.title"), InviteURL: r.Path("/desk/members/new")}
	if r.URL.Query().Has("invited") {
		page.Done = r.Printer.T("desk.members.invited")
	}
	for _, a := range list {
		page.Members = append(page.Members, memberRow{Name: a.Name, Role: roleName(r.Printer, a.Role), State: r.stateName(a.State),
			URL: r.Path(memberPath(a.ID)), Everywhere: a.Everywhere, Places: placeNames(r.Catalogue, &a.Member)})
	}
	return r.Render(w, http.StatusOK, p.views, "members", page)
}

func roleName(p *locale.Printer, role staff.Role) string { return p.T("desk.role." + string(role)) }

func (r *request) stateName(s staff.State) string {
	return r.Printer.T("desk.members.state." + string(s))
}

// placeNames are the locations of somebody who does not work everywhere.
func placeNames(c *office.Catalogue, m *staff.Member) []locale.Text {
	var out []locale.Text
	for _, id := range m.Locations {
		if l, ok := c.LocationByID(id); ok {
			out = append(out, l.Name)
		}
	}
	return out
}

// problem shows what is wrong on the form itself and returns the status of the
// answer; what belongs to no form is the error again.
func problem(r *web.Request, l *view.Layout, err error) (int, error) {
	f, ok := fault.As(err)
	if err == nil || fault.Is(err, fault.Invalid, fault.Conflict, fault.TooMany) || ok && slices.Contains(onForm, f.Key) {
		return r.Show(l, err), nil
	}
	return 0, err
}

// onForm are refusals about what was typed, not about who typed it.
var onForm = []string{"login.wrong", "staff.above", "login.passkey.refused", "login.ceremony.over"}
