// SPDX-License-Identifier: EUPL-1.2

package staff

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
func (a *Accounts) Counts() int { return len(a.attempts.buckets) }

// TryForgotten counts one mail that somebody asks for at an address.
func (a *Accounts) TryForgotten(account string) bool {
	return a.attempts.take(forgottenAnywhere, account)
}

// DuringHash makes f be called while a password is hashed.
func (a *Accounts) DuringHash(f func()) { a.hasher.during = f }

// Waiting is how many wait to have a password hashed.
func (a *Accounts) Waiting() int64 { return a.hasher.waiting.Load() }

// CheckPassword is checkPassword.
func CheckPassword(password, name, email, town string) error {
	return checkPassword(password, identity{name, email}, town)
}

// DecodeHash tells whether a stored hash is one of this program.
func DecodeHash(s string) error {
	_, _, _, err := decode(s)
	return err
}
