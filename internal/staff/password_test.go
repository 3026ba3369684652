// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

func TestCheckPassword(t *testing.T) {
	const short, long, common = "staff.password.short", "staff.password.long", "staff.password.common"
	for word, want := range map[string]string{
		"lampe-knödel-violett-7":           "",
		"dachrinne zebra quarz":            "",
		"Xk3!vQ9#zT2m":                     "",
		"zwölfzeichen":                     "",
		"日本語のとても長い合言葉です":                   "",
		strings.Repeat("Xk qv zt mw ", 83): "",
		"":                                 short,
		"elfzeichen1":                      short,
		"e\u0301le\u0300ve12345":           short, // thirteen characters, eleven once composed
		"ääääääääää":                       short, // twenty bytes
		strings.Repeat("Xk qv zt mw ", 84): long,
		"lampe-knödel-\xff-violett":        long,
		"passwort1234":                     common,
		"Passwort2026!":                    common,
		"P4ssw0rt2026!!":                   common,
		"PasswortPasswort":                 common,
		"Sommer2026!!!!":                   common,
		"Rathaus-Sommer-2025":              common,
		"aaaaaaaaaaaa":                     common,
		"!!!!!!!!!!!!":                     common,
		"abababababab":                     common,
		"123456789012":                     common,
		"098765432109":                     common,
		"qwertzuiop12":                     common,
		"poiuztrewq21":                     common,
		"abcdefghijkl":                     common,
		"asdfghjkl123":                     common,
		"Kleinstadt2026":                   common,
		"kleinstadt-kleinstadt":            common,
		"karoline.muster":                  common,
		"Karoline1987!":                    common,
		"WillkommenBeispielfrau":           common,
		"Hallo Hallo Hallo":                common,
		"IchLiebeDich2020":                 common,
		"Schalke 04 Schalke 04":            common,
	} {
		err := staff.CheckPassword(word, "Karoline Beispielfrau", "karoline.muster@example.org", "Stadt Kleinstadt")
		if want == "" && err != nil {
			t.Errorf("%q is refused: %v", word, err)
		} else if f, ok := fault.As(err); want != "" && (!ok || f.Key != want || f.Fields[0].Name != "password") {
			t.Errorf("%q: got %v, want %s", word, err, want)
		}
	}
}

// A hash has the form that others read, its own salt, and the parameters that
// are written down; one with other parameters is renewed at the next login.
func TestHashes(t *testing.T) {
	h := newHouse(t, dbtest.New(t, "sqlite"))
	h.secondFactor(false)
	a, b := h.add("eins", staff.Clerk), h.add("zwei", staff.Clerk)
	one, two := h.hash(a), h.hash(b)
	if !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") || one == two {
		t.Errorf("hashes are %s and %s", one, two)
	}
	// The same password as it was cheaper.
	const cheap = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$tkLa8z3TxipiirE7mzXKQPfyqYfUj05o+v9Uk8cWG4Y"
	h.exec("UPDATE staff SET password = $2 WHERE id = $1", b.ID, cheap)
	h.enter("zwei")
	if now := h.hash(b); !strings.HasPrefix(now, "$argon2id$v=19$m=19456,t=2,p=1$") || now == two {
		t.Errorf("after a login it is %s", now)
	}
	h.enter("zwei")
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", strings.Replace(one, "v=19", "v=16", 1),
		strings.Replace(one, "m=19456", "m=1945600000", 1), strings.Replace(one, "t=2", "t=0", 1), strings.Replace(one, "p=1", "p=0", 1),
		one[:len(one)-5], one + "$"} {
		if staff.DecodeHash(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	h.exec("UPDATE staff SET password = 'broken' WHERE id = $1", a.ID)
	_, err := (&browser{house: h}).login("eins", password)
	if err == nil || fault.Of(err) != fault.Internal || strings.Contains(err.Error(), "broken") {
		t.Errorf("a broken hash: %v", err)
	}
}

// hash is what is stored of an account's password.
func (h *house) hash(m *staff.Member) string {
	h.Helper()
	var s string
	h.One(h.T, &s, "SELECT password FROM staff WHERE id = $1", m.ID)
	return s
}
