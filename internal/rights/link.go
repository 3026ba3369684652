// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/seal"
)

// LinkLasts is how long a link can be used, as often as somebody wants.
const LinkLasts = privacy.RightsLinkHours * time.Hour

// maxWrong is how many wrong numbers of appointments a link takes.
const maxWrong = 10

// FieldReference is the field of the form for an appointment's number.
const FieldReference = "reference"

// OldLinks are those of a tenant that could be used until an instant.
var OldLinks = db.Aged{Table: "rights_link", Key: "hash", Where: "tenant_id = $1 AND until <= $2", Order: "until"}

// link is what a guest's link stands for. It is sealed under a key from the secret
// in it, so that nobody else can read for whom it is.
type link struct {
	Email      string
	Shared     bool     `json:",omitempty"` // there were several records when it was made
	References []string `json:",omitempty"` // numbers of appointments that were given
	opened     bool
	wrong      int
}

func linkKey(s seal.Secret) *seal.Key { return seal.KeyFrom([]byte(s.Reveal()), "rights link") }

func boundLink(s seal.Secret) string { return "rights_link/" + hex.EncodeToString(s.Hash()) }

func (l link) seal(s seal.Secret) ([]byte, error) {
	plain, err := json.Marshal(l)
	if err != nil {
		return nil, errors.New("encode a link")
	}
	return linkKey(s).Seal(plain, boundLink(s)), nil
}

// openLink reads a link. It answers Gone "rights.link.gone.text" for one that is too
// old, or never was.
func openLink(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*link, error) {
	l := &link{}
	var sealed []byte
	var opened *int64
	err := tx.QueryRow(ctx, "SELECT sealed, opened, wrong FROM rights_link WHERE hash = $1 AND tenant_id = $2 AND until > $3",
		s.Hash(), tenantID, tx.Unix()).Scan(&sealed, &opened, &l.wrong)
	if db.IsNoRows(err) {
		return nil, errGone()
	}
	if err != nil {
		return nil, fmt.Errorf("select a link: %w", err)
	}
	plain, err := linkKey(s).Open(sealed, boundLink(s))
	if err != nil {
		return nil, fmt.Errorf("open a link: %w", err)
	}
	if err := json.Unmarshal(plain, l); err != nil {
		return nil, errors.New("a link is no record")
	}
	l.opened = opened != nil
	return l, nil
}

// lockLink is openLink for a change.
func lockLink(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*link, error) {
	if tx.ForUpdate() != "" {
		if err := tx.Later(ctx, nil, "SELECT hash FROM rights_link WHERE hash = $1"+tx.ForUpdate(), s.Hash()); err != nil {
			return nil, fmt.Errorf("lock a link: %w", err)
		}
	}
	return openLink(ctx, tx, tenantID, s)
}

// Ask sends a link to an address if there are records with that mailbox. The answer
// is the same if there are none, after the same work but for the mail itself. It
// answers Invalid with the field email. How often somebody asks is the caller's to
// limit.
func (r *Rights) Ask(ctx context.Context, tenantID, email string, l locale.Lang) error {
	if !person.ValidEmail(email) {
		return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: []fault.Field{{Name: person.FieldEmail, Key: "field.email"}}}
	}
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		cat, err := r.Offices.Catalogue(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		key, err := r.Key(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		all, err := r.ofMailbox(ctx, tx, tenantID, email)
		if err != nil {
			return err
		}
		// Stored and written in both cases, and void in one: the time must not tell.
		s := seal.NewSecret()
		sealed, err := link{Email: email, Shared: len(all) > 1}.seal(s)
		if err != nil {
			return err
		}
		until := tx.Now().Add(LinkLasts)
		_, err = tx.Exec(ctx, "INSERT INTO rights_link (hash, tenant_id, until, wrong, sealed) VALUES ($1, $2, $3, 0, $4)",
			s.Hash(), tenantID, until.Unix(), sealed)
		if err != nil {
			return fmt.Errorf("insert a link: %w", err)
		}
		m, err := r.linkMail(&cat.Tenant, email, l, s, until)
		if err != nil || len(all) == 0 {
			return err
		}
		return message.Enqueue(ctx, tx, message.Row{TenantID: tenantID, Recipient: message.ToAccount, Kind: message.RightsLink, Mail: m, Key: key})
	})
	if err == nil {
		r.Wake()
	}
	return err
}

func (r *Rights) linkMail(t *office.Tenant, email string, l locale.Lang, s seal.Secret, until time.Time) (message.Mail, error) {
	return message.Account(r.Texts, message.RightsLink, email, message.AccountFacts{Lang: l, Town: t.Name, URL: r.Link(t.ID, l, s), Until: until.In(t.Zone)})
}

// Look tells whether a link can be used. It answers Gone "rights.link.gone.text".
// Looking changes nothing: mail programs look too.
func (r *Rights) Look(ctx context.Context, tenantID string, s seal.Secret) error {
	return r.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := openLink(ctx, tx, tenantID, s)
		return err
	})
}

// Open is the button of a link: from then on it shows what it opens. Doing it twice
// is fine. It answers Gone "rights.link.gone.text".
func (r *Rights) Open(ctx context.Context, tenantID string, s seal.Secret) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := lockLink(ctx, tx, tenantID, s); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE rights_link SET opened = $2 WHERE hash = $1 AND opened IS NULL", s.Hash(), tx.Unix())
		if err != nil {
			return fmt.Errorf("note that a link was opened: %w", err)
		}
		return nil
	})
}

// Give opens one more record of a mailbox that several share, by the number of one
// of its appointments as somebody typed it. Giving it twice is fine. A number that is not
// of this mailbox answers Invalid with the field FieldReference; after ten of them
// TooMany "rights.reference.many".
func (r *Rights) Give(ctx context.Context, tenantID string, s seal.Secret, typed string) error {
	reference := strings.Join(strings.Fields(typed), "")
	right := false
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		right = false
		l, err := lockLink(ctx, tx, tenantID, s)
		if err == nil && !l.opened {
			err = errGone()
		}
		if err != nil {
			return err
		}
		if l.wrong >= maxWrong {
			return fault.New(fault.TooMany, "rights.reference.many")
		}
		all, err := r.ofMailbox(ctx, tx, tenantID, l.Email)
		if err != nil {
			return err
		}
		owner, err := ownerOf(ctx, tx, tenantID, reference)
		if err != nil {
			return err
		}
		if right = slices.Contains(all, owner); !right {
			_, err := tx.Exec(ctx, "UPDATE rights_link SET wrong = wrong + 1 WHERE hash = $1", s.Hash())
			return err
		}
		if slices.Contains(l.References, reference) {
			return nil
		}
		l.References = append(l.References, reference)
		sealed, err := l.seal(s)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE rights_link SET sealed = $2 WHERE hash = $1", s.Hash(), sealed)
		return err
	})
	if err == nil && !right {
		return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: []fault.Field{{Name: FieldReference, Key: "rights.reference.wrong"}}}
	}
	if _, ok := fault.As(err); err != nil && !ok {
		return fmt.Errorf("open a record by a number: %w", err)
	}
	return err
}
