// SPDX-License-Identifier: EUPL-1.2

package smtp

// BeginTLSAtOnce makes t speak to a server on any port as to one on 465.
func BeginTLSAtOnce(t *Transport) { t.direct = true }
