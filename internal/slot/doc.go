// SPDX-License-Identifier: EUPL-1.2

// Package slot answers which appointments are free. It takes opening hours,
// closures, holidays and claims as plain values and computes, for one local
// day, a bitset of five-minute ticks per counter.
//
// It is pure arithmetic: no input or output, no clock, no database, and no
// knowledge of services, people or texts beyond opaque identifiers. It does not
// promise anything either: between a search and a booking others may book, so
// the promise is made by whoever stores the claims.
//
// Opening hours are wall-clock rules. Each day is built from the instants at
// which its local date begins and ends, and every tick of it is compared by the
// local time that it really has. On the day with 25 hours the repeated hour
// is therefore open twice, and on the day with 23 hours the missing one never.
package slot
