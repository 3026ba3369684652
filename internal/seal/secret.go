// SPDX-License-Identifier: EUPL-1.2

package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// Secret is a random 256-bit value that travels in a link or a cookie. Only
// its hash is stored.
type Secret string

// NewSecret makes a secret of 43 characters that need no escaping in a URL.
func NewSecret() Secret {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
	return Secret(base64.RawURLEncoding.EncodeToString(raw[:]))
}

// Valid tells whether s has the form of a secret, for values that a visitor
// sends.
func (s Secret) Valid() bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(s))
	return err == nil && len(raw) == 32 && len(s) == 43 // the decoder skips line breaks
}

// Hash is what the database keeps. A fast hash is enough for 256 random bits.
func (s Secret) Hash() []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

// String hides the secret from logs and error texts. Reveal gives it.
func (s Secret) String() string { return "[secret]" }

// Reveal is the secret itself, for a link or a cookie.
func (s Secret) Reveal() string { return string(s) }
