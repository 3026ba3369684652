// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vorzimmer/internal/db"
)

// maxTerms is how many words of a query count.
const maxTerms = 8

// NameQuery is what somebody typed to find people by their names: words, in
// any order, all of which have to be there. A word of three letters or more
// may be the beginning of one.
type NameQuery struct{ terms []term }

// term is one word of a query, with the ways in which it may stand in a name.
type term struct{ ways []way }

// way is a beginning of a word in the form in which names are compared.
type way struct {
	begins string
	short  bool // fewer letters were typed than find the beginning of a word
}

// ParseName reads a query. It is false when there is no letter in it.
func ParseName(text string) (NameQuery, bool) {
	var q NameQuery
	for _, group := range split(text) {
		joined := wayOf(strings.Join(group, ""))
		for _, word := range group {
			t := term{ways: []way{wayOf(word)}}
			if len(group) > 1 { // "Hans-Peter" is also written Hanspeter
				t.ways = append(t.ways, joined)
			}
			q.terms = append(q.terms, t)
		}
	}
	q.terms = q.terms[:min(len(q.terms), maxTerms)]
	// The longest words are the rarest, so they come first.
	slices.SortStableFunc(q.terms, func(a, b term) int {
		return cmp.Compare(letters(b.ways[0].begins), letters(a.ways[0].begins))
	})
	return q, len(q.terms) > 0
}

func wayOf(word string) way { return way{begins: blur(word), short: letters(word) < shortest} }

// long tells whether a term finds beginnings of words.
func (t term) long() bool {
	return !slices.ContainsFunc(t.ways, func(w way) bool { return w.short })
}

// stored is what of a way stands among the beginnings of a name that it fits.
func (w way) stored() []string {
	n := letters(w.begins)
	if w.short {
		return []string{w.begins}
	}
	if n >= shortest {
		all := beginnings(w.begins)
		return all[len(all)-1:]
	}
	// Three letters were typed, but "mue" is "mü": all that it can go on with.
	list := []string{w.begins}
	for r := 'a'; r <= 'z'; r++ {
		list = append(list, w.begins+string(r))
	}
	return list
}

// exact tells whether only whole words can be looked for, because nothing
// longer was typed.
func (q NameQuery) exact() bool { return !slices.ContainsFunc(q.terms, term.long) }

// Matches tells whether a name fits the query.
func (q NameQuery) Matches(d Data) bool {
	words, exact := nameWords(d), q.exact()
	return !slices.ContainsFunc(q.terms, func(t term) bool {
		return !slices.ContainsFunc(t.ways, func(w way) bool {
			return slices.ContainsFunc(words, func(word string) bool {
				return word == w.begins || !exact && strings.HasPrefix(word, w.begins)
			})
		})
	})
}

// Lookup is a query for the ids of records, which finds them by keyed hashes
// and opens none. Its placeholders begin with $1.
type Lookup struct {
	SQL  string
	Args []any
}

// ByName finds all records that a query fits, and some more: whoever opens
// them asks Matches.
func (v *Vault) ByName(ctx context.Context, tx *db.Tx, tenantID string, q NameQuery) (Lookup, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return Lookup{}, err
	}
	key := tokenKey(tenant)
	exact := q.exact()
	l := Lookup{Args: []any{tenantID}}
	for _, t := range q.terms {
		if !exact && !t.long() {
			continue // too common to look for; Matches sees to it
		}
		var marks []string
		for _, w := range t.ways {
			for _, s := range w.stored() {
				l.Args = append(l.Args, nameToken(key, s))
				marks = append(marks, fmt.Sprintf("$%d", len(l.Args)))
			}
		}
		among := "tenant_id = $1 AND kind = 'name' AND token IN (" + strings.Join(marks, ", ") + ")"
		if l.SQL == "" {
			l.SQL = "SELECT DISTINCT t.person_id FROM person_token t WHERE t." + among
		} else {
			l.SQL += " AND EXISTS (SELECT 1 FROM person_token u WHERE u." + among + " AND u.person_id = t.person_id)"
		}
	}
	return l, nil
}

// ByContact finds the records with an e-mail address, or else with a telephone
// number, in whatever spelling. It is false when that is none.
func (v *Vault) ByContact(ctx context.Context, tx *db.Tx, tenantID, email, phone string) (Lookup, bool, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return Lookup{}, false, err
	}
	t := contactTokens(tokenKey(tenant), Data{Email: email, Phone: phone})
	kind, token := "email", t.Email
	if token == nil {
		kind, token = "phone", t.Phone
	}
	return Lookup{"SELECT person_id FROM person_token WHERE tenant_id = $1 AND kind = $2 AND token = $3",
		[]any{tenantID, kind, token}}, token != nil, nil
}

// LoadAll opens several records by one query, in the order of their ids here.
// Those that do not exist, or belong to another tenant, are left out.
func (v *Vault) LoadAll(ctx context.Context, tx *db.Tx, tenantID string, ids []string) ([]*Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if _, err := v.tenantKey(ctx, tx, tenantID); err != nil { // not while the rows are being read
		return nil, err
	}
	args := []any{tenantID}
	var marks []string
	for _, id := range ids {
		args = append(args, id)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (*Person, error) {
		var id string
		var r Row
		if err := scan(append([]any{&id}, r.Into()...)...); err != nil {
			return nil, err
		}
		return v.Open(ctx, tx, tenantID, id, &r)
	}, "SELECT p.id, "+Columns+" FROM person p WHERE p.tenant_id = $1 AND p.id IN ("+strings.Join(marks, ", ")+")", args...)
	if err != nil {
		return nil, fmt.Errorf("select persons: %w", err)
	}
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(list, func(a, b *Person) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return list, nil
}
