// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/request"
)

// Format and Version name what an export holds. Version goes up when something that
// was there changes its meaning or is no longer there.
const (
	Format  = "vorzimmer-personal-data"
	Version = 1
)

// Data is everything that is kept about somebody, as an export writes it (Art. 15(3)
// and 20 GDPR). Its JSON Schema is made of these types and what their tags say.
type Data struct {
	Format  string    `json:"format" about:"Name of this format."`
	Version int       `json:"version" about:"Version of this format."`
	Made    time.Time `json:"made" about:"When this was written."`
	Town    string    `json:"town" about:"Who keeps the data."`
	Account *Account  `json:"account,omitempty" about:"The account, if it was asked for from one."`
	Records []Record  `json:"records" about:"One for each record in the list of customers."`
	// Closed is Subject.Closed.
	Closed int `json:"closed" about:"How many records there may be besides that this export does not open."`

	views       []*booking.View    // the same appointments, for a calendar
	requests    []*request.Request // about the records; not for another installation
	requestDays int
}

// Contact is what somebody told the town about themselves.
type Contact struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	OneName   bool   `json:"one_name,omitempty" about:"This person has no first name."`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Street    string `json:"street,omitempty"`
	Postcode  string `json:"postcode,omitempty"`
	City      string `json:"city,omitempty"`
	BirthDate string `json:"birth_date,omitempty" about:"As YYYY-MM-DD."`
	Note      string `json:"note,omitempty" about:"What the person wrote for the office."`
}

// Account is one, without the appointments in it.
type Account struct {
	Contact      Contact     `json:"contact"`
	Lang         string      `json:"lang" about:"Language of the mails (BCP 47)."`
	Created      time.Time   `json:"created"`
	Used         time.Time   `json:"used" about:"The last login."`
	Announced    time.Time   `json:"announced,omitzero" about:"When its end was announced, since nobody uses it."`
	EndsOn       time.Time   `json:"ends_on" about:"When it is deleted, unless somebody logs in."`
	Appointments []string    `json:"appointments" about:"Numbers of the appointments in it."`
	Pending      []time.Time `json:"pending" about:"Until when links can be used that confirm another e-mail address."`
	Login        Means       `json:"login"`
	Sessions     []Session   `json:"sessions" about:"Where somebody is logged in to it."`
	Logins       []Login     `json:"logins" about:"Logins, also failed ones."`
	Consents     []Consent   `json:"consents"`
	Audit        []Entry     `json:"audit" about:"What happened to the account."`
}

// Means is what an account has to log in with, without the secrets.
type Means struct {
	Password bool        `json:"password"`
	Code     bool        `json:"code" about:"A code generator is set up."`
	Recovery int         `json:"recovery" about:"Recovery codes that are left."`
	Passkeys []Passkey   `json:"passkeys"`
	Links    []time.Time `json:"links" about:"Until when links can be used that set a password."`
}

// Passkey is one of an account.
type Passkey struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`
}

// Session is what a cookie stands for.
type Session struct {
	Created  time.Time `json:"created"`
	Seen     time.Time `json:"seen" about:"The last request."`
	DeleteOn time.Time `json:"delete_on"`
}

// Login is one line of the record of logins.
type Login struct {
	At       time.Time `json:"at"`
	Method   string    `json:"method"`
	OK       bool      `json:"ok"`
	Address  string    `json:"address,omitempty" about:"IP address, while it is kept."`
	DeleteOn time.Time `json:"delete_on"`
}

// Consent is the evidence of one.
type Consent struct {
	Purpose   string    `json:"purpose"`
	Lang      string    `json:"lang" about:"Language of the words."`
	Words     string    `json:"words" about:"As they were read then."`
	Given     time.Time `json:"given"`
	Withdrawn time.Time `json:"withdrawn,omitzero"`
	DeleteOn  time.Time `json:"delete_on,omitzero" about:"Once it is withdrawn."`
}

// Record is one in the list of customers.
type Record struct {
	Contact      Contact       `json:"contact"`
	Created      time.Time     `json:"created"`
	Verified     time.Time     `json:"verified,omitzero" about:"When a link came back from the mailbox."`
	Restricted   time.Time     `json:"restricted,omitzero" about:"Since when its processing is restricted (Art. 18 GDPR)."`
	Holds        []Hold        `json:"holds" about:"Why it is kept for legal claims, or was."`
	Notes        []Note        `json:"notes" about:"What the office noted about the person."`
	Merged       []Merged      `json:"merged" about:"Records that went into this one a short time ago, and could still come out."`
	Appointments []Appointment `json:"appointments"`
	Audit        []Entry       `json:"audit" about:"Who looked at it, or changed it."`
}

// Hold is why a record is kept whatever its period says.
type Hold struct {
	Created time.Time `json:"created"`
	Until   time.Time `json:"until" about:"Not included."`
	Reason  string    `json:"reason"`
}

// Note is what somebody at the office wrote.
type Note struct {
	Created time.Time `json:"created"`
	Text    string    `json:"text"`
}

// Merged is a record that went into another.
type Merged struct {
	At      time.Time `json:"at"`
	Until   time.Time `json:"until" about:"When it is deleted."`
	Contact Contact   `json:"contact"`
}

// Appointment is one in any state.
type Appointment struct {
	Reference   string    `json:"reference"`
	State       string    `json:"state" enum:"held unconfirmed confirmed arrived called served no_show cancelled expired"`
	Start       time.Time `json:"start"`
	End         time.Time `json:"end"`
	Location    string    `json:"location"`
	Address     string    `json:"address"`
	Counter     string    `json:"counter" about:"Where it was planned."`
	Services    []Service `json:"services"`
	Lang        string    `json:"lang" about:"Language of the mails (BCP 47)."`
	Origin      string    `json:"origin" enum:"online desk"`
	Created     time.Time `json:"created"`
	Changed     time.Time `json:"changed"`
	Moved       int       `json:"moved" about:"How often its calendar entry changed."`
	Extended    int       `json:"extended" about:"How often its reservation was prolonged."`
	Until       time.Time `json:"until,omitzero" about:"End of the reservation, or of the time to confirm."`
	Arrived     time.Time `json:"arrived,omitzero"`
	Called      time.Time `json:"called,omitzero"`
	CalledTo    string    `json:"called_to,omitempty" about:"Counter."`
	Finished    time.Time `json:"finished,omitzero" about:"Served, or did not appear."`
	Overbooked  string    `json:"overbooked,omitempty" about:"Why the office booked it beyond capacity."`
	RemindedFor time.Time `json:"reminded_for,omitzero" about:"The time of which a reminder was sent."`
	InAccount   bool      `json:"in_account" about:"Somebody sees it in an account."`
	Links       []Link    `json:"links" about:"Links that open it. Only their hashes are kept."`
	Mails       []Mail    `json:"mails"`
	DeleteOn    time.Time `json:"delete_on" about:"Unless the record is restricted or kept for legal claims then."`
}

// Service is what an appointment is for.
type Service struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
	Minutes  int    `json:"minutes" about:"For one."`
}

// Link is a secret that opens an appointment.
type Link struct {
	Channel string    `json:"channel" enum:"page mail office slip account former_mail" about:"How it went out."`
	Created time.Time `json:"created"`
}

// Mail is that one was written, not what it said.
type Mail struct {
	Kind     string    `json:"kind"`
	To       string    `json:"to" enum:"citizen office"`
	State    string    `json:"state" enum:"queued sent failed"`
	Created  time.Time `json:"created"`
	Sent     time.Time `json:"sent,omitzero"`
	DeleteOn time.Time `json:"delete_on,omitzero" about:"At the latest; sooner if its appointment is."`
}

// Entry is one line of the record of who did what.
type Entry struct {
	At        time.Time `json:"at"`
	Who       string    `json:"who" enum:"staff citizen system operator"`
	Role      string    `json:"role,omitempty" about:"Of the staff at that moment."`
	Action    string    `json:"action"`
	Reference string    `json:"reference,omitempty" about:"Number of the appointment."`
	Detail    string    `json:"detail,omitempty"`
	DeleteOn  time.Time `json:"delete_on"`
}
