// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"

	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message/smtp"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

// settings is the flag that most commands share.
type settings struct {
	Config string `help:"Settings file; ${default} unless given." default:"vorzimmer.yaml" type:"path" placeholder:"FILE"`
}

// open reads the settings, and opens the database with a migrated schema and
// the right key. It makes no database. The caller closes it.
func (s settings) open(e *env) (*config.Config, *db.DB, *seal.Key, error) {
	c, err := config.Load(s.Config)
	if err != nil {
		return nil, nil, nil, err
	}
	key, err := c.Key()
	if err != nil {
		return nil, nil, nil, err
	}
	d, err := db.OpenExisting(e.ctx, c.Database, e.clock)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := d.CheckSchema(e.ctx); err != nil {
		return nil, nil, nil, errors.Join(err, d.Close())
	}
	if err := office.CheckKey(e.ctx, d, key); err != nil {
		return nil, nil, nil, errors.Join(wrongKey(err, c), d.Close())
	}
	return c, d, key, nil
}

// wrongKey adds to the fault of a wrong key where that key came from.
func wrongKey(err error, c *config.Config) error {
	if fault.Of(err) == fault.Conflict {
		return fault.New(fault.Conflict, "operator.key_from", "From", c.KeySource())
	}
	return err
}

type serveCommand struct {
	settings

	NewErasures bool `help:"Open although the list of erasures begins later than the database. Only when you know that nothing erased has come back."`
}

// Run serves until the context ends.
func (s *serveCommand) Run(e *env) error {
	c, d, key, err := s.open(e)
	if err != nil {
		return err
	}
	if c.AccessLog == "" {
		warnOldLog(e.log, filepath.Join(filepath.Dir(s.Config), config.DefaultAccessLog))
	}
	o, err := serveOptions(e, c, d, key)
	if err == nil {
		o.NewErasures = s.NewErasures
		err = listen(e, c.Listen, o)
	}
	return errors.Join(err, d.Close())
}

// warnOldLog says that an access log lies there from before it was switched off:
// nobody deletes it.
func warnOldLog(log *slog.Logger, folder string) {
	if files, err := os.ReadDir(folder); err == nil && len(files) > 0 {
		log.Warn("no access log is kept, but an old one is there, which is not deleted by itself: delete the folder", "folder", folder)
	}
}

func serveOptions(e *env, c *config.Config, d *db.DB, key *seal.Key) (Options, error) {
	o, err := silentOptions(e, c, d, key)
	if err != nil {
		return o, err
	}
	mail, err := c.SMTP()
	if err != nil {
		return o, err
	}
	o.Relay = mail.Relay()
	o.Transport, err = smtp.New(mail, e.clock)
	if err != nil {
		return o, fmt.Errorf("mail: %w", err)
	}
	return o, nil
}

// silentOptions are for a service that sends no mail: what it leaves is sent by
// another.
func silentOptions(e *env, c *config.Config, d *db.DB, key *seal.Key) (Options, error) {
	o := Options{DB: d, Key: key, Clock: e.clock, Log: e.log, Texts: e.texts, Tenants: map[string]*url.URL{},
		From: c.Mail.From, Proxies: c.Proxies, AccessLog: c.AccessLog, Limits: c.Limits, SecurityContact: c.SecurityContact, OperatorMail: c.OperatorMail}
	for id, t := range c.Tenants {
		base, err := config.ParseBaseURL(t.BaseURL)
		if err != nil {
			return o, err
		}
		o.Tenants[id] = base
	}
	err := tenantsImported(e.ctx, d, o.Tenants)
	if err != nil {
		return o, err
	}
	o.Erasures, err = erasure.Open(c.Erasures, e.clock.Now())
	return o, err
}

// tenantsImported refuses to serve a tenant that the database does not have.
func tenantsImported(ctx context.Context, d *db.DB, tenants map[string]*url.URL) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		have, err := office.NewStore().Tenants(ctx, tx)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, id := range have {
			known[id] = true
		}
		for id := range tenants {
			if !known[id] {
				return fault.New(fault.NotFound, "operator.tenant_not_imported", "Tenant", id)
			}
		}
		return nil
	})
}

// listen runs a service and says where.
func listen(e *env, address string, o Options) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s, err := NewService(o)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	e.log.Info("serving", "address", l.Addr().String(), "database", o.DB.Engine(), "version", Version())
	return s.Run(e.ctx, l)
}
