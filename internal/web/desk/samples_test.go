// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"html/template"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/view"
)

// sampleParts are the parts of the desk, each with the samples of its pages.
var sampleParts = []func(sampler) []sample{sampler.loginSamples, sampler.accountSamples, sampler.loginRecordSamples, sampler.daySamples, sampler.bookSamples, sampler.customerSamples, sampler.privacySamples, sampler.statisticsSamples, sampler.requestSamples}

// layout is that of a page for somebody who works here.
func (s sampler) layout(title string) view.Layout {
	l := s.outside(title)
	l.Nav.Who, l.Nav.Role = "Quirin Œčakowski-Müller", s.key("desk.role.clerk")
	l.Nav.AccountURL, l.Nav.LogoutURL, l.Nav.PlacesURL = "/desk/account", "/desk/logout", "/desk/day"
	l.Nav.SearchURL = "/desk/customers"
	l.Nav.Items = []view.NavItem{{Text: s.key("desk.nav.day"), URL: "/desk/day", Current: true}, {Text: s.key("desk.nav.calendar"), URL: "/desk/calendar"}}
	l.Nav.Places = []view.NavPlace{{Key: "rathaus", Name: locale.Text{"de": "Rathaus", "en": "Town hall"}, Current: true},
		{Key: "nord", Name: locale.Text{"de": "Bürgerhaus Nord"}}}
	l.Nav.PlacesDate = "2026-11-23"
	return l
}

// outside is that of a page for whoever is not logged in.
func (s sampler) outside(title string) view.Layout {
	return view.Layout{Lang: s.lang, Title: s.key(title), Town: "Stadt Kleinstadt", HomeURL: "/desk", NoIndex: true,
		PrivacyURL: "/privacy", ImprintURL: "/imprint", AccessibilityURL: "/accessibility", Nav: &view.Nav{HomeURL: "/desk"},
		Languages: []view.LangLink{{Lang: locale.DE, Name: "Deutsch", URL: "/de/desk", Current: s.lang == locale.DE},
			{Lang: locale.EN, Name: "English", URL: "/en/desk", Current: s.lang == locale.EN}}}
}

func wrong(l view.Layout, errors ...view.FieldError) view.Layout {
	l.Errors = errors
	return l
}

// made is a morning in autumn.
var made = time.Date(2026, 10, 5, 9, 30, 0, 0, time.FixedZone("CEST", 7200))

func (s sampler) loginSamples() []sample {
	offer := view.PasskeyOffer{Action: "/desk/login/passkey", Next: "/desk/calendar?date=2026-11-23"}
	qr := template.HTML(`<svg role="img" aria-label="` + template.HTMLEscapeString(s.key("setup.qr")) + `" viewBox="0 0 9 9"><path d="M1 1h3v3H1z"/></svg>`)
	required := view.FieldError{Field: "password", Text: s.key("field.required", "Field", s.key("field.label.password"))}
	code := view.FieldError{Field: "code", Text: s.key("field.required", "Field", s.key("field.label.code"))}
	return []sample{
		{"login", "login", loginPage{Layout: s.outside("desk.login.title"), Notice: s.key("desk.login.expired"), Action: "/desk/login", Next: offer.Next, ForgottenURL: "/desk/forgotten", Passkey: offer}},
		{"login-wrong", "login", loginPage{Layout: wrong(s.outside("desk.login.title"), required), Email: "quirin@example.org", Action: "/desk/login", ForgottenURL: "/desk/forgotten", Passkey: offer}},
		{"ended", "ended", endedPage{Layout: s.outside("desk.ended.title"), LoginURL: "/desk/login"}},
		{"passkey", "passkey", passkeyPage{Layout: s.outside("passkey.title"), PasskeyAsk: view.PasskeyAsk{Action: "/desk/login/passkey/finish", Options: `{"publicKey":{}}`, BackURL: "/desk/login"}}},
		{"passkey-new", "passkey", passkeyPage{Layout: s.layout("passkey.register_title"), PasskeyAsk: view.PasskeyAsk{Register: true, Action: "/desk/account/passkeys/finish", Options: `{"publicKey":{}}`, Name: "Bund", BackURL: "/desk/account"}}},
		{"factor", "factor", factorPage{Layout: s.outside("factor.title"), Action: "/desk/factor", Passkey: offer, LogoutURL: "/desk/logout"}},
		{"factor-wrong", "factor", factorPage{Layout: wrong(s.outside("factor.title"), code), Action: "/desk/factor", Passkey: offer, LogoutURL: "/desk/logout"}},
		{"setup-must", "setup", setupPage{Layout: s.outside("setup.title"), Must: true, QR: qr, Secret: "ABCD EFGH", Action: "/desk/setup", LogoutURL: "/desk/logout", PasskeyURL: "/desk/factor/passkey"}},
		{"setup", "setup", setupPage{Layout: wrong(s.layout("setup.title"), code), QR: qr, Secret: "ABCD EFGH", Action: "/desk/account/factor"}},
		{"recovery", "recovery", recoveryPage{Layout: s.layout("recovery.title"), RecoveryCodes: view.RecoveryCodes{Codes: []string{"abcd-efgh", "ijkl-mnop"}, NextURL: "/desk"}}},
		{"password", "password", passwordPage{Layout: wrong(s.outside("desk.password.title"), required), Email: "quirin@example.org", Action: "/desk/invitation/secret"}},
		{"forgotten", "forgotten", forgottenPage{Layout: s.outside("desk.forgotten.title"), Action: "/desk/forgotten", Typed: "quirin@example.org", LoginURL: "/desk/login"}},
		{"forgotten-sent", "forgotten", forgottenPage{Layout: s.outside("desk.forgotten.title"), Sent: true, LoginURL: "/desk/login"}},
	}
}

func (s sampler) accountSamples() []sample {
	places := []locale.Text{{"de": "Rathaus", "en": "Town hall"}, {"de": "Bürgerhaus Nord"}}
	roles := []roleChoice{{Key: "clerk", Name: s.key("desk.role.clerk"), Hint: s.key("desk.members.hint.clerk"), Checked: true},
		{Key: "admin", Name: s.key("desk.role.admin"), Hint: s.key("desk.members.hint.admin")}}
	boxes := []placeChoice{{Key: "rathaus", Name: places[0], Checked: true}, {Key: "nord", Name: places[1]}}
	name := view.FieldError{Field: "name", Text: s.key("field.required", "Field", s.key("field.label.name"))}
	role := view.FieldError{Field: "role", Text: s.key("field.required", "Field", s.key("field.label.role"))}
	place := view.FieldError{Field: "locations", Text: s.key("field.required", "Field", s.key("field.label.locations"))}
	members := []auditMember{{ID: "1", Name: "Quirin Œčakowski-Müller", Chosen: true}, {ID: "2", Name: "Frieda Musterbach"}}
	entries := []auditEntry{
		{At: made, Year: 2026, Who: "Frieda Musterbach", Role: s.key("desk.role.admin"), What: s.key("desk.members.disable"), Subject: "Quirin Œčakowski-Müller"},
		{At: made, Year: 2026, Who: s.key("desk.audit.citizen"), What: s.key("cancel.title"), PersonID: "p1", PersonURL: "/desk/audit?person=p1", Reference: "1234 5678", AppointmentURL: "/desk/audit?appointment=12345678", Place: places[1], Detail: "09:30"},
	}
	return []sample{
		{"account", "account", accountPage{Layout: s.layout("desk.account.title"), Done: s.key("desk.account.password_done"), Who: "Quirin", Email: "quirin@example.org", Role: s.key("desk.role.clerk"), Places: places, HasCode: true, Recovery: 9, RemoveCodeURL: "/desk/account/factor/remove",
			Passkeys: []passkeyRow{{ID: "AQ", Name: "Bund", Created: made}, {ID: "Ag", Name: "Telefon", Created: made, Used: &made}}}},
		{"account-new", "account", accountPage{Layout: wrong(s.layout("desk.account.title"), view.FieldError{Field: "old", Text: s.key("password.differs")}), Everywhere: true}},
		{"account-closed", "account", accountPage{Layout: s.layout("desk.account.title"), HasCode: true, Recovery: 1, ProveURL: "/desk/account/prove",
			Passkeys: []passkeyRow{{ID: "AQ", Name: "Bund", Created: made}}}},
		{"prove", "prove", provePage{Layout: s.layout("desk.prove.title"), Action: "/desk/account/prove", BackURL: "/desk/account"}},
		{"prove-wrong", "prove", provePage{Layout: wrong(s.layout("desk.prove.title"), view.FieldError{Field: "password", Text: s.key("login.password.old")}), Action: "/desk/account/prove", BackURL: "/desk/account"}},
		{"members", "members", membersPage{Layout: s.layout("desk.members.title"), Done: s.key("desk.members.invited"), InviteURL: "/desk/members/new", Members: []memberRow{
			{Name: "Frieda Musterbach", Role: s.key("desk.role.admin"), State: s.key("desk.members.state.active"), URL: "/desk/members/2", Everywhere: true},
			{Name: "Quirin Œčakowski-Müller", Role: s.key("desk.role.clerk"), State: s.key("desk.members.state.invited"), URL: "/desk/members/1", Places: places}}}},
		{"member", "member", memberPage{Layout: s.layout("desk.members.one_title"), Heading: "Quirin", Done: s.key("desk.members.saved"), BackURL: "/desk/members", Action: "/desk/members/1", Email: "quirin@example.org", State: s.key("desk.members.state.active"), Roles: roles, Locations: boxes, StateURL: "/desk/members/1/disable", ResetURL: "/desk/members/1/reset", Now: s.key("desk.members.now", "Name", "Quirin", "Role", "x", "State", "y")}},
		{"member-disabled", "member", memberPage{Layout: s.layout("desk.members.one_title"), Heading: "Quirin", BackURL: "/desk/members", Action: "/desk/members/1", Email: "quirin@example.org", State: s.key("desk.members.state.disabled"), Roles: roles, Locations: boxes, Everywhere: true, Disabled: true, StateURL: "/desk/members/1/enable"}},
		{"member-invite", "member", memberPage{Layout: wrong(s.layout("desk.members.invite_title"), name, role, place), Heading: s.key("desk.members.invite_title"), BackURL: "/desk/members", Action: "/desk/members/new", Invite: true, Email: "neu@example.org", Roles: roles, Locations: boxes}},
		{"audit", "audit", auditPage{Layout: s.layout("desk.audit.title"), Action: "/desk/audit", Person: "p1", Members: members, Entries: entries, OlderURL: "/desk/audit?before=x"}},
		{"audit-none", "audit", auditPage{Layout: wrong(s.layout("desk.audit.title"), view.FieldError{Field: "appointment", Text: s.key("desk.audit.unknown_reference")}), Action: "/desk/audit", Number: "1", Members: members}},
	}
}

func (s sampler) loginRecordSamples() []sample {
	reasons := []reasonChoice{{Key: "fault", Name: s.key("desk.logins.reason.fault")}, {Key: "abuse", Name: s.key("desk.logins.reason.abuse")}}
	reason := view.FieldError{Field: "reason", Text: s.key("field.choose", "Field", s.key("field.label.reason"))}
	logins := []loginLine{
		{At: made, Year: 2026, Seconds: "09:30:00", Who: "Quirin Œčakowski-Müller", Method: s.key("account.method.password"), OK: true, Address: "2001:db8::1"},
		{At: made, Year: 2026, Seconds: "09:29:59", Who: s.key("desk.logins.who.citizen"), Account: "0199-abcd", Method: s.key("account.method.passkey")},
	}
	return []sample{
		{"logins", "logins", loginsPage{Layout: s.layout("desk.logins.title"), Action: "/desk/logins", Days: 7, Reasons: reasons}},
		{"logins-wrong", "logins", loginsPage{Layout: wrong(s.layout("desk.logins.title"), reason), Action: "/desk/logins", Days: 1, Reasons: reasons}},
		{"logins-list", "logins", loginsPage{Layout: s.layout("desk.logins.title"), Action: "/desk/logins", Why: reasons[1].Name, Reason: "abuse", Before: "x", Logins: logins}},
		{"logins-none", "logins", loginsPage{Layout: s.layout("desk.logins.title"), Action: "/desk/logins", Why: reasons[0].Name, Reason: "fault"}},
	}
}
