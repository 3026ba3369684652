// SPDX-License-Identifier: EUPL-1.2

// Package feedback takes what people report about barriers on the pages (Directive
// (EU) 2016/2102, Art. 7(1)(b)) and hands it to the controller as a mail.
//
// Nothing is kept of a report but the mail's row, which is emptied when the mail was
// sent. This package knows no HTTP, and does not limit how often somebody reports.
package feedback

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// Names of the form's fields, as they appear in Fields of a fault. The others are
// person.FieldEmail and person.FieldPhone.
const (
	FieldBarrier = "barrier"
	FieldPage    = "barrier-page"
)

// The longest texts, in characters.
const (
	MaxBarrier = 2000
	MaxPage    = 500
)

// Report is what somebody typed.
type Report struct {
	Lang         locale.Lang // of the page with the form
	Barrier      string      // what is not accessible
	Page         string      // on which page; may be empty
	Email, Phone string      // for the answer; both may be empty
}

// Check tidies a report and says what has to be corrected.
func Check(r Report) (Report, []fault.Field) {
	var barrier, page, reach []fault.Field
	r.Barrier, barrier = person.CheckText(FieldBarrier, r.Barrier, MaxBarrier, true)
	r.Page, page = person.CheckText(FieldPage, r.Page, MaxPage, false)
	r.Email, r.Phone, reach = person.CheckReach(r.Email, r.Phone)
	return r, slices.Concat(barrier, page, reach)
}

// Box is where reports are posted. It is safe for concurrent use.
type Box struct {
	DB      *db.DB
	Offices *office.Store
	Texts   *locale.Catalogue
	Key     message.OpenKey // of mails that belong to a tenant alone
	Wake    func()          // tells the worker that there is something to send
}

// Post leaves a mail with a report, as Check returned it, for the controller. The
// same report on the same day is one mail, however often and wherever the form is
// sent. The error is the database's.
func (b *Box) Post(ctx context.Context, tenantID string, r Report) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		cat, err := b.Offices.Catalogue(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		key, err := b.Key(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		t := &cat.Tenant
		m, err := message.Controller(b.Texts, To(t), message.FeedbackFacts{Town: t.Name, Written: r.Lang,
			Barrier: withoutSecrets(r.Barrier), Page: withoutSecrets(r.Page), Email: r.Email, Phone: r.Phone})
		if err != nil {
			return err
		}
		_, err = message.EnqueueOnce(ctx, tx, message.Row{ID: id(key, r, slot.DateIn(tx.Unix(), t.Zone)), TenantID: tenantID,
			Recipient: message.ToController, Kind: message.Feedback, Mail: m, Key: key})
		return err
	})
	if err != nil {
		return fmt.Errorf("post report of a barrier: %w", err)
	}
	b.Wake()
	return nil
}

// To is the address at which a tenant wants reports.
func To(t *office.Tenant) string {
	return cmp.Or(t.Statements.Accessibility.Email, t.Controller.Email)
}

// id is the same for the same report on the same day and says nothing to who has
// not the tenant's key.
func id(key *seal.Key, r Report, day slot.Date) string {
	parts := []string{"feedback", day.String(), string(r.Lang), r.Barrier, r.Page, r.Email, r.Phone}
	return fmt.Sprintf("%x", key.Token(strings.Join(parts, "\x00"))[:16])
}

// secret is what stands in the address of a reservation or an appointment: whoever
// reports a barrier there may have copied it from the browser.
var secret = regexp.MustCompile(`/[A-Za-z0-9_-]{43,}`)

func withoutSecrets(s string) string { return secret.ReplaceAllString(s, "/…") }
