// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vorzimmer/internal/db"
)

// maxParameters is below what one statement may carry on either engine.
const maxParameters = 10000

// table is where rows go, and what happens to one that exists already.
type table struct {
	name    string
	columns []string
	exists  string // ON CONFLICT clause; empty: a row that exists is an error
}

// insert writes rows in their order, with as few statements as possible.
func (t table) insert(ctx context.Context, tx *db.Tx, rows [][]any) error {
	for chunk := range slices.Chunk(rows, maxParameters/len(t.columns)) {
		if _, err := tx.Exec(ctx, t.statement(len(chunk)), slices.Concat(chunk...)...); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
	}
	return nil
}

func (t table) statement(rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", t.name, strings.Join(t.columns, ", "))
	for i := range rows * len(t.columns) {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%len(t.columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteString(")")
	return b.String() + " " + t.exists
}

// replacing is t where a row that exists, by its unique columns, keeps its id
// and takes all other values.
func (t table) replacing(unique ...string) table {
	var set []string
	for _, c := range t.columns {
		if c != "id" && !slices.Contains(unique, c) {
			set = append(set, c+" = excluded."+c)
		}
	}
	t.exists = fmt.Sprintf("ON CONFLICT (%s) DO UPDATE SET %s", strings.Join(unique, ", "), strings.Join(set, ", "))
	return t
}

// columnsOf makes a table of a list of columns with spaces between them.
func columnsOf(name, list string) table { return table{name: name, columns: strings.Fields(list)} }
