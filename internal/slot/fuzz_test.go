// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// fuzzDays are zones with a date on or near which their clocks change.
var fuzzDays = []struct{ zone, date string }{
	{"Europe/Berlin", "2026-11-23"}, {"Europe/Berlin", "2026-03-29"}, {"Europe/Berlin", "2026-10-25"}, {"Europe/Berlin", "2028-02-29"},
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Sao_Paulo", "2018-02-17"}, {"Africa/Cairo", "2026-04-24"}, {"Africa/Cairo", "2026-10-29"},
	{"America/Havana", "2025-11-02"}, {"Australia/Lord_Howe", "2026-04-05"}, {"Australia/Lord_Howe", "2026-10-04"},
	{"Asia/Kathmandu", "2026-01-01"}, {"Pacific/Apia", "2011-12-30"}, {"Pacific/Apia", "2011-12-31"}, {"America/Asuncion", "2023-03-25"},
	{"UTC", "1969-12-30"}, {"UTC", "2027-01-03"},
}

// source turns bytes into decisions; when they run out, every decision is 0.
type source struct{ data []byte }

func (s *source) below(n int) int {
	value := 0
	for room := n - 1; room > 0; room >>= 8 {
		if len(s.data) > 0 {
			value = value<<8 | int(s.data[0])
			s.data = s.data[1:]
		}
	}
	return value % n
}

func (s *source) oneIn(n int) bool { return s.below(n) == n-1 }

// scenario is a plan, a day and a question about it.
type scenario struct {
	plan                     *Plan
	date                     Date
	middle                   Tick // near noon of the day
	need                     Need
	claims                   []Claim
	now, notBefore, notAfter int64
	lead                     int64
}

func newScenario(t testing.TB, s *source) scenario {
	place := fuzzDays[s.below(len(fuzzDays))]
	sc := scenario{date: date(t, place.date).AddDays(s.below(5)), now: 1000}
	if s.oneIn(2) {
		sc.date = date(t, place.date)
	}
	loc := zone(t, place.zone)
	sc.middle = Tick((int64(sc.date)*86400 + 43200) / 300)
	_, offset := time.Unix(sc.middle.Unix(), 0).In(loc).Zone()
	sc.middle -= Tick(offset / 300)

	var off []DayOff
	for range s.below(3) {
		from := s.below(1441)
		off = append(off, DayOff{From: from, To: from + s.below(800)})
	}
	sc.plan = &Plan{Zone: loc, MinTicks: s.below(8), DaysOff: func(Date) []DayOff { return off }}
	for range s.below(2) {
		sc.plan.Closures = append(sc.plan.Closures, s.closure(sc.date))
	}
	for i := range 1 + s.below(4) {
		c := Counter{ID: fmt.Sprint("counter ", i), Services: s.services()}
		for range s.below(5) {
			c.Rules = append(c.Rules, s.rule(sc.date))
		}
		for range s.below(2) {
			c.Closures = append(c.Closures, s.closure(sc.date))
		}
		sc.plan.Counters = append(sc.plan.Counters, c)
	}
	sc.now = s.now(sc)
	sc.lead = []int64{0, 0, 3600, 86400}[s.below(4)]
	sc.need = Need{Ticks: s.below(14), Internal: s.oneIn(3)}
	if s.oneIn(2) {
		sc.need.Services = s.services()
	}
	for range s.below(12) {
		sc.claims = append(sc.claims, s.claims(sc)...)
	}
	sc.notBefore, sc.notAfter = math.MinInt64, math.MaxInt64
	if s.oneIn(2) {
		sc.notBefore = sc.middle.Unix() + int64(s.below(40000)) - 40000
		sc.notAfter = sc.middle.Unix() + int64(s.below(40000)) - 10000
	}
	return sc
}

func (s *source) services() []string {
	var list []string
	for _, name := range []string{"move", "passport", "pickup"} {
		if s.oneIn(2) {
			list = append(list, name)
		}
	}
	return list
}

func (s *source) rule(d Date) Rule {
	r := Rule{Weekday: d.Weekday(), From: s.below(288) * 5, Interval: (1 + s.below(12)) * 5, Internal: s.oneIn(4), OnHolidays: s.oneIn(4)}
	r.To = min(r.From+(1+s.below(120))*5, 1440)
	if s.oneIn(6) {
		r.Weekday = time.Weekday(s.below(7))
	}
	if s.oneIn(3) {
		r.ValidFrom = d.AddDays(s.below(40) - 35)
		r.EveryWeeks = s.below(4)
	}
	if s.oneIn(5) {
		r.ValidUntil = d.AddDays(s.below(10) - 2)
	}
	if s.oneIn(2) && !r.Internal {
		r.Release = &Release{Days: []int{0, 1, 1, 2, 7, 28}[s.below(6)], Minute: s.below(288) * 5}
	}
	switch s.below(60) { // now and then something that Validate refuses
	case 59:
		r.Interval = 0
	case 58:
		r.Interval = 7
	case 57:
		r.From, r.To = r.To, r.From
	case 56:
		r.EveryWeeks, r.ValidFrom = 2, 0
	case 55:
		r.EveryWeeks = -2
	case 54:
		r.Release = &Release{Days: -1}
	case 53:
		r.Release = &Release{Days: 1, Minute: 1440}
	case 52:
		r.Internal, r.Release = true, &Release{Days: 1}
	}
	return r
}

// now is long before every release, or as close to one as can be.
func (s *source) now(sc scenario) int64 {
	var all []int64
	for _, c := range sc.plan.Counters {
		for _, r := range c.Rules {
			if r.Release != nil {
				all = append(all, sc.date.AddDays(-r.Release.Days).At(r.Release.Minute, sc.plan.Zone))
			}
		}
	}
	if len(all) == 0 || s.oneIn(4) {
		return 1000
	}
	return all[s.below(len(all))] + []int64{-1, 0, 1}[s.below(3)]
}

func (s *source) closure(d Date) Closure {
	c := Closure{FromDate: d, FromMinute: s.below(289) * 5, UntilDate: d}
	c.UntilMinute = min(c.FromMinute+s.below(40)*5, 1440)
	if s.oneIn(5) {
		c.FromDate = d.AddDays(s.below(4) - 3)
		c.UntilDate = d.AddDays(s.below(4) - 1)
	}
	return c
}

func (s *source) claims(sc scenario) []Claim {
	c := Claim{Counter: fmt.Sprint("counter ", s.below(5)), Tick: sc.middle + Tick(s.below(320)-160)}
	c.Until = sc.now + []int64{1, 1, 5000, math.MaxInt64 - sc.now, 0, -1}[s.below(6)]
	var list []Claim
	for range 1 + s.below(9) {
		list = append(list, c)
		c.Tick++
	}
	return list
}

// grouped puts single ticks together the way the database does.
func grouped(claims []Claim) []Claim {
	type group struct {
		counter string
		word    Tick
		until   int64
	}
	sets := map[group]uint64{}
	for _, c := range claims {
		word := Tick(floorDiv(int64(c.Tick), 60))
		sets[group{c.Counter, word, c.Until}] |= 1 << (c.Tick - word*60)
	}
	var list []Claim
	for g, set := range sets {
		list = append(list, ClaimOf(g.counter, g.word*60, set, g.until))
	}
	return list
}

// compare asks package and reference the same questions, and returns how many
// slots there were.
func compare(t *testing.T, data []byte) int {
	t.Helper()
	sc := newScenario(t, &source{data})
	day, ref := sc.plan.Day(sc.date), newReference(sc.plan, sc.date)
	from, to := sc.middle-200, sc.middle+200
	want := ref.slots(sc.need, from, to, sc.claims, sc.now, sc.notBefore, sc.notAfter)
	got := day.Slots(sc.need, sc.claims, sc.now, sc.notBefore, sc.notAfter)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("slots of %s in %s\n got %v\nwant %v\n%+v", sc.date, sc.plan.Zone, got, want, sc)
	}
	var starts []int64
	for _, s := range want {
		starts = append(starts, s.Start.Unix())
	}
	if got := day.Starts(sc.need, day.Taken(grouped(sc.claims)), sc.now, sc.notBefore, sc.notAfter); !reflect.DeepEqual(got, starts) {
		t.Fatalf("starts of %s in %s\n got %v\nwant %v\n%+v", sc.date, sc.plan.Zone, got, starts, sc)
	}
	if later := sc.now + 86400; day.Steady(day.Taken(sc.claims), sc.now, sc.notBefore, sc.notAfter) &&
		!reflect.DeepEqual(day.Starts(sc.need, day.Taken(sc.claims), later, sc.notBefore, sc.notAfter), starts) {
		t.Fatal("steady, but not the same a day later")
	}
	next, ok := day.NextRelease(sc.need, day.Taken(sc.claims), sc.now, sc.lead)
	if wantNext, wantOK := ref.next(sc.need, sc.claims, sc.now, sc.lead); ok != wantOK || ok && next != wantNext {
		t.Fatalf("next release of %s in %s: %d %v, want %d %v\n%+v", sc.date, sc.plan.Zone, next, ok, wantNext, wantOK, sc)
	}
	for start := from; start < to; start++ {
		id, ok := day.Pick(sc.need, start, day.Taken(grouped(sc.claims)), sc.now)
		wantID, wantOK := ref.pick(sc.need, start, sc.claims, sc.now)
		if id != wantID || ok != wantOK {
			t.Fatalf("pick at %d on %s in %s: %q %v, want %q %v\n%+v", start, sc.date, sc.plan.Zone, id, ok, wantID, wantOK, sc)
		}
		for i, c := range sc.plan.Counters {
			for _, internal := range []bool{false, true} {
				fits := ref.fits(i, start, sc.need.Ticks, internal)
				if day.Fits(c.ID, start, sc.need.Ticks, internal) != fits {
					t.Fatalf("fits %s at %d on %s in %s, internal %v: want %v\n%+v", c.ID, start, sc.date, sc.plan.Zone, internal, fits, sc)
				}
			}
		}
	}
	return len(got)
}

func FuzzSlots(f *testing.F) {
	f.Add([]byte{})
	random := rand.New(rand.NewPCG(2026, 11))
	for range 40 {
		f.Add(randomBytes(random))
	}
	f.Fuzz(func(t *testing.T, data []byte) { compare(t, data) })
}

// TestRandomDays compares some thousand days, always the same ones.
func TestRandomDays(t *testing.T) {
	busy := 0
	for seed := range uint64(3000) {
		data := randomBytes(rand.New(rand.NewPCG(seed, 1)))
		ok := t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			if compare(t, data) > 0 {
				busy++
			}
		})
		if !ok {
			break
		}
	}
	// The comparison is worth something only if many days have free slots.
	t.Logf("%d days have slots", busy)
	if busy < 500 && !t.Failed() {
		t.Errorf("only %d of the days had slots", busy)
	}
}

func randomBytes(random *rand.Rand) []byte {
	data := make([]byte, 100+random.IntN(500))
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data
}
