// SPDX-License-Identifier: EUPL-1.2

package privacy

// Measure is something that the program does to keep data safe (Art. 32(1) GDPR):
// a text of the key "privacy.measure." with its key. What the operator has to do
// beside it (the machine, its backups, the proxy) is not here.
type Measure struct {
	Key   string
	Group string // "privacy.measures." with it is a heading
	Told  bool   // also in the notice
	// Only says when it holds; empty: always.
	Only Condition
}

// Condition is what an installation or a tenant decides.
type Condition string

// The conditions.
const (
	OverTLS       Condition = "tls"       // the tenant's address begins with https
	MustHaveTwo   Condition = "two"       // the tenant wants a second factor of all who work there
	MayHaveTwo    Condition = "may_two"   // it does not
	WithAccessLog Condition = "accesslog" // an access log is kept
)

// The groups, in their order.
var MeasureGroups = []string{"transport", "sealing", "entry", "work", "traces", "less", "right"}

// Measures is the register. Whoever changes what the program does changes it here.
var Measures = []Measure{
	{"tls", "transport", true, OverTLS},     // web.Site.ServeHTTP: HSTS; cookies are Secure
	{"policy", "transport", false, ""},      // web.headers: Content-Security-Policy and its like
	{"own_pages", "transport", true, ""},    // the same: nothing from other servers
	{"other_sites", "transport", false, ""}, // web.Site.cross
	{"not_kept", "transport", true, ""},     // web.Personal: no-store, not compressed, noindex

	{"sealed", "sealing", true, ""},         // package seal: AES-256-GCM, a key for each person
	{"key_apart", "sealing", true, ""},      // config.Config.KeyFile
	{"search_hashes", "sealing", false, ""}, // person_token
	{"link_hashes", "sealing", true, ""},    // secret.hash, account_pending.hash, credential_link.hash
	{"session_sealed", "sealing", false, ""},

	{"cookie", "entry", true, ""},          // session.Cookie
	{"argon2id", "entry", true, ""},        // credential.Hasher
	{"two", "entry", true, MustHaveTwo},    // office.Tenant.SecondFactor
	{"may_two", "entry", true, MayHaveTwo}, // the same
	{"passkeys", "entry", false, ""},       // credential: WebAuthn
	{"guessing", "entry", true, ""},        // credential: attempts
	{"sessions_end", "entry", false, ""},   // session.StaffIdle, StaffAbsolute
	{"prove_again", "entry", false, ""},    // credential: before what one logs in with is changed

	{"roles", "work", true, ""},      // staff.Member.May
	{"revealed", "work", true, ""},   // staff.Reveal
	{"addresses", "work", false, ""}, // staff.SeeLogins
	{"tenants", "work", false, ""},   // every query has a tenant

	{"audit", "traces", true, ""}, // package audit
	{"login_record", "traces", false, ""},
	{"operator_log", "traces", false, ""},          // slog: routes and ids
	{"access_log", "traces", false, WithAccessLog}, // package accesslog

	{"one_cookie", "less", true, ""},
	{"unverified", "less", false, ""},   // booking: nothing typed goes to a mailbox that nobody proved
	{"mail_emptied", "less", false, ""}, // message.Worker
	{"limits", "less", false, ""},       // web.Limiter: in memory
	{"deleted", "less", true, ""},       // package retention
	{"late", "less", false, ""},         // retention.Job: the alarm
	{"scrubbed", "less", false, ""},     // db.DB.Scrub, secure_delete
	{"erased_again", "less", true, ""},  // package erasure

	{"one_place", "right", false, ""}, // the primary key of claim
	{"check", "right", false, ""},     // vorzimmer check
	{"day_list", "right", false, ""},  // booking.SendDayLists
}
