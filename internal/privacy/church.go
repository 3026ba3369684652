// SPDX-License-Identifier: EUPL-1.2

package privacy

import "slices"

// Churches with data protection rules of their own have authorities of their own
// (Art. 91 GDPR), which take complaints instead of the Land's.

// EKDAuthority supervises most Protestant churches and their welfare services.
// Some regional churches, such as the one of the Palatinate, have their own,
// which are not in this table.
func EKDAuthority() Authority {
	return Authority{
		Name:   "Beauftragter für den Datenschutz der Evangelischen Kirche in Deutschland",
		Street: "Lange Laube 20", Postcode: "30159", City: "Hannover",
		Phone: "+49 511 768128-0", Email: "info@datenschutz.ekd.de",
		URL: "https://datenschutz.ekd.de", Source: collected("deekdbfd"),
	}
}

// CatholicAuthorities returns who supervises Catholic bodies in a Land, that of
// the larger part of the Land first. They are divided by dioceses, not by Länder:
// some parishes near a border belong to a diocese of the neighbour, and have to
// name that one's authority. An unknown Land has none.
func CatholicAuthorities(land string) []Authority {
	var found []Authority
	for _, c := range catholic {
		if slices.Contains(c.lands, land) {
			found = append(found, c.Authority)
		}
	}
	return found
}

// catholic lists the five authorities. In Mecklenburg-Vorpommern the archdioceses
// of Hamburg (Mecklenburg) and Berlin (Vorpommern) meet.
var catholic = []struct {
	lands []string
	Authority
}{
	{[]string{"NW"}, Authority{
		Name:   "Katholisches Datenschutzzentrum (KdöR)",
		Street: "Brackeler Hellweg 144", Postcode: "44309", City: "Dortmund",
		Phone: "+49 231 138985-0", Email: "info@kdsz.de",
		URL: "https://www.katholisches-datenschutzzentrum.de", Source: collected("dekathdsz"),
	}},
	// Where its office is could not be settled: the addresses that are given differ.
	{[]string{"BW", "HE", "RP", "SL"}, Authority{
		Name: "Katholisches Datenschutzzentrum Frankfurt/M. (KdöR)", City: "Frankfurt am Main",
		Email: "info@kdsz-ffm.de",
		URL:   "https://www.kath-datenschutzzentrum-ffm.de", Source: collected("dekathffdsz"),
	}},
	// Founded in 2023; only its name and its town could be established.
	{[]string{"BY"}, Authority{
		Name: "Katholisches Datenschutzzentrum Bayern (KdöR)", City: "Nürnberg",
		Source: seen("https://artikel91.eu/2023/03/28/das-katholische-datenschutzzentrum-bayern-hat-eine-satzung/"),
	}},
	{[]string{"HB", "HH", "MV", "NI", "SH"}, Authority{
		Name:   "Katholische Datenschutzaufsicht Nord",
		Street: "Unser Lieben Frauen Kirchhof 20", Postcode: "28195", City: "Bremen",
		Phone: "+49 421 330056-0", Email: "info@kdsa-nord.de",
		URL: "https://www.kdsa-nord.de", Source: collected("dekathnordddsb"),
	}},
	{[]string{"BB", "BE", "MV", "SN", "ST", "TH"}, Authority{
		Name:   "Kirchliche Datenschutzaufsicht der ostdeutschen Bistümer und des Katholischen Militärbischofs",
		Street: "Badepark 4", Postcode: "39218", City: "Schönebeck",
		Phone: "+49 3928 7179018", Email: "kontakt@kdsa-ost.de",
		URL: "https://www.kdsa-ost.de", Source: collected("dekathostddsb"),
	}},
}
