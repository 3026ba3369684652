// SPDX-License-Identifier: EUPL-1.2

package slot

import "math/bits"

// maskWords holds 320 ticks: a day of 25 hours has 300.
const (
	maskWords = 5
	maskBits  = maskWords * 64
)

// mask is a set of the ticks of one day, by their position in it. It is a value,
// so that working with it allocates nothing.
type mask [maskWords]uint64

func (m mask) has(i int) bool {
	return i >= 0 && i < maskBits && m[i/64]&(1<<(i%64)) != 0
}

func (m *mask) add(i int) {
	if i >= 0 && i < maskBits {
		m[i/64] |= 1 << (i % 64)
	}
}

// addRange adds the positions from lo up to, but not including, hi.
func (m *mask) addRange(lo, hi int) {
	lo, hi = max(lo, 0), min(hi, maskBits)
	for lo < hi {
		end := min(hi, (lo/64+1)*64)
		m[lo/64] |= ^uint64(0) >> (64 - (end - lo)) << (lo % 64)
		lo = end
	}
}

func (m mask) and(o mask) mask {
	for w := range m {
		m[w] &= o[w]
	}
	return m
}

func (m mask) or(o mask) mask {
	for w := range m {
		m[w] |= o[w]
	}
	return m
}

func (m mask) andNot(o mask) mask {
	for w := range m {
		m[w] &^= o[w]
	}
	return m
}

// down moves every position n lower; those below zero are lost.
func (m mask) down(n int) mask {
	var moved mask
	words, rest := n/64, n%64
	for w := 0; w+words < maskWords; w++ {
		moved[w] = m[w+words] >> rest
		if w+words+1 < maskWords {
			moved[w] |= m[w+words+1] << (64 - rest) // a shift by 64 gives 0 in Go
		}
	}
	return moved
}

// runs returns the positions at which n ticks in a row are set. It doubles the
// length known to be set, so that an hour costs four steps instead of twelve.
func (m mask) runs(n int) mask {
	if n < 1 || n > maskBits {
		return mask{}
	}
	for have := 1; have < n; {
		step := min(have, n-have)
		m = m.and(m.down(step))
		have += step
	}
	return m
}

// end returns the first position from i on that is not set.
func (m mask) end(i int) int {
	for w := range m {
		m[w] = ^m[w]
	}
	if end := m.next(i); end >= 0 {
		return end
	}
	return maskBits
}

// run returns how many positions in a row are set around i, which is one of them.
func (m mask) run(i int) int {
	first := i
	for m.has(first - 1) {
		first--
	}
	return m.end(i) - first
}

func (m mask) count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// next returns the first set position at or after i, or -1.
func (m mask) next(i int) int {
	for w := i / 64; w < maskWords; w++ {
		word := m[w]
		if w == i/64 {
			word = word >> (i % 64) << (i % 64)
		}
		if word != 0 {
			return w*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}
