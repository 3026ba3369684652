// SPDX-License-Identifier: EUPL-1.2

package account

import "embed"

// templateFiles holds one template for each page struct, and the parts that
// they share.
//
//go:embed templates/*.html
var templateFiles embed.FS
