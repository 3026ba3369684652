// SPDX-License-Identifier: EUPL-1.2

// Package citizen serves the pages on which people book, move and cancel.
//
// State lives in the address or the form, so back, reload, bookmarks and two
// tabs do what people expect, and nothing needs a cookie or a script: the
// secret of a hold travels in the path of its pages. The session cookie only
// lets a visitor find a reservation again.
package citizen

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	accounts "vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/statistics"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// pages are the handlers of this audience.
type pages struct {
	site     *web.Site
	views    *view.Set
	bookings *booking.Bookings
	accounts *accounts.Accounts
	clock    clock.Clock
	holds    *web.Limiter
	booked   *web.Limiter
	recent   recent
	say      Statements
	reports  *web.Limiter
	// rightsHere and rightsTo are links to mailboxes, by network and by address.
	rightsHere, rightsTo *web.Limiter
}

// Register adds the citizens' pages to a site. Without accounts (nil) nobody is ever
// logged in.
func Register(site *web.Site, b *booking.Bookings, a *accounts.Accounts, s Statements, c clock.Clock, l config.Limits) error {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return fmt.Errorf("open templates: %w", err)
	}
	views, err := view.New(files, site.Texts, site.Assets)
	if err != nil {
		return fmt.Errorf("citizen pages: %w", err)
	}
	p := &pages{site: site, views: views, bookings: b, accounts: a, clock: c, say: s,
		holds:      web.NewLimiter(c, l.Holds, 10*time.Minute),
		booked:     web.NewLimiter(c, l.Bookings, time.Hour),
		reports:    web.NewLimiter(c, reportsPerHour, time.Hour),
		rightsHere: web.NewLimiter(c, rightsPerNetwork, time.Hour),
		rightsTo:   web.NewLimiter(c, rightsPerAddress, time.Hour)}
	p.routes()
	return nil
}

// routes is the whole table of this audience.
func (p *pages) routes() {
	s := p.site
	s.GetPlain("/{$}", web.Public, p.root)
	for _, l := range locale.Langs {
		s.GetPlain("/"+string(l), web.Public, p.root)
	}
	s.Get("/{$}", web.Public, p.counted(statistics.Services, p.start))
	s.Get("/times", web.Public, p.counted(statistics.Times, p.times))
	s.Get(privacyPath, web.Public, p.privacy)
	s.Get(privacyPath+"/versions", web.Public, p.privacyVersions)
	s.Get(privacyPath+"/version/{n}", web.Public, p.privacyVersion)
	s.Get("/imprint", web.Public, p.imprint)
	s.Get("/accessibility", web.Public, p.accessibility)
	for path, to := range short {
		s.GetPlain(path, web.Public, shortTo(to))
	}
	s.Get("/accessibility/feedback", web.Public, p.askFeedback)
	s.Post("/accessibility/feedback", web.Personal, p.sendFeedback)
	s.Get("/accessibility/feedback/sent", web.Public, p.feedbackSent)
	p.rightsRoutes()
	s.GetPlain("/.well-known/security.txt", web.Public, p.securityText)

	s.Post("/times", web.Personal, p.hold)
	s.Get("/hold/{secret}", web.Personal, p.counted(statistics.Details, p.details))
	s.Post("/hold/{secret}", web.Personal, p.saveDetails)
	s.Post("/hold/{secret}/extend", web.Personal, p.extend)
	s.Post("/hold/{secret}/release", web.Personal, p.release)
	s.Get("/hold/{secret}/times", web.Personal, p.counted(statistics.Times, p.otherTimes))
	s.Get("/hold/{secret}/check", web.Personal, p.counted(statistics.Check, p.check))
	s.Post("/hold/{secret}/check", web.Personal, p.confirm)
	s.Get("/hold/{secret}/done", web.Personal, p.counted(statistics.Done, p.done))

	s.Get("/appointment/{secret}", web.Personal, p.manage)
	s.Get("/appointment/{secret}/calendar.ics", web.Personal, p.calendarFile)
	s.Get("/appointment/{secret}/move", web.Personal, p.chooseMove)
	s.Post("/appointment/{secret}/move", web.Personal, p.move)
	s.Get("/appointment/{secret}/cancel", web.Personal, p.askCancel)
	s.Post("/appointment/{secret}/cancel", web.Personal, p.cancel)
	s.Get("/appointment/{secret}/verify", web.Personal, p.askVerify)
	s.Post("/appointment/{secret}/verify", web.Personal, p.verify)
}

// Links makes the addresses that mails carry, below the base URL of each
// tenant.
func Links(base func(tenantID string) *url.URL) booking.Links {
	return booking.Links{
		Start: func(t string, l locale.Lang) string {
			return base(t).String() + "/" + string(l) + "/"
		},
		Manage: func(t string, l locale.Lang, s seal.Secret) string {
			return base(t).String() + "/" + string(l) + managePath(s)
		},
		Verify: func(t string, l locale.Lang, s seal.Secret) string {
			return base(t).String() + "/" + string(l) + managePath(s) + "/verify"
		},
	}
}

// Paths without the language.
func holdPath(s seal.Secret) string   { return "/hold/" + s.Reveal() }
func managePath(s seal.Secret) string { return "/appointment/" + s.Reveal() }

func secretOf(r *web.Request) seal.Secret { return seal.Secret(r.PathValue("secret")) }

// root sends visitors to the language that their browser asks for.
func (p *pages) root(w http.ResponseWriter, r *web.Request) error {
	to := r.Path("/")
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusFound)
	return nil
}
