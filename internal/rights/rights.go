// SPDX-License-Identifier: EUPL-1.2

// Package rights is what people may see and change of what is kept about
// themselves (Chapter III GDPR): who asks, and what they get.
//
// Whoever has an account asks from there. Everybody else comes through a link to
// their mailbox. A mailbox is not a person: only records whose mailbox was shown to
// be theirs are found by it, and where several share one, each is opened by the
// number of one of its appointments. This package knows no HTTP.
package rights

import (
	"vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/request"
	"vorzimmer/internal/seal"
)

// Options is what the rights are made of.
type Options struct {
	DB       *db.DB
	Offices  *office.Store
	Persons  *person.Vault
	Bookings *booking.Bookings
	Accounts *account.Accounts
	Requests *request.Requests // what a clerk has to decide
	Notices  *notice.Store
	Texts    *locale.Catalogue
	Key      message.OpenKey // of mails that belong to a tenant alone
	// Link is the address of a guest's page, for mails.
	Link func(tenantID string, l locale.Lang, s seal.Secret) string
	Font []byte // TrueType, for what is printed
	Wake func() // tells the worker that there is something to send
}

// Rights are those of the people of all tenants. They are safe for concurrent use.
type Rights struct{ Options }

// New makes them.
func New(o Options) *Rights { return &Rights{o} }
