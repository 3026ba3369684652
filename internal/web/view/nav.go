// SPDX-License-Identifier: EUPL-1.2

package view

import "vorzimmer/internal/locale"

// Nav is the frame of an audience that is not the public: it stands between
// header and page, on error pages too. Without Who it only says whose pages
// these are.
type Nav struct {
	HomeURL    string
	Items      []NavItem
	Who        string // name of whoever is logged in; empty when nobody is
	Role       string // translated
	AccountURL string
	LogoutURL  string // where the button posts to
	Places     []NavPlace
	PlacesURL  string // where a choice of a place leads, with "location" in the query
	PlacesDate string // that goes along as "date"; empty: none
	SearchURL  string // where the search for a customer posts to; empty: none here
}

// NavItem is one page of the bar.
type NavItem struct {
	Text    string // translated
	URL     string
	Current bool
}

// NavPlace is a location that can be chosen.
type NavPlace struct {
	Key     string
	Name    locale.Text
	Current bool
}
