// SPDX-License-Identifier: EUPL-1.2

package credential

// MaxHashing and MaxWaiting are the limits of the hasher.
const (
	MaxHashing = maxHashing
	MaxWaiting = maxWaiting
)

// NetworkTries is how many wrong passwords one network has at once.
var NetworkTries = int(loginNetwork.n)

// MaxCounts is how many counts of tries are kept.
const MaxCounts = maxBuckets

// Counts is how many are.
func (l *Logins) Counts() int { return len(l.attempts.buckets) }

// TryForgotten counts one mail that somebody asks for at an address.
func (l *Logins) TryForgotten(account string) bool {
	return l.attempts.take(forgottenAnywhere, account)
}

// DuringHash makes f be called while a password is hashed.
func (h *Hasher) DuringHash(f func()) { h.during = f }

// Waiting is how many wait to have a password hashed.
func (h *Hasher) Waiting() int64 { return h.waiting.Load() }

// DecodeHash tells whether a stored hash is one of this program.
func DecodeHash(s string) error {
	_, _, _, err := decode(s)
	return err
}
