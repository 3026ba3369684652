// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"slices"
	"strconv"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
)

// rights is what a form or an account says about role and locations.
type rights struct {
	role       staff.Role
	everywhere bool
	locations  []string // ids
}

// rightsIn reads the form. A location that the tenant does not have answers
// NotFound.
func rightsIn(r *request) (rights, error) {
	want := rights{role: staff.Role(r.PostForm.Get("role")), everywhere: r.PostForm.Get("everywhere") != ""}
	for _, key := range r.PostForm["locations"] {
		l, ok := r.Catalogue.Location(key)
		if !ok {
			return want, fault.New(fault.NotFound, "location.unknown")
		}
		want.locations = append(want.locations, l.ID)
	}
	return want, nil
}

// choose fills in role and locations: the roles that the member may give, and
// the one that the account has.
func (p *memberPage) choose(r *request, want rights, has staff.Role) {
	p.Everywhere = want.everywhere
	for _, role := range staff.Roles {
		if !slices.Contains(staff.Grants(r.by), role) && role != has {
			continue
		}
		p.Roles = append(p.Roles, roleChoice{Key: string(role), Name: r.roleName(role),
			Hint: r.Printer.T("desk.members.hint." + string(role)), Checked: role == want.role})
	}
	works := staff.Member{Locations: want.locations}
	for i := range r.Catalogue.Locations {
		if l := &r.Catalogue.Locations[i]; !l.Retired {
			p.Locations = append(p.Locations, placeChoice{Key: l.Key, Name: l.Name, Checked: works.At(l.ID)})
		}
	}
}

func (p *pages) askInvite(w http.ResponseWriter, r *request) error {
	return p.renderInvite(w, r, rights{role: staff.Clerk}, nil)
}

func (p *pages) renderInvite(w http.ResponseWriter, r *request, want rights, wrong error) error {
	page := memberPage{Layout: r.Layout("desk.members.invite_title"), Heading: r.Printer.T("desk.members.invite_title"), Invite: true, Name: r.PostForm.Get("name"),
		Email: r.PostForm.Get("email"), Action: r.Path("/desk/members/new"), BackURL: r.Path("/desk/members")}
	page.choose(r, want, "")
	status, err := problem(r.Request, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "member", page)
}

func (p *pages) invite(w http.ResponseWriter, r *request) error {
	want, err := rightsIn(r)
	if err != nil {
		return err
	}
	_, err = p.accounts.Invite(r.Context(), r.by, staff.NewAccount{Email: r.PostForm.Get("email"), Name: r.PostForm.Get("name"),
		Role: want.role, Everywhere: want.everywhere, Locations: want.locations, Lang: r.Lang()})
	if err != nil {
		return p.renderInvite(w, r, want, err)
	}
	return r.SeeOther("/desk/members?invited")
}

func (p *pages) memberForm(w http.ResponseWriter, r *request) error {
	a, err := p.accounts.Account(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.renderMember(w, r, a, nil)
}

// renderMember shows an account: what was typed, when something is wrong with
// it, else what holds.
func (p *pages) renderMember(w http.ResponseWriter, r *request, a *staff.Account, wrong error) error {
	path := r.Path(memberPath(a.ID))
	page := memberPage{Layout: r.Layout("desk.members.one_title"), Heading: a.Name, BackURL: r.Path("/desk/members"), Action: path, Version: a.Version,
		Name: a.Name, Email: a.Email, State: r.stateName(a.State), Disabled: a.State == staff.Disabled, StateURL: path + "/disable"}
	if page.Disabled {
		page.StateURL = path + "/enable"
	} else {
		page.ResetURL = path + "/reset"
	}
	for query, key := range map[string]string{"saved": "desk.members.saved", "reset": "desk.members.reset_done"} {
		if r.URL.Query().Has(query) {
			page.Done = r.Printer.T(key)
		}
	}
	want := rights{a.Role, a.Everywhere, a.Locations}
	if wrong != nil && r.PostForm.Has("role") {
		typed, err := rightsIn(r)
		if err != nil {
			return err
		}
		want, page.Name = typed, r.PostForm.Get("name")
		page.Now = p.nowOf(r, a)
	}
	page.choose(r, want, a.Role)
	status, err := problem(r.Request, &page.Layout, wrong)
	if err != nil {
		return err
	}
	if status != http.StatusConflict {
		page.Now = ""
	}
	return r.Render(w, status, p.views, "member", page)
}

// nowOf says what holds, beside a form that wanted to change something older.
func (p *pages) nowOf(r *request, a *staff.Account) string {
	return r.Printer.T("desk.members.now", "Name", a.Name, "Role", r.roleName(a.Role), "State", r.stateName(a.State))
}

// versionIn is the version that a form was made from; an impossible one is
// older than any.
func versionIn(r *web.Request) int64 {
	v, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func (p *pages) saveMember(w http.ResponseWriter, r *request) error {
	a, err := p.accounts.Account(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	want, err := rightsIn(r)
	if err != nil {
		return err
	}
	err = p.accounts.Update(r.Context(), r.by, a.ID, versionIn(r.Request), staff.Change{Name: r.PostForm.Get("name"),
		Role: want.role, Everywhere: want.everywhere, Locations: want.locations})
	if err != nil {
		return p.renderMember(w, r, a, err)
	}
	return r.SeeOther(memberPath(a.ID) + "?saved")
}

// memberStep is a form with one button that changes an account.
func (p *pages) memberStep(change func(r *request, id string, version int64) error, done string) handler {
	return func(w http.ResponseWriter, r *request) error {
		a, err := p.accounts.Account(r.Context(), r.by, r.PathValue("id"))
		if err != nil {
			return err
		}
		if err := change(r, a.ID, versionIn(r.Request)); err != nil {
			return p.renderMember(w, r, a, err)
		}
		return r.SeeOther(memberPath(a.ID) + "?" + done)
	}
}

func (p *pages) disable(r *request, id string, version int64) error {
	return p.accounts.Disable(r.Context(), r.by, id, version)
}

func (p *pages) enable(r *request, id string, version int64) error {
	return p.accounts.Enable(r.Context(), r.by, id, version)
}

func (p *pages) reset(r *request, id string, version int64) error {
	return p.accounts.Reset(r.Context(), r.by, id, version, r.Lang())
}
