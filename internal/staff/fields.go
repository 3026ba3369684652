// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"slices"
	"strings"
	"unicode/utf8"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
)

// check corrects spelling and finds what is wrong.
func (n *NewAccount) check(cat *office.Catalogue) error {
	n.Email, n.Name = strings.TrimSpace(n.Email), credential.OneLine(n.Name)
	var wrong []fault.Field
	if !person.ValidEmail(n.Email) {
		wrong = append(wrong, fault.Field{Name: "email", Key: "staff.email.bad"})
	}
	wrong = append(wrong, checkName(n.Name)...)
	var err error
	n.Everywhere, n.Locations, err = checkPlace(cat, n.Role, n.Everywhere, n.Locations, &wrong)
	if err != nil {
		return err
	}
	return invalid(wrong)
}

func invalid(wrong []fault.Field) error {
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Key: wrong[0].Key, Args: wrong[0].Args, Fields: wrong}
}

// maxName is the length of the longest name, in characters.
const maxName = 100

func checkName(name string) []fault.Field {
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return []fault.Field{{Name: "name", Key: "staff.name.bad", Args: []any{"Max", maxName}}}
	}
	return nil
}

// checkPlace makes sure that a role exists and has the places that it needs.
// NotFound says that a location is not the tenant's.
func checkPlace(cat *office.Catalogue, r Role, everywhere bool, ids []string, wrong *[]fault.Field) (bool, []string, error) {
	if !slices.Contains(Roles, r) {
		*wrong = append(*wrong, fault.Field{Name: "role", Key: "staff.role.bad"})
	}
	if everywhere || placeless(r) {
		return true, nil, nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, id := range ids {
		if !slices.ContainsFunc(cat.Locations, func(l office.Location) bool { return l.ID == id }) {
			return false, nil, unknown()
		}
	}
	if len(ids) == 0 {
		*wrong = append(*wrong, fault.Field{Name: "locations", Key: "staff.locations.none"})
	}
	return false, ids, nil
}

// token is the keyed hash of an address as it is compared. An address that is
// none has a hash too, which no account has.
func (d *desk) token(email string) []byte { return emailToken(d.Tenant, email) }

func emailToken(t *credential.Tenant, email string) []byte {
	return t.Tokens.Token("email:" + credential.NormalEmail(email))
}
