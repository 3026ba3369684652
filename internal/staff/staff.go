// SPDX-License-Identifier: EUPL-1.2

// Package staff knows who works at the desk: accounts, roles and rights. How
// they prove who they are is for package credential.
//
// Whoever acts is passed into the domain functions as a Member, and those ask
// it before they do anything: what a page does not show is not forbidden by
// that alone. This package knows no HTTP and no appointments.
package staff

import (
	"slices"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/fault"
)

// Role is what somebody is employed for.
type Role string

// The roles.
const (
	FrontDesk Role = "front_desk" // sees who comes, checks in, books
	Clerk     Role = "clerk"      // also calls and serves
	Admin     Role = "admin"      // also closures, overbooking, accounts
	Officer   Role = "officer"    // data protection: reads the audit, changes nothing
	Operator  Role = "operator"   // runs the program: accounts, nobody's data
)

// Roles lists all of them.
var Roles = []Role{FrontDesk, Clerk, Admin, Officer, Operator}

// Right is something that one may or may not do.
type Right string

// The rights.
const (
	SeeDay       Right = "see_day"       // lists and calendars, with names
	Receive      Right = "receive"       // check people in, note that they did not appear
	Serve        Right = "serve"         // call people and finish
	Book         Right = "book"          // book, move and cancel for others, change contact data
	FindPerson   Right = "find_person"   // search the customers and see their cards
	Reveal       Right = "reveal"        // see contact data
	MergePersons Right = "merge_persons" // and undo it
	Overbook     Right = "overbook"      // beyond capacity, with a reason
	Close        Right = "close"         // closures
	ManageStaff  Right = "manage_staff"  // accounts and roles
	ReadAudit    Right = "read_audit"
	SeeLogins    Right = "see_logins"  // from which IP addresses, with a reason
	SeePrivacy   Right = "see_privacy" // registers and notice: nobody's data
	// KeepRecord is to say that a record must not be deleted, for a legal claim.
	KeepRecord Right = "keep_record"
	// RestrictRecord is to restrict a record, to end that, and to see it meanwhile.
	RestrictRecord Right = "restrict_record"
	// SeeStatistics is for totals, which name nobody.
	SeeStatistics Right = "see_statistics"
	// RecordRequest is to note that somebody asked for one of their rights.
	RecordRequest Right = "record_request"
	// HandleRequests is to see all such requests, to decide and to answer them.
	HandleRequests Right = "handle_requests"
)

// rights is the whole table of who may do what.
var rights = map[Role][]Right{
	FrontDesk: {SeeDay, Receive, Book, FindPerson, Reveal},
	Clerk:     {SeeDay, Receive, Serve, Book, FindPerson, Reveal, MergePersons, RestrictRecord, RecordRequest},
	Admin: {SeeDay, Receive, Serve, Book, FindPerson, Reveal, MergePersons, RestrictRecord, KeepRecord, Overbook, Close,
		ManageStaff, SeeLogins, SeeStatistics, SeePrivacy, RecordRequest, HandleRequests},
	Officer:  {ReadAudit, SeeLogins, SeeStatistics, SeePrivacy, RecordRequest, HandleRequests},
	Operator: {ManageStaff},
}

// Member is somebody who works here, as of this request.
type Member struct {
	ID         string
	TenantID   string
	Role       Role
	Everywhere bool
	Locations  []string // ids, unless everywhere
	Name       string
	Email      string
}

// Has tells whether the role includes a right, at any location.
func (m *Member) Has(r Right) bool { return slices.Contains(rights[m.Role], r) }

// At tells whether the member works at a location.
func (m *Member) At(locationID string) bool {
	return m.Everywhere || slices.Contains(m.Locations, locationID)
}

// May answers Forbidden "staff.forbidden" unless the member has the right at
// the location of an id. The empty id stands for what belongs to no location.
func (m *Member) May(r Right, locationID string) error {
	if !m.Has(r) || locationID != "" && !m.At(locationID) {
		return fault.New(fault.Forbidden, "staff.forbidden")
	}
	return nil
}

// CommandLine is whoever runs the program's commands at a tenant: an operator
// without an account.
func CommandLine(tenantID string) *Member {
	return &Member{TenantID: tenantID, Role: Operator, Everywhere: true}
}

// Grants lists the roles that somebody may give, and whose accounts they may
// change. Nobody lifts another above themselves.
func Grants(by *Member) []Role {
	switch {
	case !by.Has(ManageStaff):
		return nil
	case by.Role == Operator:
		return Roles
	default:
		return []Role{FrontDesk, Clerk, Admin, Officer}
	}
}

// placeless are the roles whose work belongs to no location.
func placeless(r Role) bool { return r == Officer || r == Operator }

// Actor is the member in the audit.
func (m *Member) Actor() audit.Actor {
	if m.ID == "" {
		return audit.Actor{Kind: audit.Operator}
	}
	return audit.Actor{Kind: audit.Staff, StaffID: m.ID, Role: string(m.Role)}
}
