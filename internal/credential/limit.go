// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"sync"
	"time"

	"vorzimmer/internal/seal"
)

// allowance is how often something may be tried: n times at once, and then
// again as time goes by.
type allowance struct {
	name string
	n    float64
	per  time.Duration
}

// The allowances. Nobody is ever locked out for good: tries come back one by
// one.
var (
	// loginNetwork is for one network and all accounts together, or somebody
	// could try one password after the other at every account, and keep others
	// out by having hashed without end. It is enough for an office behind one
	// address, as right passwords do not count, and less than the hasher has
	// room for. Whoever has logged in from there before is not bound by it.
	loginNetwork = allowance{"login network", 60, 15 * time.Minute}
	// loginHere is for one account from one network.
	loginHere = allowance{"login here", 10, 15 * time.Minute}
	// loginAnywhere is for one account from all networks together. It does not
	// bind networks from which its owner has logged in before, or has set the
	// password by a link, or anybody could keep them out by guessing without end.
	loginAnywhere = allowance{"login anywhere", 50, 15 * time.Minute}
	// secondFactor is for one account: whoever gets here knows its password.
	// At this rate, guessing six digits takes years.
	secondFactor = allowance{"second factor", 10, time.Hour}
	// passkeyBegun and passkeyHere are for one network: there is no account
	// before a passkey succeeds, and each question needs a session to be kept in.
	passkeyBegun = allowance{"passkey begun", 60, 15 * time.Minute}
	passkeyHere  = allowance{"passkey", 60, 15 * time.Minute}
	// forgottenHere and forgottenAnywhere are mails that somebody asks for.
	forgottenHere     = allowance{"forgotten here", 10, time.Hour}
	forgottenAnywhere = allowance{"forgotten anywhere", 5, time.Hour}
	// mailHere and mailAnywhere are other mails, apart from those: whoever uses these
	// up must not take away the way back into an account.
	mailHere     = allowance{"mail here", 10, time.Hour}
	mailAnywhere = allowance{"mail anywhere", 5, time.Hour}
)

// keepKnown is how long a network counts as one that the owner of an account
// uses.
const keepKnown = 30 * 24 * time.Hour

// maxBuckets is how many counts are kept. Beyond it an old one is forgotten for
// each new one: to get rid of a certain one takes more tries than it allows.
const maxBuckets = 50_000

// attempts counts tries. It lives in memory and knows accounts and networks
// only by a hash under a key that dies with the process. It is safe for
// concurrent use.
type attempts struct {
	now func() time.Time
	key *seal.Key

	mu      sync.Mutex
	buckets map[string]*bucket
	known   map[string]time.Time
	swept   time.Time
}

// bucket holds the tries that are left.
type bucket struct {
	of   allowance
	left float64
	at   time.Time
}

func newAttempts(now func() time.Time) *attempts {
	return &attempts{now: now, key: seal.NewKey(), buckets: map[string]*bucket{}, known: map[string]time.Time{}, swept: now()}
}

// counted is how tries at an account are counted: by its address, whether there
// is such an account or not.
func counted(tenantID, email string) string { return tenantID + " " + NormalEmail(email) }

// name is what stands for several values.
func (a *attempts) name(values ...string) string {
	all := ""
	for _, v := range values {
		all += string(a.key.Token(v))
	}
	return all
}

// take counts one try and tells whether it may be made.
func (a *attempts) take(of allowance, values ...string) bool {
	now, name := a.now(), a.name(append(values, of.name)...)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep(now)
	b := a.buckets[name]
	if b == nil {
		a.makeRoom()
		b = &bucket{of: of, left: of.n, at: now}
		a.buckets[name] = b
	}
	b.fill(now)
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// makeRoom forgets one count, whichever it is, when there are too many.
func (a *attempts) makeRoom() {
	if len(a.buckets) < maxBuckets {
		return
	}
	for name := range a.buckets {
		delete(a.buckets, name)
		return
	}
}

// giveBack takes back one try that was counted: it was no wrong one.
func (a *attempts) giveBack(of allowance, values ...string) {
	name := a.name(append(values, of.name)...)
	a.mu.Lock()
	defer a.mu.Unlock()
	if b := a.buckets[name]; b != nil {
		b.left = min(b.left+1, of.n)
	}
}

// forget drops all tries that were counted.
func (a *attempts) forget(of allowance, values ...string) {
	name := a.name(append(values, of.name)...)
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.buckets, name)
}

// mayLogin counts one try to log in at an account from a network.
func (a *attempts) mayLogin(account, network string) bool {
	if a.knows(account, network) {
		return a.take(loginHere, account, network)
	}
	if !a.take(loginNetwork, network) { // first: an invented account leaves no count then
		return false
	}
	if a.take(loginHere, account, network) && a.take(loginAnywhere, account) {
		return true
	}
	a.giveBack(loginNetwork, network) // nothing is hashed
	return false
}

// loggedIn notes that the password was right.
func (a *attempts) loggedIn(account, network string) {
	a.giveBack(loginHere, account, network)
	if !a.knows(account, network) {
		a.giveBack(loginNetwork, network)
		a.giveBack(loginAnywhere, account)
	}
	a.trust(account, network)
}

// proved notes that a link from the owner's mailbox has set the password. What was
// guessed from there before was guessed at the old one.
func (a *attempts) proved(account, network string) {
	a.forget(loginHere, account, network)
	a.trust(account, network)
}

// trust notes that the owner of an account uses a network.
func (a *attempts) trust(account, network string) {
	name := a.name(account, network)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known[name] = a.now()
}

// knows tells whether the owner of an account has used a network.
func (a *attempts) knows(account, network string) bool {
	name := a.name(account, network)
	a.mu.Lock()
	defer a.mu.Unlock()
	at, ok := a.known[name]
	return ok && a.now().Sub(at) < keepKnown
}

// sweep forgets what makes no difference any more.
func (a *attempts) sweep(now time.Time) {
	if now.Sub(a.swept) < time.Minute {
		return
	}
	a.swept = now
	for name, b := range a.buckets {
		if b.fill(now); b.left >= b.of.n {
			delete(a.buckets, name)
		}
	}
	for name, at := range a.known {
		if now.Sub(at) >= keepKnown {
			delete(a.known, name)
		}
	}
}

// fill adds the tries that came back since the last look.
func (b *bucket) fill(now time.Time) {
	b.left = min(b.left+b.of.n*float64(now.Sub(b.at))/float64(b.of.per), b.of.n)
	b.at = now
}
