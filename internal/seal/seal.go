// SPDX-License-Identifier: EUPL-1.2

// Package seal encrypts personal data at rest.
//
// Keys form a chain: the installation's key, from a file or the environment
// and never from the database, wraps one key per tenant, which wraps one key
// per person, which seals that person's values. Destroying a wrapped key
// destroys everything below it, in backups too.
//
// Values are AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). Each
// is bound by associated data to the row it belongs to, so a value copied to
// another row does not open. This package stores nothing.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// KeySize is the length of every key in bytes.
const KeySize = 32

// version is the first byte of a sealed value.
const version = 1

// ErrOpen means that a value was sealed under another key or for another row,
// or was changed.
var ErrOpen = errors.New("sealed value does not open")

// Key seals and opens values. It is safe for concurrent use.
type Key struct {
	raw  [KeySize]byte
	aead cipher.AEAD
}

// NewKey makes a random key.
func NewKey() *Key {
	var raw [KeySize]byte
	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
	k, err := fromBytes(raw[:])
	if err != nil {
		panic("seal: 32 bytes are no AES-256 key: " + err.Error())
	}
	return k
}

// ParseKey reads a key as Encode writes it.
func ParseKey(s string) (*Key, error) {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errors.New("the key is not base64")
	}
	return fromBytes(raw)
}

// Encode writes the key as one line of base64.
func (k *Key) Encode() string { return base64.StdEncoding.EncodeToString(k.raw[:]) }

func fromBytes(raw []byte) (*Key, error) {
	if len(raw) != KeySize {
		return nil, fmt.Errorf("a key has %d bytes, this one has %d", KeySize, len(raw))
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make GCM: %w", err)
	}
	k := &Key{aead: aead}
	copy(k.raw[:], raw)
	return k, nil
}

// Seal encrypts plain for the row that bound names, for example
// "person/<id>/data".
func (k *Key) Seal(plain []byte, bound string) []byte {
	return k.aead.Seal([]byte{version}, nil, plain, []byte(bound))
}

// Open decrypts what Seal made for the same bound. The error is ErrOpen.
func (k *Key) Open(sealed []byte, bound string) ([]byte, error) {
	if len(sealed) < 1 || sealed[0] != version {
		return nil, ErrOpen
	}
	plain, err := k.aead.Open(nil, nil, sealed[1:], []byte(bound))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// Wrap seals another key for the row that bound names.
func (k *Key) Wrap(inner *Key, bound string) []byte { return k.Seal(inner.raw[:], bound) }

// Unwrap opens what Wrap made.
func (k *Key) Unwrap(sealed []byte, bound string) (*Key, error) {
	raw, err := k.Open(sealed, bound)
	if err != nil {
		return nil, err
	}
	return fromBytes(raw)
}

// Derive is the key for another purpose, by HKDF-SHA256 (RFC 5869).
func (k *Key) Derive(purpose string) *Key {
	return derive(k.raw[:], purpose)
}

// KeyFrom derives a key from a random secret that is not stored, for example
// the id in a session cookie.
func KeyFrom(secret []byte, purpose string) *Key { return derive(secret, purpose) }

func derive(secret []byte, purpose string) *Key {
	raw, err := hkdf.Key(sha256.New, secret, nil, purpose, KeySize)
	if err != nil {
		panic("seal: HKDF of 32 bytes failed: " + err.Error())
	}
	k, err := fromBytes(raw)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return k
}

// Token is a keyed hash (HMAC-SHA256) by which equal values are found without
// being readable.
func (k *Key) Token(value string) []byte {
	mac := hmac.New(sha256.New, k.raw[:])
	mac.Write([]byte(value))
	return mac.Sum(nil)
}
