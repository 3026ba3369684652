// SPDX-License-Identifier: EUPL-1.2

package privacy

import "strings"

// Table is a table of the database with the class of each of its columns.
type Table struct {
	Name    string
	Columns map[string]*Class
}

// Classes of a table, each once, in the order of the register.
func (t Table) Classes() []*Class {
	var list []*Class
	for _, c := range Classes {
		for _, of := range t.Columns {
			if of == c {
				list = append(list, c)
				break
			}
		}
	}
	return list
}

// is a table whose columns all have one class.
func is(name string, c *Class, columns string) Table {
	t := Table{name, map[string]*Class{}}
	return t.and(c, columns)
}

// and adds columns of another class.
func (t Table) and(c *Class, columns string) Table {
	for name := range strings.FieldsSeq(columns) {
		t.Columns[name] = c
	}
	return t
}

// Tables is every column that the program stores. Appointments for services that
// say a lot about somebody stand in the same tables as others and have the class
// Sensitive instead of Appointment; reservations have Hold until they are booked.
// What those who work here log in with has the class Staff instead of Account.
var Tables = []Table{
	// Who comes when.
	is("person", Appointment, "id tenant_id created sealed email_verified restricted").and(Technical, "sealed_key"),
	is("person_token", Appointment, "tenant_id kind token person_id"),
	is("person_note", Appointment, "id person_id staff_id created sealed"),
	is("person_merge", Appointment, "id tenant_id kept gone staff_id at"),
	is("person_merge_appointment", Appointment, "merge_id appointment_id"),
	is("person_merge_note", Appointment, "merge_id note_id"),
	is("legal_hold", Appointment, "id tenant_id person_id staff_id created until sealed"),
	is("appointment", Appointment, "id tenant_id location_id counter_id person_id reference state lang start_tick ticks minutes until"+
		" extensions sequence created changed version origin overbooked arrived called called_counter finished reminded"),
	is("appointment_service", Appointment, "appointment_id position service_id quantity minutes"),
	is("secret", Appointment, "hash appointment_id channel created"),
	is("claim", Appointment, "counter_id tick owner kind until"),
	is("message", Message, "id tenant_id appointment_id person_id staff_id location_id day until recipient kind state attempts due"+
		" created sent problem sealed"),

	is("request", Request, "id tenant_id person_id kind channel received due state created closed version sealed"),

	// Accounts of citizens, and how people log in.
	is("account", Account, "id tenant_id created used announced lang token sealed"),
	is("account_pending", Registration, "hash tenant_id account_id until sealed"),
	is("rights_link", RightsLink, "hash tenant_id until opened wrong sealed"),
	is("account_appointment", Account, "appointment_id account_id"),
	is("consent", Consent, "id tenant_id account_id purpose lang words given withdrawn"),
	is("credential", Account, "owner_id tenant_id password totp totp_step"),
	is("credential_link", Account, "hash owner_id until"),
	is("passkey", Account, "id owner_id created used sealed"),
	is("recovery_code", Account, "owner_id hash"),
	is("login", Login, "id tenant_id at kind owner_id method ok"),
	is("login_address", LoginAddress, "login_id at sealed"),
	is("session", Session, "hash tenant_id seen sealed staff_id created account_id"),

	// Who works here.
	is("staff", Staff, "id tenant_id role everywhere state created version token sealed disabled"),
	is("staff_location", Staff, "staff_id location_id"),
	is("audit", Audit, "id tenant_id at actor staff_id role action appointment_id person_id location_id subject_id detail first_day last_day"),
	is("audit_also", Audit, "audit_id person_id"),

	// What the office offers and says.
	is("tenant", Office, "id name land zone controller_name controller_street controller_postcode controller_city controller_phone"+
		" controller_email hold_minutes max_extensions confirm_email confirm_minutes unverified_per_address cooldown_minutes"+
		" active_per_person second_factor statements").and(Technical, "revision sealed_key"),
	is("processor", Office, "tenant_id position role name address"),
	is("retention", Office, "tenant_id class amount"),
	is("notice", Office, "tenant_id version created content"),
	is("holiday", Office, "tenant_id position month day easter from_minute name"),
	is("service_group", Office, "tenant_id key position name"),
	is("service", Office, "id tenant_id key position retired group_key common minutes buffer max_quantity combines leika name fee bring"+
		" note words sensitive keep_days name_fixed"),
	is("location", Office, "id tenant_id key position retired name street postcode city phone phone_hours directions office_mail"+
		" lead_minutes horizon_days day_list_minute"),
	is("counter", Office, "id location_id key position retired name office_mail overflow"),
	is("counter_service", Office, "counter_id service_id"),
	is("opening", Office, "counter_id position weekday from_minute to_minute valid_from valid_until every_weeks slot_interval internal"+
		" on_holidays release_days release_minute"),
	is("closure", Office, "id tenant_id location_id counter_id from_date from_minute until_date until_minute reason source"),

	// What the program needs.
	is("deletion", Deletion, "tenant_id day class amount"),
	is("statistic", Statistic, "tenant_id day location_id measure part n"),
	is("retention_run", Technical, "tenant_id at alarmed"),
	is("installation", Technical, "id key_check"),
	is("revision", Technical, "location_id day n"),
	is("goose_db_version", Technical, "id version_id is_applied tstamp"), // which migrations were applied
}
