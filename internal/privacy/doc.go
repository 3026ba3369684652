// SPDX-License-Identifier: EUPL-1.2

// Package privacy is the registers that the program and its notice share: the
// classes of data with their periods, which column belongs to which class, the
// processing activities, and the authorities of each Land.
//
// It holds facts and does nothing: package retention deletes by these periods,
// package notice prints them. It knows no database, no page and no tenant.
package privacy
