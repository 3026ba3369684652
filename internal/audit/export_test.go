// SPDX-License-Identifier: EUPL-1.2

package audit

// Query is the text that List runs, with its arguments.
func Query(tenantID string, f Filter) (string, []any) {
	where, args := query(tenantID, f)
	return columns + where, args
}
