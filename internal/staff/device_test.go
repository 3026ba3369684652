// SPDX-License-Identifier: EUPL-1.2

package staff_test

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

// device is somebody's telephone or security key with one passkey on it, and
// the browser before it (WebAuthn, sections 6.1 and 6.5).
type device struct {
	*testing.T
	key     *ecdsa.PrivateKey
	id      []byte
	user    string // handle, in base64url, as the site gave it
	counter uint32
	origin  string
	rpID    string
	noUser  bool // does not check whose finger it is
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &device{T: t, key: key, id: make([]byte, 32), origin: "http://localhost:8080", rpID: "localhost"}
	_, _ = rand.Read(d.id)
	return d
}

// asked is what the site sends to the browser.
type asked struct {
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

func (d *device) read(options []byte) asked {
	d.Helper()
	var a asked
	if err := json.Unmarshal(options, &a); err != nil {
		d.Fatal(err)
	}
	return a
}

var b64 = base64.RawURLEncoding.EncodeToString

// register answers navigator.credentials.create.
func (d *device) register(options []byte) []byte {
	d.Helper()
	a := d.read(options)
	d.user = a.PublicKey.User.ID
	data := d.data(0x40)
	data = append(data, make([]byte, 16)...) // any model
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(data, d.id...)
	data = append(data, d.cose()...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), byte(len(data)>>8), byte(len(data)))
	return d.answer(map[string]any{"clientDataJSON": b64(d.client("webauthn.create", a)), "attestationObject": b64(append(object, data...)),
		"transports": []string{"internal"}})
}

// login answers navigator.credentials.get.
func (d *device) login(options []byte) []byte {
	d.Helper()
	client := d.client("webauthn.get", d.read(options))
	d.counter++
	data := d.data(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.Fatal(err)
	}
	return d.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": d.user})
}

func (d *device) client(kind string, a asked) []byte {
	d.Helper()
	out, err := json.Marshal(map[string]any{"type": kind, "challenge": a.PublicKey.Challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.Fatal(err)
	}
	return out
}

func (d *device) answer(response map[string]any) []byte {
	d.Helper()
	out, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response,
		"clientExtensionResults": map[string]any{}})
	if err != nil {
		d.Fatal(err)
	}
	return out
}

// data begins what the device signs: for whom, that somebody was there and is
// the owner, and how often it was used.
func (d *device) data(flags byte) []byte {
	hash := sha256.Sum256([]byte(d.rpID))
	flags |= 0x05
	if d.noUser {
		flags &^= 0x04
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.counter)
}

// cose is the public key (RFC 9053, ES256).
func (d *device) cose() []byte {
	d.Helper()
	point, err := d.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.Fatal(err)
	}
	out := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, point[1:33]...)
	return append(append(out, 0x22, 0x58, 0x20), point[33:]...)
}
