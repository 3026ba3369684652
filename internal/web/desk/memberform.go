// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// changeIn reads the form. A location that the tenant does not have answers
// NotFound.
func changeIn(r *request) (staff.Change, error) {
	want := staff.Change{Name: r.PostForm.Get("name"), Role: staff.Role(r.PostForm.Get("role")),
		Everywhere: r.PostForm.Get("everywhere") != ""}
	for _, key := range r.PostForm["locations"] {
		l, ok := r.Catalogue.Location(key)
		if !ok {
			return want, fault.New(fault.NotFound, "location.unknown")
		}
		want.Locations = append(want.Locations, l.ID)
	}
	return want, nil
}

// choose fills in name, role and locations: the roles that the member may give, and
// the one that the account has.
func (p *memberPage) choose(r *request, want staff.Change, has staff.Role) {
	p.Name, p.Everywhere = want.Name, want.Everywhere
	for _, role := range staff.Roles {
		if !slices.Contains(staff.Grants(r.by), role) && role != has {
			continue
		}
		p.Roles = append(p.Roles, roleChoice{Key: string(role), Name: roleName(r.Printer, role),
			Hint: r.Printer.T("desk.members.hint." + string(role)), Checked: role == want.Role})
	}
	works := staff.Member{Locations: want.Locations}
	for i := range r.Catalogue.Locations {
		if l := &r.Catalogue.Locations[i]; !l.Retired {
			p.Locations = append(p.Locations, placeChoice{Key: l.Key, Name: l.Name, Checked: works.At(l.ID)})
		}
	}
}

func (p *pages) askInvite(w http.ResponseWriter, r *request) error {
	return p.renderInvite(w, r, staff.Change{Role: staff.Clerk}, nil)
}

func (p *pages) renderInvite(w http.ResponseWriter, r *request, want staff.Change, wrong error) error {
	page := memberPage{Layout: r.Layout("desk.members.invite_title"), Heading: r.Printer.T("desk.members.invite_title"), Invite: true,
		Email: r.PostForm.Get("email"), Action: r.Path("/desk/members/new"), BackURL: r.Path("/desk/members")}
	page.choose(r, want, "")
	status, err := problem(r.Request, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "member", page)
}

func (p *pages) invite(w http.ResponseWriter, r *request) error {
	want, err := changeIn(r)
	if err != nil {
		return err
	}
	_, err = p.accounts.Invite(r.Context(), r.by, staff.NewAccount{Email: r.PostForm.Get("email"), Name: want.Name,
		Role: want.Role, Everywhere: want.Everywhere, Locations: want.Locations, Lang: r.Lang()})
	if err != nil {
		return p.renderInvite(w, r, want, err)
	}
	return r.SeeOther("/desk/members?invited")
}

func (p *pages) memberForm(w http.ResponseWriter, r *request) error {
	return p.renderMember(w, r, nil)
}

// memberDone are the sentences for what the address says has just been done.
var memberDone = map[string]string{"saved": "desk.members.saved", "reset": "desk.members.reset_done"}

// renderMember shows the account of the address: what was typed, when something
// is wrong with it, else what holds.
func (p *pages) renderMember(w http.ResponseWriter, r *request, wrong error) error {
	a, err := p.accounts.Account(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	path := r.Path(memberPath(a.ID))
	page := memberPage{Layout: r.Layout("desk.members.one_title"), Heading: a.Name, BackURL: r.Path("/desk/members"), Action: path, Version: a.Version,
		Done: doneText(r, memberDone), Email: a.Email, State: r.stateName(a.State), Disabled: a.State == staff.Disabled, StateURL: path + "/disable"}
	if page.Disabled {
		page.StateURL = path + "/enable"
	} else {
		page.ResetURL = path + "/reset"
	}
	want := staff.Change{Name: a.Name, Role: a.Role, Everywhere: a.Everywhere, Locations: a.Locations}
	if wrong != nil && r.PostForm.Has("role") {
		if want, err = changeIn(r); err != nil {
			return err
		}
		if fault.Is(wrong, fault.Conflict) {
			page.Now = r.Printer.T("desk.members.now", "Name", a.Name, "Role", roleName(r.Printer, a.Role), "State", page.State)
		}
	}
	page.choose(r, want, a.Role)
	status, err := problem(r.Request, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "member", page)
}

// versionIn is the version that a form was made from; an impossible one is
// older than any.
func versionIn(r *request) int64 {
	v, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func (p *pages) saveMember(w http.ResponseWriter, r *request) error {
	want, err := changeIn(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := p.accounts.Update(r.Context(), r.by, id, versionIn(r), want); err != nil {
		return p.renderMember(w, r, err)
	}
	return r.SeeOther(memberPath(id) + "?saved")
}

// memberStep is a form with one button that changes an account.
func (p *pages) memberStep(change func(ctx context.Context, by *staff.Member, id string, version int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		id := r.PathValue("id")
		if err := change(r.Context(), r.by, id, versionIn(r)); err != nil {
			return p.renderMember(w, r, err)
		}
		return r.SeeOther(memberPath(id) + "?saved")
	}
}

func (p *pages) resetMember(w http.ResponseWriter, r *request) error {
	id := r.PathValue("id")
	if err := p.accounts.Reset(r.Context(), r.by, id, versionIn(r), r.Lang()); err != nil {
		return p.renderMember(w, r, err)
	}
	return r.SeeOther(memberPath(id) + "?reset")
}
