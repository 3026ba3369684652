// SPDX-License-Identifier: EUPL-1.2

package staff

// MaxHashing and MaxWaiting are the limits of the hasher.
const (
	MaxHashing = maxHashing
	MaxWaiting = maxWaiting
)

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
