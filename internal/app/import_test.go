// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/app"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
)

// importTown runs the command over the visit's database and returns what it prints.
func (v *visit) importTown(content string) string {
	v.Helper()
	v.Setenv("LC_ALL", "C")
	dir := v.TempDir()
	settings, town := filepath.Join(dir, "vorzimmer.yaml"), filepath.Join(dir, "town.yaml")
	for path, text := range map[string]string{
		filepath.Join(dir, "key"): v.key.Encode(),
		town:                      content,
		settings: fmt.Sprintf("database: %q\nkey_file: key\ntenants:\n  kleinstadt: {base_url: \"https://termine.example.org\"}\n"+
			"mail: {host: mail.example.org, from: termine@example.org}\n", v.Location),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			v.Fatal(err)
		}
	}
	var out, errOut bytes.Buffer
	if code := app.Run(v.Context(), []string{"import", "--config", settings, town}, &out, &errOut); code != 0 {
		v.Fatalf("exit code %d: %s", code, errOut.String())
	}
	return out.String()
}

// An import that closes the hours of an appointment says so and leaves it.
func TestImportReportsWhatNoLongerFits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		e.Clock.Set(clock.System{}.Now()) // the command has the real clock
		v := newVisit(t, e, config.Defaults)
		if err := office.ClaimKey(t.Context(), e.DB, v.key); err != nil {
			t.Fatal(err)
		}
		done := v.get(v.book("ausweis"))
		town := string(officetest.Town)
		if got := v.importTown(town); got != "Tenant kleinstadt updated.\n" {
			t.Errorf("without a change: %q", got)
		}
		sundays := strings.NewReplacer("[mo, tu, we, th, fr]", "[su]", "days: [th]", "days: [su]", "days: [we]", "days: [sa]").Replace(town)
		got := v.importTown(sundays)
		pattern := `^Tenant kleinstadt updated\.\nOne coming appointment does not fit .*\n` +
			`  ([0-9]{8})  [0-9-]{10} [0-9]{2}:[0-9]{2}  Town hall, Counter [12]: it lies outside the opening hours\n$`
		found := regexp.MustCompile(pattern).FindStringSubmatch(got)
		if found == nil {
			t.Fatalf("printed %q", got)
		}
		if spoken := found[1][:4] + " " + found[1][4:]; !strings.Contains(done.Find("main").Text(), spoken) {
			t.Errorf("reference %s is not that of the appointment", found[1])
		}
		if got := v.importTown(town); got != "Tenant kleinstadt updated.\n" {
			t.Errorf("with the old hours again: %q", got)
		}
	})
}
