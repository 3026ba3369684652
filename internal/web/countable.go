// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net/http"

	"vorzimmer/internal/statistics"
)

// Countable tells whether a request may be counted in the statistics: not if the
// visitor's browser says that they object, by Global Privacy Control (the header
// Sec-GPC of the W3C's draft) or by Do Not Track (the header DNT of its Tracking
// Preference Expression). What else says so belongs here, too: everybody who counts
// asks this.
func (r *Request) Countable() bool {
	return r.Header.Get("Sec-GPC") != "1" && r.Header.Get("DNT") != "1"
}

// Counting is the context for a domain function that counts what a visitor does.
func (r *Request) Counting() context.Context {
	if r.Countable() {
		return r.Context()
	}
	return statistics.Without(r.Context())
}

// Answered is the status that an answer of a Site has got, 0 as long as it has
// none.
func Answered(w http.ResponseWriter) int {
	if c, ok := w.(*counted); ok {
		return c.status
	}
	return 0
}
