// SPDX-License-Identifier: EUPL-1.2

package privacy

// Those to whom a Land has given both tasks of the Directive: samples and
// disputes. They stand once, so that both places say the same.

var bavariaAccess = Authority{
	Name:   "Landesamt für Digitalisierung, Breitband und Vermessung, Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik",
	Street: "St.-Martin-Straße 47", Postcode: "81541", City: "München",
	Phone: "+49 89 2129-1111", Email: "bitv@bayern.de",
	URL: "https://www.ldbv.bayern.de/digitalisierung/bitv.html",
	// Says which office it is; how to reach it is from statements of others.
	Source: seen("https://www.finanzministerium.bayern/digitalisierung/barrierefreiheit/"),
}

// The street is from a public list.
var bremenAccess = Authority{
	Name:   "Zentralstelle für barrierefreie Informationstechnik beim Landesbehindertenbeauftragten der Freien Hansestadt Bremen",
	Street: "Teerhof 59", Postcode: "28199", City: "Bremen",
	URL:    "https://www.behindertenbeauftragter.bremen.de/der-beauftragte/zentralstelle-fuer-barrierefreie-informationstechnik-28011",
	Source: seen("https://www.behindertenbeauftragter.bremen.de/detail.php?gsid=bremen55.c.28011.de"),
}

// The page describes the procedure; how to reach the office is from statements
// of others.
var hesseAccess = Authority{
	Name:   "Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik des Landes Hessen",
	Street: "Landgraf-Philipp-Platz 1-7", Postcode: "35390", City: "Gießen",
	Phone: "+49 641 303-2901", Email: "durchsetzungsstelle-lbit@rpgi.hessen.de",
	URL:    "https://lbit.hessen.de",
	Source: seen("https://lbit.hessen.de/Durchsetzungs-und-Ueberwachungsstelle/Durchsetzungsverfahren-beantragen"),
}

// From the statement of another public body, not compared with the page.
var mecklenburgAccess = Authority{
	Name:   "Überwachungsstelle für digitale Barrierefreiheit öffentlicher Stellen des Landes Mecklenburg-Vorpommern",
	Street: "Werderstraße 124", Postcode: "19055", City: "Schwerin",
	Phone: "+49 385 588-19346", Email: "ueberwachungsstelle@sm.mv-regierung.de",
	URL:    "https://www.regierung-mv.de/Landesregierung/sm/Soziales/Ueberwachungsstelle/",
	Source: unseen("https://www.regierung-mv.de/Landesregierung/sm/Soziales/Ueberwachungsstelle/"),
}
