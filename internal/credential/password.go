// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"vorzimmer/internal/fault"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// What a hash costs: the second of the equally strong choices of the OWASP
// Password Storage Cheat Sheet for Argon2id (RFC 9106).
const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	lanes   = 1
	saltLen = 16
	hashLen = 32
)

// maxHashing is how many passwords are hashed at once, which bounds the memory
// for it to maxHashing * memory. maxWaiting is how many more may wait.
const (
	maxHashing = 4
	maxWaiting = 60
)

// cost is what a stored hash was made with.
type cost struct {
	memory, passes uint32
	lanes          uint8
}

var today = cost{memory, passes, lanes}

// Hasher hashes passwords, a few at a time. It is safe for concurrent use.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	dummy   string // what an address without account is compared with

	during func() // called while a slot is taken; for tests, nil otherwise
}

// NewHasher makes a hasher. There should be one in a process: it bounds the memory
// for all hashing.
func NewHasher() *Hasher {
	h := &Hasher{slots: make(chan struct{}, maxHashing)}
	var salt [saltLen]byte
	var hash [hashLen]byte
	_, _ = rand.Read(hash[:]) // never fails (crypto/rand)
	h.dummy = encode(today, salt[:], hash[:])
	return h
}

// enter waits for a slot and returns what frees it. TooMany "login.busy" says
// that too many wait already.
func (h *Hasher) enter(ctx context.Context) (func(), error) {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > maxWaiting {
		return nil, fault.New(fault.TooMany, "login.busy")
	}
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if h.during != nil {
		h.during()
	}
	return func() { <-h.slots }, nil
}

// Hash is a password in PHC form, with a salt of its own. TooMany "login.busy"
// says that too many wait already.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	var salt [saltLen]byte
	_, _ = rand.Read(salt[:]) // never fails (crypto/rand)
	return encode(today, salt[:], today.derive(password, salt[:])), nil
}

// verify tells whether a password is that of a hash. It is not when the hash is
// empty or the password too long to be one, and the answer takes as long. A hash that this program did not
// write is an error.
func (h *Hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	none := stored == ""
	if none {
		stored = h.dummy
	}
	c, salt, want, err := decode(stored)
	if err != nil {
		return false, err
	}
	same := subtle.ConstantTimeCompare(c.derive(password, salt), want) == 1
	return same && !none && len(password) <= maxPassword, nil
}

// derive is the hash itself. A password that is too long to be one is hashed
// like any other: its beginning.
func (c cost) derive(password string, salt []byte) []byte {
	password = norm.NFC.String(password[:min(len(password), maxPassword)])
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, hashLen)
}

// encode writes the PHC string format
// (https://github.com/P-H-C/phc-string-format).
func encode(c cost, salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes,
		b64.EncodeToString(salt), b64.EncodeToString(hash))
}

// errHash says nothing of the hash: errors are logged.
var errHash = errors.New("a stored password hash is not one of this program")

func decode(s string) (cost, []byte, []byte, error) {
	var c cost
	var version int
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes); err != nil ||
		c.memory > 4*memory || c.passes < 1 || c.passes > 10 || c.lanes < 1 {
		return c, nil, nil, errHash // also one that would eat the machine
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	hash, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(hash) != hashLen {
		return c, nil, nil, errHash
	}
	return c, salt, hash, nil
}

// outdated tells whether a hash was made with other costs than today's.
func outdated(stored string) bool {
	c, _, _, err := decode(stored)
	return err == nil && c != today
}
