// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"math/rand/v2"
	"testing"
)

// TestMask compares every operation with a plain array of bools.
func TestMask(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var m, other mask
		var plain, plainOther [maskBits]bool
		for range random.IntN(12) {
			lo := random.IntN(maskBits+20) - 10
			hi := lo + random.IntN(150)
			m.addRange(lo, hi)
			for i := max(lo, 0); i < min(hi, maskBits); i++ {
				plain[i] = true
			}
			at := random.IntN(maskBits+4) - 2
			other.add(at)
			if at >= 0 && at < maskBits {
				plainOther[at] = true
			}
		}
		n, shift := random.IntN(maskBits+10), random.IntN(maskBits)
		runs, down := m.runs(n), m.down(shift)
		and, or, andNot := m.and(other), m.or(other), m.andNot(other)
		count := 0
		for i := range maskBits {
			if plain[i] {
				count++
			}
			check := func(name string, got, want bool) {
				if got != want {
					t.Fatalf("%s at %d is %v (n %d, shift %d)", name, i, got, n, shift)
				}
			}
			check("has", m.has(i), plain[i])
			check("and", and.has(i), plain[i] && plainOther[i])
			check("or", or.has(i), plain[i] || plainOther[i])
			check("andNot", andNot.has(i), plain[i] && !plainOther[i])
			check("down", down.has(i), i+shift < maskBits && plain[i+shift])
			run := n > 0
			for k := range n {
				run = run && i+k < maskBits && plain[i+k]
			}
			check("runs", runs.has(i), run)
			next := i
			for next < maskBits && !plain[next] {
				next++
			}
			check("next", m.next(i) == next || next == maskBits && m.next(i) == -1, true)
			end, first := i, i
			for end < maskBits && plain[end] {
				end++
			}
			for first > 0 && plain[first-1] {
				first--
			}
			check("end", m.end(i) == end, true)
			check("run", !plain[i] || m.run(i) == end-first, true)
		}
		if m.count() != count {
			t.Fatalf("count = %d, want %d", m.count(), count)
		}
		if m.next(maskBits) != -1 || m.has(-1) || m.has(maskBits) {
			t.Fatal("positions outside the mask are set")
		}
	}
}
