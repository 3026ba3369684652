// SPDX-License-Identifier: EUPL-1.2

package viewtest

import (
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
)

// Document is an invented text that has a block of every kind.
func Document(l locale.Lang) document.Document {
	first := document.Section{ID: "first", Title: "1. Beispiel"}
	first.Add("Ein Absatz mit <b>Zeichen</b>.")
	first.AddLines("Stadt Kleinstadt", "", "Marktplatz 1")
	first.AddList("eins", "", "zwei")
	second := document.Section{ID: "second-part", Title: "2. Tabelle"}
	second.AddTable(document.Table{Caption: "Was wie lange", Columns: []string{"Daten", "Frist", "Donaudampfschifffahrtsgesellschaft"},
		Rows: [][]string{{"Termin", "30 Tage", "ab dem Tag"}, {"E-Mail", "14 Tage", "ab dem Versand"}}})
	second.AddLink("Zum Konto", "/account")
	return document.Document{Title: "Beispiel", Lang: l, Sections: []document.Section{first, second}}
}
