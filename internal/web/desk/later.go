// SPDX-License-Identifier: EUPL-1.2

package desk

// The path /desk itself is taken (nav.go): it leads to the first page that the
// member may see.

func (p *pages) bookRoutes() {}

func (p *pages) personRoutes() {}
