// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	_ "embed" // the settings file that init writes
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

//go:embed settings.yaml
var newSettings []byte

type initCommand struct {
	Dir string `arg:"" help:"Folder for vorzimmer.yaml and vorzimmer.key." default:"." type:"path"`
}

// Run makes both files, or neither if one of them exists.
func (c *initCommand) Run(e *env) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	key, file := filepath.Join(c.Dir, "vorzimmer.key"), filepath.Join(c.Dir, "vorzimmer.yaml")
	for _, path := range []string{key, file} {
		if _, err := os.Lstat(path); err == nil {
			return exists(path)
		}
	}
	if err := writeNew(file, newSettings, 0o644); err != nil {
		return err
	}
	if err := writeNew(key, []byte(seal.NewKey().Encode()+"\n"), 0o600); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	p := e.printer()
	fmt.Fprintf(e.out, `%s

  vorzimmer migrate --config %[2]s
  vorzimmer import --config %[2]s %[3]s.yaml
  vorzimmer user add --config %[2]s --tenant %[3]s --role admin --everywhere --email %[4]s --name %[5]s
  vorzimmer serve --config %[2]s
`, p.T("operator.init.done", "Key", key, "Settings", file), file, p.T("operator.init.tenant"),
		p.T("operator.init.email"), p.T("operator.init.name"))
	return nil
}

func exists(path string) error {
	return fault.New(fault.Conflict, "operator.init.exists", "Path", path)
}

// writeNew writes a file that must not exist, whole or not at all.
func writeNew(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, os.ErrExist) {
		return exists(path)
	}
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(path)))
	}
	return nil
}

type migrateCommand struct {
	settings
}

// Run migrates and, in a new database, notes which key it belongs to.
func (m *migrateCommand) Run(e *env) error {
	c, err := config.Load(m.Config)
	if err != nil {
		return err
	}
	key, err := c.Key()
	if err != nil {
		return err
	}
	d, err := db.Open(e.ctx, c.Database, e.clock)
	if err != nil {
		return err
	}
	n, err := migrate(e.ctx, d, key)
	if err == nil {
		fmt.Fprintln(e.out, e.printer().N("operator.migrated", n))
	}
	return errors.Join(wrongKey(err, c), d.Close())
}

func migrate(ctx context.Context, d *db.DB, key *seal.Key) (int, error) {
	n, err := d.Migrate(ctx)
	if err != nil {
		return 0, err
	}
	return n, office.ClaimKey(ctx, d, key)
}

type importCommand struct {
	settings
	File string `arg:"" help:"Tenant file; see examples/." type:"existingfile"`
}

// Run imports a tenant, or updates it by its keys. It reports coming
// appointments that the change leaves behind; they stay.
func (c *importCommand) Run(e *env) error {
	settings, d, key, err := c.open(e)
	if err != nil {
		return err
	}
	done, err := importFile(e.ctx, d, key, c.File)
	if err == nil {
		_, done.served = settings.Tenants[done.tenant]
		done.print(e.out, e.printer())
	}
	return errors.Join(err, d.Close())
}

// imported is what an import did.
type imported struct {
	tenant  string
	updated bool // it was there before
	served  bool // the settings name it
	unfit   []booking.Unfit
}

func (i imported) print(w io.Writer, p *locale.Printer) {
	what := "operator.import.created"
	if i.updated {
		what = "operator.import.updated"
	}
	fmt.Fprintln(w, p.T(what, "Tenant", i.tenant))
	if !i.served {
		fmt.Fprintln(w, p.T("operator.import.not_served", "Tenant", i.tenant))
	}
	if len(i.unfit) == 0 {
		return
	}
	fmt.Fprintln(w, p.N("operator.unfit", len(i.unfit)))
	for _, u := range i.unfit {
		fmt.Fprintf(w, "  %s  %s  %s, %s: %s\n", u.Reference, u.Start.Format("2006-01-02 15:04"),
			u.Location.In(p.Lang()), u.Counter.In(p.Lang()), p.T(u.Why))
	}
}

func importFile(ctx context.Context, d *db.DB, key *seal.Key, path string) (imported, error) {
	r, err := os.Open(path)
	if err != nil {
		return imported{}, fmt.Errorf("read tenant file: %w", err)
	}
	defer r.Close()
	return importTenant(ctx, d, key, path, r)
}

// importTenant reads a tenant file, called name in errors.
func importTenant(ctx context.Context, d *db.DB, key *seal.Key, name string, r io.Reader) (imported, error) {
	f, err := office.Parse(name, r)
	if err != nil {
		return imported{}, err
	}
	done := imported{tenant: f.Tenant.ID}
	err = d.Write(ctx, func(tx *db.Tx) error {
		before, err := office.NewStore().Tenants(ctx, tx)
		if err != nil {
			return err
		}
		done.updated = slices.Contains(before, done.tenant)
		if err := office.Import(ctx, tx, key, f); err != nil {
			return err
		}
		done.unfit, err = booking.ListUnfit(ctx, tx, done.tenant)
		return err
	})
	return done, err
}
