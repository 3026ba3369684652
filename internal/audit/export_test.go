// SPDX-License-Identifier: EUPL-1.2

package audit

// Query is the text that List runs, with its arguments.
var Query = query
