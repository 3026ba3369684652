// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
)

// The kinds of mail about a citizen's account.
const (
	Register      Kind = "register"       // here is the link that makes the account
	Registered    Kind = "registered"     // somebody wanted an account for an address that has one
	NewPassword   Kind = "new_password"   // here is the link that sets a password
	NewAddress    Kind = "new_address"    // to the new one: is it yours?
	AddressAsked  Kind = "address_asked"  // to the old one: somebody wants another
	AddressMoved  Kind = "address_moved"  // to both: it is done
	Unused        Kind = "unused"         // nobody uses the account: it will be deleted
	AccountEnded  Kind = "account_ended"  // it was deleted
	SecurityMoved Kind = "security_moved" // password, passkey or code generator changed

	// RightsLink is for whoever has no account and wants to use their rights.
	RightsLink Kind = "rights_link"
)

// withLink are the kinds that are good for nothing without their link.
var withLink = []Kind{Register, NewPassword, NewAddress, RightsLink}

// AccountFacts is what a mail about a citizen's account says. Nothing that anybody
// typed is in it: nobody knows yet whose mailbox it is.
type AccountFacts struct {
	Lang  locale.Lang
	Town  string
	URL   string    // of the page that goes on, or of the login
	Until time.Time // how long the link can be used, or when the account ends, in the town's zone; zero: nothing is said of it
}

// AccountKey derives the key for mails that belong to the tenant alone, which those
// about accounts were first to do, from the tenant's.
func AccountKey(tenant *seal.Key) *seal.Key { return tenant.Derive("account mail") }

// Account writes the mail of a kind about a citizen's account.
func Account(c *locale.Catalogue, kind Kind, to string, f AccountFacts) (Mail, error) {
	if f.URL == "" && slices.Contains(withLink, kind) {
		return Mail{}, fmt.Errorf("write mail about an account: the link of %s is missing", kind)
	}
	if to == "" {
		return Mail{}, errors.New("write mail about an account: the address is missing")
	}
	p := c.Printer(f.Lang)
	town := oneLine(f.Town)
	l := &letter{Lang: p.Lang(), Greeting: p.T("mail.greeting"), Subject: p.T("mail.account.subject."+string(kind), "Town", town)}
	l.lead(p.T("mail.account.lead."+string(kind), "Town", town))
	if !f.Until.IsZero() {
		l.lead(p.T("mail.account.until."+string(kind), "Until", longWhen(p, f.Until)))
	}
	if f.URL != "" {
		l.Action = &link{p.T("mail.account.link." + string(kind)), f.URL}
	}
	l.Foot = append(l.Foot, p.T("mail.account.ignore."+string(kind)), p.T("mail.foot.automatic"), town)
	return l.mail(to)
}
