// SPDX-License-Identifier: EUPL-1.2

package rights_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/document"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/rights"
)

// someone is a visit of nobody who is logged in.
func someone(tenant string) credential.Visit { return credential.Visit{TenantID: tenant} }

// Every class of personal data is shown, or it is said why there is nothing.
func TestNoClassIsMissing(t *testing.T) {
	covered := map[*privacy.Class]bool{}
	for _, c := range rights.Covered() {
		if covered[c] {
			t.Errorf("%s is there twice", c.Key)
		}
		covered[c] = true
	}
	for _, c := range privacy.Classes {
		if c.Personal != covered[c] {
			t.Errorf("%s: personal %v, in the answer %v", c.Key, c.Personal, covered[c])
		}
	}
}

// text is everything that a document says.
func text(t *testing.T, d document.Document) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "‹") {
		t.Errorf("a text is missing: %s", string(b)[strings.Index(string(b), "‹"):][:60])
	}
	return string(b)
}

func says(t *testing.T, what, all string, want ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(all, s) {
			t.Errorf("%s does not say %q", what, s)
		}
	}
}

// A guest sees everything that is kept, in both languages, with the day of deletion,
// and no secret.
func TestAccessOfAGuest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		v := w.book(quirin, true)
		by := w.opened(quirin.Email)
		w.fine(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.Persons.AddNote(t.Context(), tx, w.tenant, v.PersonID, "staff-id-of-somebody", "Kommt mit Dolmetscherin.")
			if err != nil {
				return err
			}
			p, err := w.Persons.Lock(t.Context(), tx, w.tenant, v.PersonID)
			if err != nil {
				return err
			}
			_, err = w.Persons.AddHold(t.Context(), tx, w.tenant, p, "staff-id-of-somebody", "Klage der Nachbarn", tx.Unix()+86400)
			return err
		}))
		e.Exec(t, "UPDATE person SET restricted = $1 WHERE id = $2", e.Clock.Now().Unix(), v.PersonID)
		for _, l := range locale.Langs {
			doc, data, err := w.Access(t.Context(), by, l)
			w.fine(err)
			all := text(t, doc)
			says(t, string(l), all, "Quirin", "Beispielhuber", "quirin@example.org", "030 23125 123", "Musterweg 3", "45739", "Kleinstadt", "1985",
				"Bitte klingeln.", "Kommt mit Dolmetscherin.", "Klage der Nachbarn", v.Reference[:4]+" "+v.Reference[4:])
			if strings.Contains(all, "staff-id-of-somebody") {
				t.Error("it names who works here")
			}
			a := data.Records[0].Appointments[0]
			if len(a.Links) < 2 || len(a.Mails) == 0 || a.DeleteOn.IsZero() || !a.Start.Equal(v.Begin()) || a.State != "confirmed" {
				t.Errorf("the appointment says %d links, %d mails, state %s", len(a.Links), len(a.Mails), a.State)
			}
			if _, err := w.JSON(doc, data); err != nil {
				t.Error(err)
			}
		}
		doc, _, err := w.Access(t.Context(), by, locale.EN)
		w.fine(err)
		says(t, "a second look", text(t, doc), "Looked at own data", "You, or whoever has your link")
		var n int
		e.One(t, &n, "SELECT COUNT(*) FROM audit WHERE action = 'rights.accessed' AND actor = 'citizen' AND person_id = $1", v.PersonID)
		if n != 3 {
			t.Errorf("%d views are on record, not 3", n)
		}
		e.Clock.Advance(time.Hour)
		_, _, err = w.Access(t.Context(), by, locale.DE)
		w.refused(err, fault.Gone, "rights.link.gone.text")
	})
}

// A record that went into another is opened by the one that was kept, with what it
// said while it can still come out.
func TestMergedRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		kept, gone := w.book(quirin, true), w.book(resi, true)
		w.fine(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := w.Persons.Merge(t.Context(), tx, w.tenant, kept.PersonID, gone.PersonID, "staff"); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), "UPDATE appointment SET person_id = $1, overbooked = NULL WHERE id = $2", kept.PersonID, gone.ID)
			return err
		}))
		by := w.opened(quirin.Email)
		doc, data, err := w.Access(t.Context(), by, locale.DE)
		w.fine(err)
		if len(data.Records) != 1 || len(data.Records[0].Appointments) != 2 || len(data.Records[0].Merged) != 1 || data.Closed != 0 {
			t.Fatalf("%d records, %d closed", len(data.Records), data.Closed)
		}
		says(t, "the kept record", text(t, doc), "Resi", gone.Reference[4:])
	})
}

// The owner of an account also sees what the account knows.
func TestAccessOfAnOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		by, _ := w.owner(quirin)
		doc, data, err := w.Access(t.Context(), by, locale.DE)
		w.fine(err)
		all := text(t, doc)
		says(t, "an account without appointments", all, "Quirin", "192.0.2.1", "Ihr Konto", "Konto angelegt", "In der Kundendatenbank haben wir keinen Datensatz")
		if data.Account == nil || len(data.Account.Logins) != 1 || len(data.Account.Sessions) != 0 || !data.Account.Login.Password || len(data.Records) != 0 {
			t.Errorf("%+v", data.Account.Login)
		}
		if strings.Contains(all, "argon2") {
			t.Error("it shows the hash of the password")
		}
	})
}

// Somebody with a thousand appointments gets all of them.
func TestAThousandAppointments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		v := w.book(quirin, true)
		w.fine(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 999 {
				id := fmt.Sprintf("copy-%d", i)
				_, err := tx.Exec(t.Context(), `INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state, lang, start_tick,
					ticks, minutes, until, extensions, sequence, created, changed) SELECT $1, tenant_id, location_id, counter_id, person_id, $2, 'served',
					lang, start_tick - $3, ticks, minutes, 0, 0, 0, created, changed FROM appointment WHERE id = $4`, id, fmt.Sprintf("9%07d", i), i*12, v.ID)
				if err == nil {
					_, err = tx.Exec(t.Context(), `INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
						SELECT $1, position, service_id, quantity, minutes FROM appointment_service WHERE appointment_id = $2`, id, v.ID)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
		by := w.opened(quirin.Email)
		doc, data, err := w.Access(t.Context(), by, locale.DE)
		w.fine(err)
		if n := len(data.Records[0].Appointments); n != 1000 {
			t.Errorf("%d appointments", n)
		}
		says(t, "the answer", text(t, doc), "9000 0998")
		file, err := w.Export(t.Context(), by, locale.DE)
		w.fine(err)
		got, err := rights.ReadImport(file)
		if err != nil || got.LastName != quirin.LastName {
			t.Errorf("the export of a thousand cannot be imported: %v", err)
		}
	})
}
