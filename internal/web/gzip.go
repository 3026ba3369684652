// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync"
)

// acceptsGzip reads an Accept-Encoding header (RFC 9110, section 12.5.3).
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// deflaters are compressors to be used again: a new one takes a megabyte. A
// page is drawn much more often than it is worth another tenth of its size.
var deflaters = sync.Pool{New: func() any {
	z, _ := flate.NewWriter(nil, flate.BestSpeed) // fails for an unknown level only
	return z
}}

// deflate compresses (RFC 1951) and ends by closing, or by flushing to the
// limit of a byte.
func deflate(plain []byte, end func(*flate.Writer) error) ([]byte, error) {
	var b bytes.Buffer
	z := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(z)
	z.Reset(&b)
	if _, err := z.Write(plain); err != nil {
		return nil, fmt.Errorf("compress page: %w", err)
	}
	if err := end(z); err != nil {
		return nil, fmt.Errorf("compress page: %w", err)
	}
	return b.Bytes(), nil
}

// gzipHeader begins a stream without name and time (RFC 1952, section 2.3).
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// gzipped makes one gzip stream of DEFLATE blocks that together hold plain.
func gzipped(plain [][]byte, blocks ...[]byte) []byte {
	sum, size := uint32(0), 0
	for _, p := range plain {
		sum = crc32.Update(sum, crc32.IEEETable, p)
		size += len(p)
	}
	end := binary.LittleEndian.AppendUint32(nil, sum)
	end = binary.LittleEndian.AppendUint32(end, uint32(size))
	return slices.Concat(gzipHeader, slices.Concat(blocks...), end)
}
