// SPDX-License-Identifier: EUPL-1.2

package booking

// What the test of the plans needs: the query of a search, and the condition
// by which appointments of those it found are read.
var Candidates = candidates

// VisitsOf is the condition.
const VisitsOf = visitsOf
