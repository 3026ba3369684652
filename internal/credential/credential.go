// SPDX-License-Identifier: EUPL-1.2

// Package credential is how the owners of accounts prove who they are:
// passwords, code generators, passkeys, recovery codes, links to set a
// password, and the limits on guessing.
//
// There are accounts of several kinds, those of staff and those of citizens. A
// Directory knows who they are and what they may; here they are an id with an
// address. This package knows no HTTP.
package credential

import (
	"context"
	"net/url"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// Visit is a request of somebody who logs in or has done so. Whoever owns its
// session acts.
type Visit struct {
	TenantID string
	Session  session.Data
	Network  string // that the request comes from
	Address  string // its IP address, for the record of logins
	Remember Remember
}

// Remember stores what a session holds from now on, under a new id, in the
// transaction that it is given. A login that goes on answers session.ErrEnded
// when its session has ended meanwhile.
type Remember func(ctx context.Context, tx *db.Tx, d session.Data) error

// Tenant is what all accounts of one kind at a tenant have in common.
type Tenant struct {
	ID, Name string
	Second   bool      // wants a second factor of these accounts
	Data     *seal.Key // seals code generators and passkeys
	Tokens   *seal.Key // hashes recovery codes

	Addresses *seal.Key // seals those of logins; see Addresses
}

// Owner is an account, as far as this package has to know.
type Owner struct {
	*Tenant
	ID, Name, Email string
	Active          bool // may log in
	Barred          bool // not even a link sets a password
}

// Directory knows the accounts of one kind. Owner and ByEmail answer NotFound
// for those that do not exist, and for another tenant's.
type Directory interface {
	Tenant(ctx context.Context, tx *db.Tx, tenantID string) (*Tenant, error)
	Owner(ctx context.Context, tx *db.Tx, tenantID, id string) (*Owner, error)
	ByEmail(ctx context.Context, tx *db.Tx, tenantID, email string) (*Owner, error)
	// Note records what happened, in the transaction that it is about. o is nil
	// for an address without account: the time of a commit must not tell, so a
	// LinkAsked is written all the same. Logins have a record of their own.
	Note(ctx context.Context, tx *db.Tx, tenantID string, o *Owner, e Event) error
	// PasswordSet is called when a link has set the password.
	PasswordSet(ctx context.Context, tx *db.Tx, o *Owner) error
	// MailLink leaves a mail with a link that sets a password until an instant.
	MailLink(ctx context.Context, tx *db.Tx, o *Owner, s seal.Secret, until time.Time, l locale.Lang) error
}

// Event is something that happened to an account.
type Event struct {
	What What
	How  string // by what, or which: "password", "passkey", "password, code" ...; empty where there is one way only
}

// What has happened.
type What string

// What may happen.
const (
	LoggedIn        What = "logged in"
	Failed          What = "failed"             // a login, or the password given again; How
	LinkAsked       What = "link asked"         // for a new password
	PasswordByLink  What = "password by link"   // set
	PasswordChanged What = "password changed"   // by its owner
	FactorAdded     What = "factor added"       // How: code or passkey
	FactorRemoved   What = "factor removed"     // How: code or passkey
	NewRecovery     What = "new recovery codes" // the old ones have ended
	SessionsEnded   What = "sessions ended"     // all others
)

// Options is what logins are made of.
type Options struct {
	DB        *db.DB
	Kind      session.Kind
	Directory Directory
	Sessions  *session.Store
	Hasher    *Hasher                        // the process's
	Base      func(tenantID string) *url.URL // where a tenant is served; passkeys belong to it
	Wake      func()                         // tells the worker that there is something to send
	// LinkResets makes a link that sets a password take away code generator,
	// passkeys and recovery codes, too: where the mailbox is all that is known of
	// somebody, it has to be a way back, also from a thief who has set up theirs.
	LinkResets bool
}

// Logins are those of all accounts of one kind. They are safe for concurrent
// use.
type Logins struct {
	o        Options
	attempts *attempts
}

// New makes the logins of one kind of accounts. There should be one for each in
// a process: the limits on guessing are counted in it.
func New(o Options) *Logins { return &Logins{o: o, attempts: newAttempts(o.DB.Now)} }

// unknown is the answer for what does not exist or belongs to another tenant.
func unknown() error { return fault.New(fault.NotFound, "error.notfound.text") }

// wrong is the answer to a form with one wrong field.
func wrong(field, key string, args ...any) error {
	return &fault.Error{Kind: fault.Invalid, Key: key, Args: args, Fields: []fault.Field{{Name: field, Key: key, Args: args}}}
}
