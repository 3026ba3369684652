// SPDX-License-Identifier: EUPL-1.2

package notice

// logFields are the keys of what stands in a line of the access log.
func logFields() []string {
	return []string{"ip", "time", "zone", "request", "status", "bytes", "referrer", "browser", "system", "language_version"}
}
