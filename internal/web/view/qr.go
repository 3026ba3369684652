// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// QR draws text as an SVG that scales with its frame. Dark modules are
// drawn on a light ground in dark mode too: readers expect it so. label is what
// a screen reader says.
func QR(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("draw QR code: %w", err)
	}
	const quiet = 4 // modules of white around it (ISO/IEC 18004)
	size := code.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" width="200" height="200">`,
		template.HTMLEscapeString(label), size, size)
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="`, size, size)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil
}
