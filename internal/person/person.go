// SPDX-License-Identifier: EUPL-1.2

// Package person keeps who somebody is: names, contact data and every free
// text that they typed about themselves.
//
// One record per person and tenant, sealed under a key of its own, and found by
// keyed hashes of how it is reached and of the beginnings of its names. Nothing
// else in the database says who somebody is; appointments and messages point
// here. This package knows nothing of appointments.
package person

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

// Data is what a person told us, checked and as they typed it.
type Data struct {
	FirstName string
	LastName  string
	OneName   bool `json:",omitempty"` // this person has no first name
	Email     string
	Phone     string
	Street    string `json:",omitempty"` // this and all that follow are voluntary
	Postcode  string `json:",omitempty"`
	City      string `json:",omitempty"`
	BirthDate string `json:",omitempty"` // 2006-01-02
	Note      string `json:",omitempty"`
}

// Person is an opened record.
type Person struct {
	ID            string
	Data          Data
	EmailVerified bool // a secret came back from the mailbox
	Key           *seal.Key
	// Restricted is since when it is only stored, and used for its appointments
	// (Art. 18 GDPR); the zero time: it is not.
	Restricted time.Time
}

// Vault seals and opens records. It is safe for concurrent use.
type Vault struct {
	kek     *seal.Key
	mu      sync.Mutex
	tenants map[string]*seal.Key
}

// NewVault makes a vault that opens tenants' keys with the installation's key.
func NewVault(kek *seal.Key) *Vault {
	return &Vault{kek: kek, tenants: map[string]*seal.Key{}}
}

// Create stores a new record and returns it.
func (v *Vault) Create(ctx context.Context, tx *db.Tx, tenantID string, d Data) (*Person, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	p := &Person{ID: db.NewID(), Data: d, Key: seal.NewKey()}
	sealed, err := p.seal()
	if err != nil {
		return nil, err
	}
	err = tx.Later(ctx, nil, `INSERT INTO person (id, tenant_id, created, sealed_key, sealed)
		VALUES ($1, $2, $3, $4, $5)`,
		p.ID, tenantID, tx.Unix(), tenant.Wrap(p.Key, BoundKey(p.ID)), sealed)
	if err != nil {
		return nil, fmt.Errorf("insert person: %w", err)
	}
	return p, insertTokens(ctx, tx, tenantID, p.ID, tokensOf(tenant, d))
}

// Update replaces the data of a record that was opened in the same transaction.
// An address that changes is no longer a verified one.
func (v *Vault) Update(ctx context.Context, tx *db.Tx, tenantID string, p *Person, d Data) error {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	was, is := tokensOf(tenant, p.Data), tokensOf(tenant, d)
	sameAddress := p.Data.Email == d.Email
	p.Data, p.EmailVerified = d, p.EmailVerified && sameAddress
	sealed, err := p.seal()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE person SET sealed = $2,
		email_verified = CASE WHEN $3 THEN email_verified END WHERE id = $1`, p.ID, sealed, sameAddress)
	if err != nil {
		return fmt.Errorf("update person: %w", err)
	}
	if slices.EqualFunc(was, is, token.equal) {
		return nil
	}
	if err := deleteTokens(ctx, tx, p.ID); err != nil {
		return err
	}
	return insertTokens(ctx, tx, tenantID, p.ID, is)
}

// Load opens a record. It answers NotFound for one that does not exist or
// belongs to another tenant.
func (v *Vault) Load(ctx context.Context, tx *db.Tx, tenantID, id string) (*Person, error) {
	var r Row
	err := tx.QueryRow(ctx, "SELECT "+Columns+" FROM person p WHERE id = $1 AND tenant_id = $2", id, tenantID).Scan(r.Into()...)
	if db.IsNoRows(err) {
		return nil, fault.New(fault.NotFound, "error.notfound.text")
	}
	if err != nil {
		return nil, fmt.Errorf("select person: %w", err)
	}
	return v.Open(ctx, tx, tenantID, id, &r)
}

// Columns are those of a row p of table person that Open wants, in the order of
// Row.Into.
const Columns = "p.sealed_key, p.sealed, p.email_verified, p.restricted"

// Row is a record as it is stored. The zero value is none, as an outer join finds it.
type Row struct {
	sealedKey, sealed    []byte
	verified, restricted *int64
}

// Into is where Columns go.
func (r *Row) Into() []any { return []any{&r.sealedKey, &r.sealed, &r.verified, &r.restricted} }

// Exists tells whether there is a record.
func (r *Row) Exists() bool { return r.sealedKey != nil }

// Open opens a record whose Columns somebody has read together with their own.
func (v *Vault) Open(ctx context.Context, tx *db.Tx, tenantID, id string, r *Row) (*Person, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	p := &Person{ID: id, EmailVerified: r.verified != nil}
	if r.restricted != nil {
		p.Restricted = time.Unix(*r.restricted, 0)
	}
	if p.Key, err = tenant.Unwrap(r.sealedKey, BoundKey(id)); err != nil {
		return nil, fmt.Errorf("key of person %s: %w", id, err)
	}
	plain, err := p.Key.Open(r.sealed, BoundData(id))
	if err != nil {
		return nil, fmt.Errorf("data of person %s: %w", id, err)
	}
	if err := json.Unmarshal(plain, &p.Data); err != nil {
		// The error of encoding/json may quote the data, so it stays out.
		return nil, fmt.Errorf("data of person %s is no record", id)
	}
	return p, nil
}

// Key opens the key of a record, which also seals the person's messages. It
// answers NotFound for one that does not exist.
func (v *Vault) Key(ctx context.Context, tx *db.Tx, id string) (*seal.Key, error) {
	var tenantID string
	var sealedKey []byte
	err := tx.QueryRow(ctx, "SELECT tenant_id, sealed_key FROM person WHERE id = $1", id).Scan(&tenantID, &sealedKey)
	if db.IsNoRows(err) {
		return nil, fault.New(fault.NotFound, "error.notfound.text")
	}
	if err != nil {
		return nil, fmt.Errorf("select key of person %s: %w", id, err)
	}
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	key, err := tenant.Unwrap(sealedKey, BoundKey(id))
	if err != nil {
		return nil, fmt.Errorf("key of person %s: %w", id, err)
	}
	return key, nil
}

// ListKey opens the key that seals lists of a tenant's persons on their way to
// an office.
func (v *Vault) ListKey(ctx context.Context, tx *db.Tx, tenantID string) (*seal.Key, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return ListKey(tenant), nil
}

// ListKey derives the key for lists from their tenant's.
func ListKey(tenant *seal.Key) *seal.Key { return tenant.Derive("list") }

// MarkVerified notes that a secret came back from the person's mailbox.
func (v *Vault) MarkVerified(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, "UPDATE person SET email_verified = $2 WHERE id = $1 AND email_verified IS NULL", id, tx.Unix())
	if err != nil {
		return fmt.Errorf("mark person as verified: %w", err)
	}
	return nil
}

func (p *Person) seal() ([]byte, error) {
	plain, err := json.Marshal(p.Data)
	if err != nil {
		return nil, fmt.Errorf("encode person: %w", err)
	}
	return p.Key.Seal(plain, BoundData(p.ID)), nil
}

// BoundKey names the row that a record's key is sealed for.
func BoundKey(id string) string { return "person/" + id + "/key" }

// BoundData names the row that a record's data are sealed for.
func BoundData(id string) string { return "person/" + id + "/data" }

// tenantKey opens a tenant's key once and remembers it.
func (v *Vault) tenantKey(ctx context.Context, tx *db.Tx, tenantID string) (*seal.Key, error) {
	v.mu.Lock()
	key := v.tenants[tenantID]
	v.mu.Unlock()
	if key != nil {
		return key, nil
	}
	var sealed []byte
	if err := tx.QueryRow(ctx, "SELECT sealed_key FROM tenant WHERE id = $1", tenantID).Scan(&sealed); err != nil {
		return nil, fmt.Errorf("select key of tenant %s: %w", tenantID, err)
	}
	key, err := v.kek.Unwrap(sealed, "tenant/"+tenantID+"/key")
	if err != nil {
		return nil, fmt.Errorf("key of tenant %s: %w", tenantID, err)
	}
	v.mu.Lock()
	v.tenants[tenantID] = key
	v.mu.Unlock()
	return key, nil
}
