// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"html/template"
	"slices"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// sample is a page filled with invented data.
type sample struct {
	name string // of the case; ends in -wrong where a field is
	tmpl string
	page any
}

// sampler makes the layout of a page and looks up texts in one language.
type sampler struct {
	lang locale.Lang
	key  func(string, ...any) string
}

// samples has every page at least once, and the states that look different.
func (s sampler) samples() []sample {
	return slices.Concat(s.loginSamples(), s.registerSamples(), s.ownSamples(), s.securitySamples(), s.rightsSamples())
}

// layout is that of a page with the fields that are wrong on it.
func (s sampler) layout(title string, wrong ...string) view.Layout {
	l := view.Layout{Lang: s.lang, Title: s.key(title), Town: "Stadt Kleinstadt", HomeURL: "/de/", AccountURL: "/de/account", NoIndex: true,
		PrivacyURL: "/privacy", ImprintURL: "/imprint", AccessibilityURL: "/accessibility",
		Languages: []view.LangLink{{Lang: locale.DE, Name: "Deutsch", URL: "/de/account", Current: s.lang == locale.DE},
			{Lang: locale.EN, Name: "English", URL: "/en/account", Current: s.lang == locale.EN}}}
	for _, field := range wrong {
		l.Errors = append(l.Errors, view.FieldError{Field: field, Text: s.key("field.required", "Field", s.key("field.label."+field))})
	}
	return l
}

// frame is that of a page for whoever is logged in.
func (s sampler) frame(title string, wrong ...string) frame {
	f := frame{Layout: s.layout(title, wrong...), Menu: menu{Name: "Quirin Œčakowski-Müller", LogoutURL: "/account/logout"}}
	for _, i := range menuItems {
		f.Menu.Items = append(f.Menu.Items, view.NavItem{Text: s.key(i.key), URL: i.path, Current: i.path == home})
	}
	return f
}

var (
	quirin = person.Data{FirstName: "Quirin", LastName: "Œčakowski-Müller", Email: "quirin@example.org", Phone: "030 23125 123"}
	made   = time.Date(2026, 10, 5, 9, 30, 0, 0, time.FixedZone("CEST", 7200))
	offer  = view.PasskeyOffer{Action: "/account/login/passkey", Next: "/account/data"}
)

func (s sampler) loginSamples() []sample {
	refused := s.layout("account.login.title")
	refused.Errors = []view.FieldError{{Text: s.key("login.wrong")}}
	return []sample{
		{"login", "login", loginPage{Layout: s.layout("account.login.title"), Notice: s.key("account.login.first"), Action: "/account/login", Next: "/account/data", ForgottenURL: "/account/forgotten", RegisterURL: "/account/register", Passkey: offer}},
		{"login-refused", "login", loginPage{Layout: refused, Email: "quirin@example.org", Action: "/account/login", ForgottenURL: "/account/forgotten", RegisterURL: "/account/register", Passkey: offer}},
		{"code", "code", codePage{Layout: s.layout("factor.title"), Action: "/account/code", Passkey: offer, LogoutURL: "/account/logout"}},
		{"code-wrong", "code", codePage{Layout: s.layout("factor.title", "code"), Action: "/account/code", Passkey: offer, LogoutURL: "/account/logout"}},
		{"ended", "ended", endedPage{Layout: s.layout("account.ended.title"), LoginURL: "/account/login"}},
		{"forgotten", "forgotten", forgottenPage{Layout: s.layout("account.forgotten.title"), Action: "/account/forgotten", LoginURL: "/account/login"}},
		{"forgotten-sent", "forgotten", forgottenPage{Layout: s.layout("account.forgotten.title"), Sent: true, LoginURL: "/account/login"}},
		{"password", "password", passwordPage{Layout: s.layout("account.password.title"), Email: "quirin@example.org", Action: "/account/password/x"}},
		{"password-wrong", "password", passwordPage{Layout: s.layout("account.password.title", "password", "password-again"), Email: "quirin@example.org", Action: "/account/password/x"}},
		{"passkey", "passkey", passkeyPage{Layout: s.layout("passkey.title"), Ask: view.PasskeyAsk{Options: `{"publicKey":{}}`, Action: "/account/login/passkey/finish", BackURL: "/account/login"}}},
		{"passkey-new", "passkey", passkeyPage{Layout: s.layout("passkey.register_title"), Ask: view.PasskeyAsk{Register: true, Options: `{"publicKey":{}}`, Name: "Bund", Action: "/account/security/passkeys/finish", BackURL: security}}},
		{"prove", "prove", provePage{frame: s.frame("account.prove.title"), HasPassword: true, HasPasskey: true, Action: "/account/prove", Next: security, Passkey: offer, BackURL: home}},
		{"prove-wrong", "prove", provePage{frame: s.frame("account.prove.title", "password"), HasPassword: true, Action: "/account/prove", BackURL: home}},
		{"prove-nothing", "prove", provePage{frame: s.frame("account.prove.title"), Action: "/account/prove", BackURL: home}},
	}
}

func (s sampler) form(d person.Data, l view.Layout) view.PersonForm {
	return formOf(d, l)
}

func (s sampler) registerSamples() []sample {
	fine, wrong := s.layout("account.register.title"), s.layout("account.register.title", "first-name", "email", "city")
	empty, typed := s.form(person.Data{}, fine), s.form(quirin, wrong)
	empty.EmailHint, typed.EmailHint = "account.register.email_hint", "account.register.email_hint"
	return []sample{
		{"register", "register", registerPage{Layout: fine, Form: empty, Action: "/account/register", LoginURL: "/account/login"}},
		{"register-wrong", "register", registerPage{Layout: wrong, Form: typed, Action: "/account/register", LoginURL: "/account/login"}},
		{"sent", "sent", sentPage{s.layout("account.sent.title")}},
		{"confirm", "confirm", confirmPage{Layout: s.layout("account.confirm.title"), Email: "quirin@example.org", Action: "/account/confirm/x"}},
		{"confirm-wrong", "confirm", confirmPage{Layout: s.layout("account.confirm.title", "password"), Email: "quirin@example.org", Action: "/account/confirm/x"}},
	}
}

func (s sampler) ownSamples() []sample {
	place := locale.Text{"de": "Bürgerhaus Nord"}
	services := []rowService{{locale.Text{"de": "Personalausweis beantragen", "en": "Apply for an ID card"}, 2}, {locale.Text{"de": "Meldebescheinigung"}, 1}}
	coming := row{Start: made, Place: place, Services: services, Reference: "1234 5678", State: s.key("account.overview.unconfirmed"), Action: "/account/appointments/1"}
	past := row{Start: made, Place: place, Services: services[1:], Reference: "1234 5679", State: s.key("account.overview.cancelled"), Past: true, Action: "/account/appointments/2"}
	data, wrong := s.frame("account.data.title"), s.frame("account.data.title", "phone", "birth-date")
	ask := s.frame("account.email.title")
	ask.Errors = []view.FieldError{{Text: s.key("login.prove")}}
	given := consent{Words: "Ich möchte erinnert werden.", Lang: locale.DE, Given: made}
	gone := given
	gone.Withdrawn = &made
	return []sample{
		{"overview", "overview", overviewPage{frame: s.frame("account.overview.title"), Done: s.key("account.overview.made"), Coming: []row{coming}, Past: []row{past}, StartURL: "/de/"}},
		{"overview-none", "overview", overviewPage{frame: s.frame("account.overview.title"), StartURL: "/de/"}},
		{"data", "data", dataPage{frame: data, Done: s.key("account.data.saved"), Form: s.form(quirin, data.Layout), Action: "/account/data", EmailNow: quirin.Email, EmailURL: "/account/email", DeleteURL: "/account/delete", UnusedOn: time.Date(2028, time.October, 7, 0, 0, 0, 0, time.UTC), NoticeDays: 30}},
		{"data-wrong", "data", dataPage{frame: wrong, Form: s.form(quirin, wrong.Layout), Action: "/account/data", EmailNow: quirin.Email, EmailURL: "/account/email", DeleteURL: "/account/delete", UnusedOn: time.Date(2028, time.October, 7, 0, 0, 0, 0, time.UTC), NoticeDays: 30}},
		{"email", "email", emailPage{frame: s.frame("account.email.title"), Now: quirin.Email, Action: "/account/email", BackURL: "/account/data"}},
		{"email-wrong", "email", emailPage{frame: s.frame("account.email.title", "email"), Now: quirin.Email, Typed: "keine", Action: "/account/email", BackURL: "/account/data"}},
		{"email-prove", "email", emailPage{frame: ask, Now: quirin.Email, Typed: "neu@example.org", Action: "/account/email", ProveURL: "/account/prove", BackURL: "/account/data"}},
		{"email-sent", "email", emailPage{frame: s.frame("account.email.title"), Now: quirin.Email, Sent: true, BackURL: "/account/data"}},
		{"newemail", "newemail", newEmailPage{Layout: s.layout("account.new_email.title"), Email: "neu@example.org", Action: "/account/email/x"}},
		{"delete", "delete", deletePage{frame: s.frame("account.delete.title"), Action: "/account/delete", BackURL: "/account/data"}},
		{"deleted", "deleted", deletedPage{s.layout("account.deleted.title"), "/de/"}},
		{"consents", "consents", consentsPage{frame: s.frame("account.consents.title"), Done: s.key("account.consents.given_done"), Action: "/account/consents", Before: []consent{gone},
			Purposes: []purpose{{Name: "remind_mail", Words: s.key("consent.remind_mail"), Given: &given}, {Name: "other", Words: s.key("consent.remind_mail")}}}},
	}
}

func (s sampler) securitySamples() []sample {
	open := securityPage{frame: s.frame("account.security.title"), Done: s.key("account.security.passkey_added"), Email: quirin.Email, HasPassword: true, PasswordURL: "/p", HasCode: true,
		SetupURL: "/s", RemoveCodeURL: "/r", Recovery: 9, RecoveryURL: "/n", AddURL: "/a", RemoveURL: "/x", EndURL: "/e", ElsewhereURL: "/w", EverywhereURL: "/v",
		Passkeys: []passkeyRow{{ID: "AQ", Name: "Bund", Created: made}, {ID: "Ag", Name: "Telefon", Created: made, Used: &made}},
		Sessions: []sessionRow{{ID: "a", Created: made, Seen: made, Here: true}, {ID: "b", Created: made, Seen: made}},
		Logins:   []loginRow{{At: made, Method: s.key("account.method.password"), OK: true}, {At: made, Method: s.key("account.method.passkey")}}}
	closed, first, wrong := open, open, open
	closed.ProveURL, closed.Done = "/account/prove", ""
	first.HasPassword, first.HasCode, first.RemoveCodeURL, first.Passkeys, first.Recovery, first.Done = false, false, "", nil, 0, ""
	first.Notice = s.key("account.security.first")
	wrong.frame = s.frame("account.security.title", "old", "password", "name")
	late := closed
	late.HasPassword = false
	qr := template.HTML(`<svg role="img" aria-label="` + template.HTMLEscapeString(s.key("setup.qr")) + `" viewBox="0 0 9 9"><path d="M1 1h3v3H1z"/></svg>`)
	setup := func(f frame) generatorPage {
		return generatorPage{frame: f, Setup: view.CodeSetup{QR: qr, Secret: "ABCD EFGH", Action: "/account/security/code", Code: view.CodeInput(f.Layout, "setup.hint")}, BackURL: security}
	}
	return []sample{
		{"security", "security", open},
		{"security-closed", "security", closed},
		{"security-late", "security", late},
		{"security-first", "security", first},
		{"security-wrong", "security", wrong},
		{"generator", "generator", setup(s.frame("setup.title"))},
		{"generator-wrong", "generator", setup(s.frame("setup.title", "code"))},
		{"recovery", "recovery", recoveryPage{s.layout("recovery.title"), view.RecoveryCodes{Codes: []string{"abcd-efgh", "ijkl-mnop"}, NextURL: security}}},
	}
}
