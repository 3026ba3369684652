// SPDX-License-Identifier: EUPL-1.2

package privacy

import "time"

// Class is a kind of data with one rule for how long it is kept. Its name and the
// moment from which its period counts are texts of the keys "privacy.class." and
// "privacy.since." with its key.
type Class struct {
	Key string
	// Unit is that of the amounts below: a minute, an hour or a day. 0: the class has
	// no period of its own, its data last as long as what they belong to.
	Unit time.Duration
	// Default is the standard amount, Min and Max bound what a tenant may choose
	// instead. Where both are the same there is no choice.
	Default, Min, Max int
	// Personal data say something about a citizen or about somebody who works here.
	Personal bool
}

const day = 24 * time.Hour

// SessionHours is how long what the cookie stands for is kept without use. The
// program, not the tenant, decides it.
const SessionHours = 24

// RightsLinkHours is how long a link can be used by which somebody uses their rights.
const RightsLinkHours = 1

// NoticeDays is how long the end of an unused account is announced before.
const NoticeDays = 30

// The classes with a period.
var (
	// Hold is what was typed for a reservation that came to nothing; from its end.
	Hold = &Class{"hold", time.Minute, 60, 5, 1440, true}
	// Appointment is a booked appointment with the record of its person; from its
	// date, or from when it was cancelled before that.
	Appointment = &Class{"appointment", day, 30, 1, 365, true}
	// Sensitive is the same for services that say a lot about somebody.
	Sensitive = &Class{"sensitive", day, 7, 1, 365, true}
	// Message is that a mail was sent, or why not; from then.
	Message = &Class{"message", day, 14, 1, 90, true}
	// Registration is what was typed for an account, until the link in the mail is used.
	Registration = &Class{"registration", time.Hour, 48, 1, 168, true}
	// RightsLink is a link by which somebody without an account uses their rights. The
	// program, not the tenant, decides how long it is good.
	RightsLink = &Class{"rights_link", time.Hour, RightsLinkHours, RightsLinkHours, RightsLinkHours, true}
	// Account is an account that nobody uses; from the last login.
	Account = &Class{"account", day, 730, 90, 3650, true}
	// Login is when and how somebody logged in.
	Login = &Class{"login", day, 90, 1, 365, true}
	// LoginAddress is from which IP address.
	LoginAddress = &Class{"login_address", day, 7, 1, 90, true}
	// Consent is the evidence of one; from its withdrawal.
	Consent = &Class{"consent", day, 1095, 365, 3650, true}
	// Session is what the cookie stands for; from its last use.
	Session = &Class{"session", time.Hour, SessionHours, SessionHours, SessionHours, true}
	// Audit is who did what and who looked at whom.
	Audit = &Class{"audit", day, 365, 30, 3650, true}
	// Staff is the account of somebody who no longer works here; from its end.
	Staff = &Class{"staff", day, 365, 30, 3650, true}
	// AccessLog is one line for each request.
	AccessLog = &Class{"access_log", day, 7, 1, 30, true}
	// AccessAddress is the whole IP address in such a line; then it is shortened.
	AccessAddress = &Class{"access_address", time.Hour, 24, 1, 168, true}
	// Request is what somebody asked for about their data by letter or telephone, and
	// what came of it; from when it was answered.
	Request = &Class{"request", day, 1095, 365, 3650, true}
	// Backup is a copy of the database; the operator deletes it, and the program keeps
	// as long what must not come back with it.
	Backup = &Class{"backup", day, 30, 1, 365, true}
	// Deletion is how much was deleted when; it names nobody.
	Deletion = &Class{"deletion", day, 1095, 365, 3650, false}
	// Statistic is how often something happened on a day; it names nobody. The days are
	// those of sixty months and the one that is running.
	Statistic = &Class{"statistic", day, 1860, 1860, 1860, false}
)

// The classes without one.
var (
	// Office is what the office offers and publishes, until it changes that.
	Office = &Class{Key: "office"}
	// Technical is what the program needs to run: keys, revisions, what is taken.
	Technical = &Class{Key: "technical"}
)

// Classes lists all, in the order in which a notice names them.
var Classes = []*Class{Hold, Appointment, Sensitive, Message, Registration, RightsLink, Account, Login, LoginAddress, Consent, Session,
	AccessLog, AccessAddress, Request, Audit, Staff, Backup, Deletion, Statistic, Office, Technical}

// Chosen tells whether tenants choose the period of a class.
func (c *Class) Chosen() bool { return c.Min < c.Max }

// FileKey is what the period is called in a tenant's file: "appointment_days".
func (c *Class) FileKey() string { return c.Key + "_" + c.UnitName() }

// UnitName is minutes, hours or days; empty without a period.
func (c *Class) UnitName() string {
	return map[time.Duration]string{time.Minute: "minutes", time.Hour: "hours", day: "days"}[c.Unit]
}

// Periods are the amounts that a tenant chose instead of the standard, by the key
// of their class. The zero value is the standard.
type Periods map[string]int

// Amount is the period of a class in its unit.
func (p Periods) Amount(c *Class) int {
	if n, ok := p[c.Key]; ok {
		return n
	}
	return c.Default
}

// Keep is how long data of a class are kept.
func (p Periods) Keep(c *Class) time.Duration { return time.Duration(p.Amount(c)) * c.Unit }

// Bases are the keys of the legal bases that a tenant may put into words of its
// own: of the use of the service, of the analysis of that use, and of what is kept
// about those who work at the desk. Where consent is the basis there is no choice.
var Bases = []string{"use", "analysis", "staff"}
