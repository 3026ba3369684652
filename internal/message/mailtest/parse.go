// SPDX-License-Identifier: EUPL-1.2

package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/clock"
)

// Parsed is a mail taken apart.
type Parsed struct {
	Header mail.Header
	Parts  []Part // the leaves, in order
}

// Part is one leaf of a mail's tree.
type Part struct {
	Within   string // media type of the part around it
	Type     string // media type
	Params   map[string]string
	FileName string // of an attachment
	Body     string // decoded
}

// Parse takes apart a mail with the standard library, which shares no code
// with what wrote it.
func Parse(tb testing.TB, raw []byte) Parsed {
	tb.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		tb.Fatalf("read mail: %v", err)
	}
	p := Parsed{Header: m.Header}
	p.walk(tb, "", m.Header.Get, m.Body)
	return p
}

func (p *Parsed) walk(tb testing.TB, within string, header func(string) string, body io.Reader) {
	tb.Helper()
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		tb.Fatalf("content type %q: %v", header("Content-Type"), err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		p.leaf(tb, Part{Within: within, Type: kind, Params: params}, header, body)
		return
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return
		}
		if err != nil {
			tb.Fatalf("read part of %s: %v", kind, err)
		}
		p.walk(tb, kind, part.Header.Get, part)
	}
}

func (p *Parsed) leaf(tb testing.TB, part Part, header func(string) string, body io.Reader) {
	tb.Helper()
	switch strings.ToLower(header("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		tb.Fatalf("decode %s: %v", part.Type, err)
	}
	if d := header("Content-Disposition"); d != "" {
		_, params, err := mime.ParseMediaType(d)
		if err != nil {
			tb.Fatalf("content disposition %q: %v", d, err)
		}
		part.FileName = params["filename"]
	}
	part.Body = string(b)
	p.Parts = append(p.Parts, part)
}

// Part is the first part of a media type.
func (p Parsed) Part(tb testing.TB, kind string) Part {
	tb.Helper()
	for _, part := range p.Parts {
		if part.Type == kind {
			return part
		}
	}
	tb.Fatalf("no part %s", kind)
	return Part{}
}

// Word is a header with encoded words decoded.
func (p Parsed) Word(tb testing.TB, name string) string {
	tb.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(p.Header.Get(name))
	if err != nil {
		tb.Fatalf("header %s: %v", name, err)
	}
	return s
}

// certificate makes a certificate for 127.0.0.1 that vouches for itself. TLS
// checks it against the machine's time.
func certificate(tb testing.TB) (tls.Certificate, *x509.CertPool) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	now := clock.System{}.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
