// SPDX-License-Identifier: EUPL-1.2

package credential_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
)

func TestCheckPassword(t *testing.T) {
	const short, long, common = "login.password.short", "login.password.long", "login.password.common"
	who := &credential.Owner{Tenant: &credential.Tenant{Name: "Stadt Kleinstadt"}, Name: "Karoline Beispielfrau", Email: "karoline.muster@example.org"}
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
		err := credential.CheckPassword(word, who)
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
	h := newClub(t, dbtest.New(t, "sqlite"))
	a, b := h.add("eins"), h.add("zwei")
	one, two := h.hash(a), h.hash(b)
	if !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") || one == two {
		t.Errorf("hashes are %s and %s", one, two)
	}
	// The same password as it was cheaper.
	const cheap = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$tkLa8z3TxipiirE7mzXKQPfyqYfUj05o+v9Uk8cWG4Y"
	h.Exec(t, "UPDATE credential SET password = $2 WHERE owner_id = $1", b.ID, cheap)
	h.wants("login", h.try("x", "zwei", password), "in")
	if now := h.hash(b); !strings.HasPrefix(now, "$argon2id$v=19$m=19456,t=2,p=1$") || now == two {
		t.Errorf("after a login it is %s", now)
	}
	h.wants("login", h.try("x", "zwei", password), "in")
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", strings.Replace(one, "v=19", "v=16", 1),
		strings.Replace(one, "m=19456", "m=1945600000", 1), strings.Replace(one, "t=2", "t=0", 1), strings.Replace(one, "p=1", "p=0", 1),
		one[:len(one)-5], one + "$"} {
		if credential.DecodeHash(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	h.Exec(t, "UPDATE credential SET password = 'broken' WHERE owner_id = $1", a.ID)
	_, err := h.Login(t.Context(), (&browser{club: h}).visit(), "eins@example.org", password)
	if err == nil || fault.Of(err) != fault.Internal || strings.Contains(err.Error(), "broken") {
		t.Errorf("a broken hash: %v", err)
	}
}

// hash is what is stored of an account's password.
func (h *club) hash(o *credential.Owner) string {
	h.Helper()
	var s string
	h.One(h.T, &s, "SELECT password FROM credential WHERE owner_id = $1", o.ID)
	return s
}
