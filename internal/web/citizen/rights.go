// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"net/url"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// rightsPath is where somebody without an account begins, without the language.
const rightsPath = "/rights"

// How many links to a mailbox one network, and all together for one address, may ask
// for in an hour.
const (
	rightsPerNetwork = 10
	rightsPerAddress = 5
)

// RightsLink makes the addresses of links that let somebody use their rights.
func RightsLink(base func(tenantID string) *url.URL) func(string, locale.Lang, seal.Secret) string {
	return func(t string, l locale.Lang, s seal.Secret) string {
		return base(t).String() + "/" + string(l) + rightsLinkPath(s)
	}
}

func rightsLinkPath(s seal.Secret) string { return rightsPath + "/" + s.Reveal() }

func (p *pages) rightsRoutes() {
	s := p.site
	s.Get(rightsPath, web.Public, p.askRights)
	s.Post(rightsPath, web.Personal, p.sendRights)
	s.Get(rightsPath+"/sent", web.Public, p.rightsSent)
	s.Get(rightsPath+"/complaint", web.Public, p.complaint)
	s.GetPlain(privacyPath+"/schema.json", web.Public, p.schema)
	s.Get(rightsPath+"/{secret}", web.Personal, p.rightsLink)
	s.Post(rightsPath+"/{secret}", web.Personal, p.openRights)
	s.Get(rightsPath+"/{secret}/all", web.Personal, p.rights)
	s.Post(rightsPath+"/{secret}/all", web.Personal, p.giveReference)
	s.Get(rightsPath+"/{secret}/access", web.Personal, p.access)
	s.Get(rightsPath+"/{secret}/access.pdf", web.Personal, p.accessPDF)
	s.Get(rightsPath+"/{secret}/access.json", web.Personal, p.accessJSON)
	s.Get(rightsPath+"/{secret}/export", web.Personal, p.askExport)
	s.Get(rightsPath+"/{secret}/export.zip", web.Personal, p.export)
}

// askRightsPage asks for the mailbox.
type askRightsPage struct {
	view.Layout
	Typed        string
	Action       string
	ComplaintURL string
}

// Email is the field.
func (p askRightsPage) Email() view.Input {
	return view.Input{Name: person.FieldEmail, Label: "field.label.email", Hint: "rights.ask.hint", Value: p.Typed, Type: "email",
		Autocomplete: "email", Required: true, Error: p.ErrorFor(person.FieldEmail)}
}

func (p *pages) askRights(w http.ResponseWriter, r *web.Request) error {
	return p.renderAskRights(w, r, "", nil)
}

func (p *pages) renderAskRights(w http.ResponseWriter, r *web.Request, typed string, problem error) error {
	page := askRightsPage{Layout: r.Layout("rights.ask.title"), Typed: typed, Action: r.Path(rightsPath), ComplaintURL: r.Path(rightsPath + "/complaint")}
	status := r.Show(&page.Layout, problem)
	return r.Render(w, status, p.views, "rights-ask", page)
}

// sendRights answers alike whether there is anything about an address or not.
func (p *pages) sendRights(w http.ResponseWriter, r *web.Request) error {
	email := r.PostForm.Get(person.FieldEmail)
	if !person.ValidEmail(email) {
		return p.renderAskRights(w, r, email, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete",
			Fields: []fault.Field{{Name: person.FieldEmail, Key: "field.email"}}})
	}
	if !p.rightsHere.Allow(r.Network()) || !p.rightsTo.Allow(r.Tenant+" "+credential.NormalEmail(email)) {
		return p.renderAskRights(w, r, email, fault.New(fault.TooMany, "rights.ask.many"))
	}
	if err := p.say.Rights.Ask(r.Context(), r.Tenant, email, r.Lang()); err != nil {
		return err
	}
	return r.SeeOther(rightsPath + "/sent")
}

// rightsSentPage: what happens next.
type rightsSentPage struct {
	view.Layout
	AgainURL string
}

func (p *pages) rightsSent(w http.ResponseWriter, r *web.Request) error {
	page := rightsSentPage{r.Layout("rights.sent.title"), r.Path(rightsPath)}
	return r.Render(w, http.StatusOK, p.views, "rights-sent", page)
}

// rightsLinkPage has the button of a link.
type rightsLinkPage struct {
	view.Layout
	Action string
}

// rightsLink changes nothing: mail programs open links too.
func (p *pages) rightsLink(w http.ResponseWriter, r *web.Request) error {
	if err := p.say.Rights.Look(r.Context(), r.Tenant, secretOf(r)); err != nil {
		return err
	}
	page := rightsLinkPage{r.Layout("rights.link.title"), r.Path(rightsLinkPath(secretOf(r)))}
	return r.Render(w, http.StatusOK, p.views, "rights-link", page)
}

func (p *pages) openRights(_ http.ResponseWriter, r *web.Request) error {
	if err := p.say.Rights.Open(r.Context(), r.Tenant, secretOf(r)); err != nil {
		return err
	}
	return r.SeeOther(rightsLinkPath(secretOf(r)) + "/all")
}

// rightsOf is the list of what somebody with a link can do.
type rightsPage struct {
	view.Layout
	Open   int // records
	Closed int // records that the number of an appointment opens
	Action string
	Rights []view.Right
}

// Reference is the field for such a number.
func (p rightsPage) Reference() view.Input {
	return view.Input{Name: rights.FieldReference, Label: "field.label.reference", Hint: "rights.reference.hint", Type: "text",
		Required: true, Error: p.ErrorFor(rights.FieldReference)}
}

func (p *pages) rights(w http.ResponseWriter, r *web.Request) error { return p.renderRights(w, r, nil) }

func (p *pages) renderRights(w http.ResponseWriter, r *web.Request, problem error) error {
	s, err := p.say.Rights.Who(r.Context(), asker(r))
	if err != nil {
		return err
	}
	path := r.Path(rightsLinkPath(secretOf(r)))
	page := rightsPage{Layout: r.Layout("rights.title"), Open: len(s.Persons), Closed: s.Closed, Action: path + "/all",
		Rights: view.Rights(r.Printer, path, r.Path(rightsPath+"/complaint"), false)}
	status := r.Show(&page.Layout, problem)
	return r.Render(w, status, p.views, "rights", page)
}

func (p *pages) giveReference(w http.ResponseWriter, r *web.Request) error {
	err := p.say.Rights.Give(r.Context(), r.Tenant, secretOf(r), r.PostForm.Get(rights.FieldReference))
	if fault.Is(err, fault.Invalid, fault.TooMany) {
		return p.renderRights(w, r, err)
	}
	if err != nil {
		return err
	}
	return r.SeeOther(rightsLinkPath(secretOf(r)) + "/all")
}

func asker(r *web.Request) rights.Asker { return rights.Guest(r.Tenant, secretOf(r)) }
