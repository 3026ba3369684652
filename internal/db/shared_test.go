// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"vorzimmer/internal/db"
)

// asker asks a db.Shared questions whose answers are numbers: the n-th asking
// is answered n, once somebody lets it go on.
type asker struct {
	db.Shared[string, int]
	begun atomic.Int64
	goOn  chan error // one for each asking
}

// asked is what one Get returned.
type asked struct {
	value    int
	err      error
	panicked any
}

var errPlease = errors.New("please panic")

// get calls Get in a goroutine and sends what it returned.
func (a *asker) get(ctx context.Context, key string) <-chan asked {
	out := make(chan asked, 1)
	go func() {
		var got asked
		defer func() {
			got.panicked = recover()
			out <- got
		}()
		got.value, got.err = a.Get(ctx, key, func(ctx context.Context) (int, error) {
			n := int(a.begun.Add(1))
			err := <-a.goOn
			if errors.Is(err, errPlease) {
				panic(err)
			}
			return n, errors.Join(err, ctx.Err())
		})
	}()
	return out
}

// together lets one person ask and five more come while the asking runs. All
// of them wait when it returns.
func together(t *testing.T) (*asker, <-chan asked, []<-chan asked) {
	t.Helper()
	a := &asker{goOn: make(chan error)}
	first := a.get(t.Context(), "a")
	synctest.Wait()
	var others []<-chan asked
	for range 5 {
		others = append(others, a.get(t.Context(), "a"))
	}
	synctest.Wait()
	if n := a.begun.Load(); n != 1 {
		t.Fatalf("%d askings at once", n)
	}
	return a, first, others
}

// end makes sure that nothing is left behind and that asking still works.
func (a *asker) end(t *testing.T) {
	t.Helper()
	if n := a.Busy(); n != 0 {
		t.Errorf("%d questions are left behind", n)
	}
	n, got := int(a.begun.Load()), a.get(t.Context(), "a")
	a.goOn <- nil
	if g := <-got; g != (asked{value: n + 1}) {
		t.Errorf("the next one got %+v", g)
	}
}

// Those who come while somebody asks do not get that answer, which may be old
// for them. They share the next one.
func TestSharedAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, first, others := together(t)
		a.goOn <- nil
		if g := <-first; g != (asked{value: 1}) {
			t.Errorf("the first one got %+v", g)
		}
		synctest.Wait()
		late := a.get(t.Context(), "a") // the second asking has begun
		synctest.Wait()
		if n := a.begun.Load(); n != 2 {
			t.Errorf("%d askings have begun", n)
		}
		a.goOn <- nil
		for i, other := range others {
			if g := <-other; g != (asked{value: 2}) {
				t.Errorf("number %d got %+v", i, g)
			}
		}
		a.goOn <- nil
		if g := <-late; g != (asked{value: 3}) {
			t.Errorf("who came late got %+v", g)
		}
		a.end(t)
	})
}

// However people come, nobody gets an answer that was asked for before.
func TestNobodySeesThePast(t *testing.T) {
	var s db.Shared[int, int64]
	var now atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 500 {
				came := now.Add(1)
				got, err := s.Get(t.Context(), (i+n)%2, func(context.Context) (int64, error) {
					return now.Add(1), nil
				})
				if err != nil || got <= came {
					t.Errorf("came at %d, got an answer of %d (%v)", came, got, err)
				}
			}
		})
	}
	wg.Wait()
	if n := s.Busy(); n != 0 {
		t.Errorf("%d questions are left behind", n)
	}
}

func TestSharedError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, first, others := together(t)
		boom := errors.New("boom")
		a.goOn <- nil
		a.goOn <- boom
		if g := <-first; g.err != nil {
			t.Errorf("the first one got the second one's error: %v", g.err)
		}
		for i, other := range others {
			if g := <-other; !errors.Is(g.err, boom) {
				t.Errorf("number %d got %+v", i, g)
			}
		}
		a.end(t)
	})
}

// When asking panics, everybody hears that there is no answer instead of
// waiting for ever, and nobody else is torn down.
func TestSharedPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, first, others := together(t)
		a.goOn <- nil
		a.goOn <- errPlease
		<-first
		for i, other := range others {
			if g := <-other; g.err == nil || g.panicked != nil {
				t.Errorf("number %d got %+v", i, g)
			}
		}
		a.end(t)
	})
}

// Whoever goes away while waiting gets the context's error at once, and the
// others their answer.
func TestWaiterLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, first, others := together(t)
		ctx, cancel := context.WithCancel(t.Context())
		leaver := a.get(ctx, "a")
		synctest.Wait()
		cancel()
		if g := <-leaver; !errors.Is(g.err, context.Canceled) {
			t.Errorf("who left got %+v", g)
		}
		a.goOn <- nil
		a.goOn <- nil
		<-first
		for i, other := range others {
			if g := <-other; g != (asked{value: 2}) {
				t.Errorf("number %d got %+v", i, g)
			}
		}
		a.end(t)
	})
}

// The one who asks for all goes away, before the asking begins or in the
// middle of it: the others get their answer all the same.
func TestAskerLeaves(t *testing.T) {
	for name, cancelFirst := range map[string]bool{"before": true, "meanwhile": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &asker{goOn: make(chan error)}
				first := a.get(t.Context(), "a")
				synctest.Wait()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				leader := a.get(ctx, "a")
				synctest.Wait()
				waiter := a.get(t.Context(), "a")
				synctest.Wait()
				if cancelFirst {
					cancel()
				}
				a.goOn <- nil
				<-first
				synctest.Wait()
				cancel()
				a.goOn <- nil
				if g := <-leader; !errors.Is(g.err, context.Canceled) {
					t.Errorf("who left got %+v", g)
				}
				if g := <-waiter; g != (asked{value: 2}) {
					t.Errorf("who waited got %+v", g)
				}
				a.end(t)
			})
		})
	}
}

func TestKeysDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &asker{goOn: make(chan error)}
		got := []<-chan asked{a.get(t.Context(), "a"), a.get(t.Context(), "b"), a.get(t.Context(), "c")}
		synctest.Wait()
		if n := a.begun.Load(); n != 3 {
			t.Errorf("%d of 3 askings run", n)
		}
		for range got {
			a.goOn <- nil
		}
		for _, g := range got {
			if g := <-g; g.err != nil {
				t.Error(g.err)
			}
		}
		a.end(t)
	})
}
