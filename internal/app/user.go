// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"vorzimmer/internal/config"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/desk"
)

// userCommand is for the first account, and for those who have locked
// themselves out. Everything else is done on the pages.
type userCommand struct {
	Add     userAdd     `cmd:"" help:"Make an account and print a link that sets its password."`
	List    userList    `cmd:"" help:"List the accounts of a tenant."`
	Disable userDisable `cmd:"" help:"Keep somebody out; ends all their sessions."`
	Enable  userEnable  `cmd:"" help:"Let somebody in again."`
	Reset   userReset   `cmd:"" help:"Take away password, second factors and sessions, and print a link that sets a new password."`
}

// ofTenant are the flags that all of them share.
type ofTenant struct {
	settings
	Tenant string `help:"Key of the tenant." required:"" placeholder:"KEY"`
}

// accountOf are the flags of those that are about one account.
type accountOf struct {
	ofTenant
	Email string `help:"E-mail address of the account." required:"" placeholder:"ADDRESS"`
}

// officeOf is what a command works with.
type officeOf struct {
	*env
	accounts  *staff.Accounts
	catalogue *office.Catalogue
	by        *staff.Member
	link      func(seal.Secret) string
}

// with runs f for a tenant of the settings.
func (t ofTenant) with(e *env, f func(officeOf) error) error {
	c, d, key, err := t.open(e)
	if err != nil {
		return err
	}
	o, err := t.office(e, c, d, key)
	if err == nil {
		err = f(o)
	}
	return errors.Join(err, d.Close())
}

func (t ofTenant) office(e *env, c *config.Config, d *db.DB, key *seal.Key) (officeOf, error) {
	served, ok := c.Tenants[t.Tenant]
	if !ok {
		return officeOf{}, fault.New(fault.NotFound, "user.no_tenant", "Tenant", t.Tenant)
	}
	base, err := config.ParseBaseURL(served.BaseURL)
	if err != nil {
		return officeOf{}, err
	}
	if err := tenantsImported(e.ctx, d, map[string]*url.URL{t.Tenant: base}); err != nil {
		return officeOf{}, err
	}
	offices := office.NewStore()
	o := officeOf{env: e, by: staff.CommandLine(t.Tenant)}
	baseOf := func(string) *url.URL { return base }
	o.accounts = staff.New(staff.Options{DB: d, Key: key, Offices: offices, Sessions: &session.Store{DB: d},
		Hasher: credential.NewHasher(), Texts: e.texts,
		Base: baseOf, Link: desk.Link(baseOf), Wake: func() {}})
	o.link = func(s seal.Secret) string { return o.accounts.Link(t.Tenant, terminalLang(), s) }
	err = d.Read(e.ctx, func(tx *db.Tx) error {
		var err error
		o.catalogue, err = offices.Catalogue(e.ctx, tx, t.Tenant)
		return err
	})
	return o, err
}

// find is the account that a command is about.
func (o officeOf) find(email string) (*staff.Account, error) {
	a, err := o.accounts.Find(o.ctx, o.by, email)
	if fault.Of(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "user.unknown")
	}
	return a, err
}

// say prints a text and, below it, a link.
func (o officeOf) say(key, email string, s seal.Secret) {
	fmt.Fprintln(o.out, o.printer().T(key, "Email", email, "Days", staff.InvitationDays))
	if s != "" {
		fmt.Fprintln(o.out, o.link(s))
	}
}

type userAdd struct {
	accountOf
	Name       string   `help:"Name, as colleagues see it." required:""`
	Role       string   `help:"One of ${enum}." required:"" enum:"front_desk,clerk,admin,officer,operator"`
	Location   []string `help:"Key of a location where they work; more than once if need be." sep:"none" placeholder:"KEY"`
	Everywhere bool     `help:"They work at all locations, also at those to come."`
}

// Run makes the account. Roles that belong to no location need none.
func (c *userAdd) Run(e *env) error {
	return c.with(e, func(o officeOf) error {
		n := staff.NewAccount{Email: c.Email, Name: c.Name, Role: staff.Role(c.Role), Everywhere: c.Everywhere}
		for _, key := range c.Location {
			id, err := o.location(key)
			if err != nil {
				return err
			}
			n.Locations = append(n.Locations, id)
		}
		s, err := o.accounts.InviteLink(e.ctx, o.by, n)
		if f, ok := fault.As(err); ok && f.Key == "staff.locations.none" {
			return fault.New(fault.Invalid, "user.place")
		}
		if err != nil {
			return err
		}
		o.say("user.added", c.Email, s)
		return nil
	})
}

func (o officeOf) location(key string) (string, error) {
	var keys []string
	for _, l := range o.catalogue.Locations {
		if l.Key == key && !l.Retired {
			return l.ID, nil
		}
		if !l.Retired {
			keys = append(keys, l.Key)
		}
	}
	return "", fault.New(fault.NotFound, "user.no_location", "Key", key, "Keys", strings.Join(keys, ", "))
}

type userList struct{ ofTenant }

// Run prints a line for each account: address, role, state, places, name.
func (c *userList) Run(e *env) error {
	return c.with(e, func(o officeOf) error {
		list, err := o.accounts.List(e.ctx, o.by)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			fmt.Fprintln(e.out, e.printer().T("user.none"))
			return nil
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		for _, a := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.Email, a.Role, a.State, o.places(a), a.Name)
		}
		return w.Flush()
	})
}

// places are the keys of an account's locations.
func (o officeOf) places(a staff.Account) string {
	if a.Everywhere {
		return o.printer().T("user.everywhere")
	}
	var keys []string
	for _, l := range o.catalogue.Locations {
		if slices.Contains(a.Locations, l.ID) {
			keys = append(keys, l.Key)
		}
	}
	return strings.Join(keys, ",")
}

type userDisable struct{ accountOf }

// Run disables the account, also the last administrator's.
func (c *userDisable) Run(e *env) error {
	return c.with(e, func(o officeOf) error {
		a, err := o.find(c.Email)
		if err == nil {
			err = o.accounts.Disable(e.ctx, o.by, a.ID, a.Version)
		}
		if err == nil {
			o.say("user.disabled", a.Email, "")
		}
		return err
	})
}

type userEnable struct{ accountOf }

// Run enables the account; one that is not disabled stays as it is.
func (c *userEnable) Run(e *env) error {
	return c.with(e, func(o officeOf) error {
		a, err := o.find(c.Email)
		if err == nil && a.State == staff.Disabled {
			err = o.accounts.Enable(e.ctx, o.by, a.ID, a.Version)
		}
		if err == nil {
			o.say("user.enabled", a.Email, "")
		}
		return err
	})
}

type userReset struct{ accountOf }

// Run resets the account.
func (c *userReset) Run(e *env) error {
	return c.with(e, func(o officeOf) error {
		a, err := o.find(c.Email)
		if err != nil {
			return err
		}
		s, err := o.accounts.ResetLink(e.ctx, o.by, a.ID, a.Version)
		if f, ok := fault.As(err); ok && f.Key == "staff.is_disabled" {
			return fault.New(fault.Conflict, "user.is_disabled")
		}
		if err != nil {
			return err
		}
		o.say("user.reset", a.Email, s)
		return nil
	})
}
