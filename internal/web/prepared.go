// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web/view"
)

// Prepared is a public page that is ready to be sent to anybody, except for one
// secret in the middle of it that each visitor gets a new one of. It is
// compressed in two halves; the secret goes between them as it is, so that its
// letters never meet a compressor.
type Prepared struct {
	lang       locale.Lang
	head, tail half
}

type half struct {
	plain  []byte
	packed []byte // DEFLATE (RFC 1951), ends at the limit of a byte
}

// Prepare draws a page that contains a secret, which stands for those that
// visitors will get.
func Prepare(set *view.Set, lang locale.Lang, name string, page any, secret seal.Secret) (*Prepared, error) {
	var b bytes.Buffer
	if err := set.Render(&b, lang, name, page); err != nil {
		return nil, err
	}
	head, tail, found := bytes.Cut(b.Bytes(), []byte(secret.Reveal()))
	if !found || bytes.Contains(tail, []byte(secret.Reveal())) {
		return nil, fmt.Errorf("prepare %s: the secret is not in it exactly once", name)
	}
	p := &Prepared{lang: lang, head: half{plain: head}, tail: half{plain: tail}}
	var err error
	if p.head.packed, err = deflate(head, (*flate.Writer).Flush); err != nil {
		return nil, err
	}
	if p.tail.packed, err = deflate(tail, (*flate.Writer).Close); err != nil {
		return nil, err
	}
	return p, nil
}

// Send answers with a prepared page and a new secret.
func (r *Request) Send(w http.ResponseWriter, p *Prepared) {
	secret := []byte(seal.NewSecret().Reveal())
	h := pageHeader(w, p.lang)
	h.Add("Vary", "Accept-Encoding")
	var body []byte
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = p.packed(secret)
	} else {
		body = slices.Concat(p.head.plain, secret, p.tail.plain)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a visitor who is gone is no error
}

// packed is the page as a gzip stream, with the secret in a block that is only
// stored (RFC 1951, section 3.2.4).
func (p *Prepared) packed(secret []byte) []byte {
	stored := []byte{0}
	stored = binary.LittleEndian.AppendUint16(stored, uint16(len(secret)))
	stored = binary.LittleEndian.AppendUint16(stored, ^uint16(len(secret)))
	return gzipped([][]byte{p.head.plain, secret, p.tail.plain}, p.head.packed, stored, secret, p.tail.packed)
}
