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

	"vorzimmer/internal/booking"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

//go:embed settings.yaml
var newSettings []byte

type initCommand struct {
	Dir string `arg:"" help:"Folder for vorzimmer.yaml and vorzimmer.key." default:"." type:"path"`
}

// Run makes both files and overwrites neither.
func (c *initCommand) Run(e *env) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	key := filepath.Join(c.Dir, "vorzimmer.key")
	if err := writeNew(key, []byte(seal.NewKey().Encode()+"\n"), 0o600); err != nil {
		return err
	}
	file := filepath.Join(c.Dir, "vorzimmer.yaml")
	if err := writeNew(file, newSettings, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(e.out, `Made %s and %s.
Keep a copy of the key apart from the database's backups: without it nobody can
read the personal data. Next: edit the settings, then

  vorzimmer migrate --config %[2]s
  vorzimmer import --config %[2]s TENANT.yaml
  vorzimmer serve --config %[2]s
`, key, file)
	return nil
}

// writeNew writes a file that must not exist.
func writeNew(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already and is left as it is", path)
	}
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
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
		fmt.Fprintf(e.out, "%d migrations applied.\n", n)
	}
	return errors.Join(err, d.Close())
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
	_, d, key, err := c.open(e)
	if err != nil {
		return err
	}
	done, err := importFile(e.ctx, d, key, c.File)
	if err == nil {
		done.print(e.out, e.texts.Printer(locale.EN))
	}
	return errors.Join(err, d.Close())
}

// imported is what an import did.
type imported struct {
	tenant string
	unfit  []booking.Unfit
}

func (i imported) print(w io.Writer, p *locale.Printer) {
	fmt.Fprintf(w, "Tenant %s imported.\n", i.tenant)
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
		if err := office.Import(ctx, tx, key, f); err != nil {
			return err
		}
		var err error
		done.unfit, err = booking.ListUnfit(ctx, tx, done.tenant)
		return err
	})
	return done, err
}
