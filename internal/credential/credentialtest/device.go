// SPDX-License-Identifier: EUPL-1.2

// Package credentialtest has somebody's device with a passkey, for tests of
// everything that takes passkeys.
package credentialtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Device is somebody's telephone or security key with one passkey on it, and
// the browser before it (WebAuthn, sections 6.1 and 6.5). The fields can be
// changed to see what a site makes of it.
type Device struct {
	*testing.T
	Key     *ecdsa.PrivateKey
	ID      []byte
	User    string // handle, in base64url, as the site gave it
	Counter uint32
	Origin  string
	RPID    string
	NoUser  bool // does not check whose finger it is
}

// NewDevice is a device without a passkey, at http://localhost:8080.
func NewDevice(t *testing.T) *Device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &Device{T: t, Key: key, ID: make([]byte, 32), Origin: "http://localhost:8080", RPID: "localhost"}
	_, _ = rand.Read(d.ID)
	return d
}

// Asked is what the site sends to the browser.
type Asked struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
		AuthenticatorSelection struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
		UserVerification   string                   `json:"userVerification"`
		RPID               string                   `json:"rpId"`
		ExcludeCredentials []map[string]interface{} `json:"excludeCredentials"`
	} `json:"publicKey"`
}

// Read is what the site asks for.
func (d *Device) Read(options []byte) Asked {
	d.Helper()
	var a Asked
	if err := json.Unmarshal(options, &a); err != nil {
		d.Fatal(err)
	}
	return a
}

// Base64 is how the parts of a passkey are written.
var Base64 = base64.RawURLEncoding.EncodeToString

// Register answers navigator.credentials.create.
func (d *Device) Register(options []byte) []byte {
	d.Helper()
	a := d.Read(options)
	d.User = a.PublicKey.User.ID
	data := d.data(0x40)
	data = append(data, make([]byte, 16)...) // any model
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.ID)))
	data = append(data, d.ID...)
	data = append(data, d.Cose()...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), byte(len(data)>>8), byte(len(data)))
	return d.answer(map[string]any{"clientDataJSON": Base64(d.client("webauthn.create", a)), "attestationObject": Base64(append(object, data...)),
		"transports": []string{"internal"}})
}

// Login answers navigator.credentials.get.
func (d *Device) Login(options []byte) []byte {
	d.Helper()
	client := d.client("webauthn.get", d.Read(options))
	d.Counter++
	data := d.data(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.Key, digest[:])
	if err != nil {
		d.Fatal(err)
	}
	return d.answer(map[string]any{"clientDataJSON": Base64(client), "authenticatorData": Base64(data), "signature": Base64(signature), "userHandle": d.User})
}

func (d *Device) client(kind string, a Asked) []byte {
	d.Helper()
	out, err := json.Marshal(map[string]any{"type": kind, "challenge": a.PublicKey.Challenge, "origin": d.Origin, "crossOrigin": false})
	if err != nil {
		d.Fatal(err)
	}
	return out
}

func (d *Device) answer(response map[string]any) []byte {
	d.Helper()
	out, err := json.Marshal(map[string]any{"id": Base64(d.ID), "rawId": Base64(d.ID), "type": "public-key", "response": response,
		"clientExtensionResults": map[string]any{}})
	if err != nil {
		d.Fatal(err)
	}
	return out
}

// data begins what the device signs: for whom, that somebody was there and is
// the owner, and how often it was used.
func (d *Device) data(flags byte) []byte {
	hash := sha256.Sum256([]byte(d.RPID))
	flags |= 0x05
	if d.NoUser {
		flags &^= 0x04
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.Counter)
}

// Cose is the public key (RFC 9053, ES256).
func (d *Device) Cose() []byte {
	d.Helper()
	point, err := d.Key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.Fatal(err)
	}
	out := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, point[1:33]...)
	return append(append(out, 0x22, 0x58, 0x20), point[33:]...)
}
