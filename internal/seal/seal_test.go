// SPDX-License-Identifier: EUPL-1.2

package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"vorzimmer/internal/seal"
)

func TestSealOpens(t *testing.T) {
	k := seal.NewKey()
	a, b := k.Seal([]byte("Quaxilotl"), "person/1/data"), k.Seal([]byte("Quaxilotl"), "person/1/data")
	if bytes.Equal(a, b) {
		t.Error("the same value sealed twice looks the same")
	}
	if bytes.Contains(a, []byte("Quaxilotl")) {
		t.Error("not sealed")
	}
	got, err := k.Open(a, "person/1/data")
	if err != nil || string(got) != "Quaxilotl" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	k := seal.NewKey()
	sealed := k.Seal([]byte("Quaxilotl"), "person/1/data")
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)-1] ^= 1
	newer := bytes.Clone(sealed)
	newer[0]++
	for name, try := range map[string]func() ([]byte, error){
		"another row":     func() ([]byte, error) { return k.Open(sealed, "person/2/data") },
		"another key":     func() ([]byte, error) { return seal.NewKey().Open(sealed, "person/1/data") },
		"a derived key":   func() ([]byte, error) { return k.Derive("x").Open(sealed, "person/1/data") },
		"a changed bit":   func() ([]byte, error) { return k.Open(flipped, "person/1/data") },
		"another version": func() ([]byte, error) { return k.Open(newer, "person/1/data") },
		"cut":             func() ([]byte, error) { return k.Open(sealed[:10], "person/1/data") },
		"nothing":         func() ([]byte, error) { return k.Open(nil, "person/1/data") },
	} {
		if _, err := try(); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestKeysWrapKeys(t *testing.T) {
	outer, inner := seal.NewKey(), seal.NewKey()
	got, err := outer.Unwrap(outer.Wrap(inner, "tenant/a/key"), "tenant/a/key")
	if err != nil || got.Encode() != inner.Encode() {
		t.Errorf("got another key, %v", err)
	}
	if _, err := outer.Unwrap(outer.Wrap(inner, "tenant/a/key"), "tenant/b/key"); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("another tenant's key opened: %v", err)
	}
}

func TestParseKey(t *testing.T) {
	k := seal.NewKey()
	again, err := seal.ParseKey(k.Encode())
	if err != nil || again.Encode() != k.Encode() {
		t.Errorf("a key does not survive its file: %v", err)
	}
	for _, s := range []string{"", "not base64", "QUJD", k.Encode() + k.Encode()} {
		if _, err := seal.ParseKey(s); err == nil {
			t.Errorf("%d characters accepted as a key", len(s))
		} else if len(s) > 10 && strings.Contains(err.Error(), s) {
			t.Error("the error shows the key")
		}
	}
}

func TestTokens(t *testing.T) {
	a, b := seal.NewKey(), seal.NewKey()
	if !bytes.Equal(a.Token("x"), a.Token("x")) {
		t.Error("equal values have different tokens")
	}
	if bytes.Equal(a.Token("x"), b.Token("x")) || bytes.Equal(a.Token("x"), a.Token("y")) {
		t.Error("different keys or values have the same token")
	}
}

func TestSecret(t *testing.T) {
	s := seal.NewSecret()
	if len(s.Reveal()) != 43 || strings.Trim(s.Reveal(), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		t.Errorf("a secret of %d characters, or one that needs escaping", len(s.Reveal()))
	}
	for _, other := range []seal.Secret{"", s + "\n", s[:42], s + "A", "\n" + s[:42], s[:42] + "="} {
		if other.Valid() {
			t.Errorf("%q has the form of a secret", other.Reveal())
		}
	}
	if !s.Valid() || s == seal.NewSecret() {
		t.Error("two secrets are the same")
	}
	if got := fmt.Sprintf("%s %v", s, s); strings.Contains(got, s.Reveal()) {
		t.Error("printing a secret shows it")
	}
	if bytes.Contains(s.Hash(), []byte(s.Reveal())) || len(s.Hash()) != 32 {
		t.Error("the hash is no hash")
	}
}
