// SPDX-License-Identifier: EUPL-1.2

package privacy

// The keys of legal bases. Tenants may put the first three into words of their
// own; see Bases.
const (
	BasisUse      = "use"
	BasisAnalysis = "analysis"
	BasisStaff    = "staff"
	BasisConsent  = "consent" // Art. 6(1)(a) GDPR, always
	BasisDuty     = "duty"    // Art. 6(1)(c) GDPR, always: the law asks for it
)

// Activity is something that is done with personal data (Art. 4(2) GDPR), as a line
// of the record of Art. 30(1). Its name and its purpose are texts of the keys
// "privacy.activity." and "privacy.purpose." with its key; the lists hold keys of
// texts as their comments say.
type Activity struct {
	Key   string
	Basis string // a key of a legal basis
	// Concerned are whose data they are: "privacy.concerned.".
	Concerned []string
	// Data are the kinds of data in the words of a notice: "privacy.data.".
	Data []string
	// Classes say how long they are kept. What is kept in memory alone has none.
	Classes []*Class
	// Recipients are who gets to see them: the roles of processors, or one of those
	// below: "privacy.recipient.".
	Recipients []string
	// Logged activities exist only where an access log is kept.
	Logged bool
}

// Recipients that are no processors of the tenant's file.
const (
	Desk      = "desk"       // who works at the location
	Officers  = "officers"   // who may read what was recorded: officer, administrator
	OfficeBox = "office_box" // the mailbox of the location or counter
	Relay     = "relay"      // the server that sends mails, where it is another machine
)

// stored are the processors on whose machines everything lies that is stored.
var stored = []string{"operator", "hosting"}

func to(others ...string) []string { return append(others, stored...) }

// Activities is the register, in the order in which a notice tells of them.
var Activities = []Activity{
	{Key: "booking", Basis: BasisUse, Concerned: []string{"citizen"}, Data: []string{"names", "contact", "voluntary", "booking"},
		Classes: []*Class{Hold, Appointment, Sensitive, Session}, Recipients: to(Desk)},
	{Key: "customers", Basis: BasisUse, Concerned: []string{"citizen"}, Data: []string{"names", "contact", "voluntary", "booking", "notes"},
		Classes: []*Class{Appointment, Sensitive}, Recipients: to(Desk)},
	{Key: "office_mail", Basis: BasisUse, Concerned: []string{"citizen"}, Data: []string{"names", "contact", "voluntary", "booking"},
		Classes: []*Class{Message}, Recipients: to(OfficeBox, Relay)},
	{Key: "messages", Basis: BasisUse, Concerned: []string{"citizen", "holder"}, Data: []string{"contact", "booking"},
		Classes: []*Class{Message}, Recipients: to(Relay)},
	{Key: "account", Basis: BasisUse, Concerned: []string{"holder"}, Data: []string{"names", "contact", "voluntary", "credentials", "booking"},
		Classes: []*Class{Registration, Account, Session}, Recipients: to()},
	{Key: "reminders", Basis: BasisConsent, Concerned: []string{"holder"}, Data: []string{"contact", "booking", "consent"},
		Classes: []*Class{Consent, Message}, Recipients: to(Relay)},
	{Key: "logins", Basis: BasisUse, Concerned: []string{"holder", "staff"}, Data: []string{"login", "address"},
		Classes: []*Class{Login, LoginAddress}, Recipients: to(Officers)},
	{Key: "limits", Basis: BasisUse, Concerned: []string{"visitor"}, Data: []string{"network"}, Recipients: to()},
	{Key: "access", Basis: BasisUse, Concerned: []string{"visitor"}, Data: []string{"access"},
		Classes: []*Class{AccessLog, AccessAddress}, Recipients: to(), Logged: true},
	{Key: "analysis", Basis: BasisAnalysis, Concerned: []string{"visitor", "citizen"}, Data: []string{"totals"},
		Classes: []*Class{Statistic}, Recipients: to()},
	{Key: "rights", Basis: BasisUse, Concerned: []string{"citizen"}, Data: []string{"contact", "booking"},
		Classes: []*Class{RightsLink, Message}, Recipients: to(Relay)},
	{Key: "audit", Basis: BasisUse, Concerned: []string{"citizen", "staff"}, Data: []string{"work"},
		Classes: []*Class{Audit}, Recipients: to(Officers)},
	{Key: "feedback", Basis: BasisUse, Concerned: []string{"visitor"}, Data: []string{"report"},
		Classes: []*Class{Message}, Recipients: to(OfficeBox, Relay)},
	{Key: "requests", Basis: BasisDuty, Concerned: []string{"citizen", "holder"}, Data: []string{"names", "contact", "request"},
		Classes: []*Class{Request}, Recipients: to(Officers)},
	{Key: "desk", Basis: BasisStaff, Concerned: []string{"staff"}, Data: []string{"names", "email", "role", "credentials", "work"},
		Classes: []*Class{Staff, Audit, Session, Login, LoginAddress}, Recipients: to(Officers, Relay)},
	{Key: "backup", Basis: BasisUse, Concerned: []string{"citizen", "holder", "staff"}, Data: []string{"everything"},
		Classes: []*Class{Backup, Deletion}, Recipients: to()},
}
