// SPDX-License-Identifier: EUPL-1.2

package privacy

var landsFromSN = []Land{
	{
		Code: "SN",
		Supervisor: Authority{
			Name:   "Sächsische Datenschutz- und Transparenzbeauftragte",
			Street: "Maternistraße 17", Postcode: "01067", City: "Dresden",
			Phone: "+49 351 85471-101", Email: "post@sdtb.sachsen.de",
			URL: "https://www.datenschutz.sachsen.de", Source: collected("desaechsdsb"),
		},
		Basis: Basis{Section: "§ 3 Abs. 1 SächsDSDG", Law: "Sächsisches Datenschutzdurchführungsgesetz (SächsDSDG)",
			Source: seen("https://lexaris.io/book/version/documentflat/head/5718359")},
		Access: Access{
			Laws: []string{"Sächsisches Inklusionsgesetz (SächsInklusG)", "Barrierefreie-Websites-Gesetz (BfWebG)"},
			Monitoring: Authority{
				Name:   "Überwachungsstelle für Barrierefreiheit von Informationstechnik beim Deutschen Zentrum für barrierefreies Lesen (dzb lesen)",
				Street: "Gustav-Adolf-Straße 7", Postcode: "04105", City: "Leipzig",
				Email: "bfit-sachsen@dzblesen.de",
				URL:   "https://www.dzblesen.de/bfit-sachsen", Source: seen("https://dzblesen.de/bfit-sachsen"),
			},
			// From the statement of another public body, not compared with the page.
			Disputes: Authority{
				Name:   "Sächsische Staatskanzlei, Geschäftsstelle des Landesbeauftragten für Inklusion der Menschen mit Behinderungen, Durchsetzungsstelle",
				Street: "Archivstraße 1", Postcode: "01097", City: "Dresden",
				Phone: "+49 351 564-10713", Email: "durchsetzungsstelle@sk.sachsen.de",
				URL: "https://www.durchsetzungsstelle.sachsen.de", Source: unseen("https://www.durchsetzungsstelle.sachsen.de"),
			},
			Source: seen("https://www.bfsg-testen.de/gesetze/laender/"),
		},
	},
	{
		Code: "ST",
		Supervisor: Authority{
			Name:   "Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
			Street: "Otto-von-Guericke-Straße 34a", Postcode: "39104", City: "Magdeburg",
			Phone: "+49 391 81803-0", Email: "poststelle@lfd.sachsen-anhalt.de",
			URL: "https://datenschutz.sachsen-anhalt.de", Source: collected("desalbd"),
		},
		Basis: Basis{Section: "§ 4 DSAG LSA", Law: "Datenschutz-Grundverordnungs-Ausfüllungsgesetz Sachsen-Anhalt (DSAG LSA)",
			Source: seen("https://externer-datenschutzbeauftragter-dresden.de/gesetze/en/ldsg/st/p-4")},
		Access: Access{
			Laws: []string{"Behindertengleichstellungsgesetz Sachsen-Anhalt (BGG LSA)"},
			Monitoring: Authority{
				Name:   "Überwachungsstelle des Landes Sachsen-Anhalt für die Barrierefreiheit von Informationstechnik bei der Unfallkasse Sachsen-Anhalt",
				Street: "Käsperstraße 31", Postcode: "39261", City: "Zerbst/Anhalt",
				URL:    "https://www.lf-barrierefreiheit-st.de",
				Source: seen("https://lf-barrierefreiheit-st.de/ueber-uns/ueberwachungsstelle/fragenkatalog-zur-pruefung/fragen-zur-ueberwachungsstelle"),
			},
			// The page says where it is; phone and e-mail are from statements of others.
			Disputes: Authority{
				Name:   "Ombudsstelle bei der Landesfachstelle für Barrierefreiheit, Unfallkasse Sachsen-Anhalt",
				Street: "Käsperstraße 31", Postcode: "39261", City: "Zerbst/Anhalt",
				Phone: "+49 3923 751-175", Email: "ombudsstelle@ukst.de",
				URL: "https://www.lf-barrierefreiheit-st.de", Source: seen("https://ukst.de/service/presse"),
			},
			Source: seen("https://www.bfsg-testen.de/gesetze/laender/"),
		},
	},
	{
		Code: "SH",
		Supervisor: Authority{
			Name:   "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
			Street: "Holstenstraße 98", Postcode: "24103", City: "Kiel",
			Phone: "+49 431 988-1200", Email: "mail@datenschutzzentrum.de",
			URL: "https://www.datenschutzzentrum.de", Source: collected("deshuld"),
		},
		Basis: Basis{Section: "§ 3 Abs. 1 LDSG", Law: "Schleswig-Holsteinisches Gesetz zum Schutz personenbezogener Daten (LDSG)",
			Source: seen("https://dsgvo.privacysoft.online/LDSG/SHLDSG/")},
		Access: Access{
			Laws: []string{
				"Landesbehindertengleichstellungsgesetz (LBGG)",
				"Landesverordnung über den barrierefreien Zugang zu Websites und mobilen Anwendungen öffentlicher Stellen (BfWebV SH)",
			},
			Monitoring: Authority{
				Name:   "Prüfstelle für barrierefreie Informationstechnik Schleswig-Holstein",
				URL:    "https://www.schleswig-holstein.de/DE/landesregierung/ministerien-behoerden/PBISH/FAQ/faq_node.html",
				Source: seen("https://schleswig-holstein.de/DE/landesregierung/ministerien-behoerden/PBISH/FAQ/faq_node.html"),
			},
			// The copy of the page ends before the address.
			Disputes: Authority{
				Name:   "Beschwerdestelle für barrierefreie Informationstechnik bei der Landesbeauftragten für Menschen mit Behinderung",
				Street: "Karolinenweg 1", Postcode: "24105", City: "Kiel",
				Phone: "+49 431 988-1620", Email: "bbit@landtag.ltsh.de",
				URL:    "https://www.landtag.ltsh.de/beauftragte/beschwerdestelle-fuer-barrieren",
				Source: seen("https://www.landtag.ltsh.de/beauftragte/beschwerdestelle-fuer-barrieren"),
			},
			Source: seen("https://lexaris.de/book/version/documentflat/head/1282381"),
		},
	},
	{
		Code: "TH",
		Supervisor: Authority{
			Name:   "Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit",
			Street: "Häßlerstraße 8", Postcode: "99096", City: "Erfurt",
			Phone: "+49 361 573112900", Email: "poststelle@datenschutz.thueringen.de",
			URL: "https://www.tlfdi.de", Source: collected("detlfdi"),
		},
		// No copy of the law was found that goes as far as § 16.
		Basis: Basis{Section: "§ 16 Abs. 1 ThürDSG", Law: "Thüringer Datenschutzgesetz (ThürDSG)",
			Source: unseen("https://dsgvo-gesetz.de/thuerdsg/")},
		Access: Access{
			Laws: []string{
				"Thüringer Gesetz über den barrierefreien Zugang zu den Websites und mobilen Anwendungen öffentlicher Stellen (ThürBarrWebG)",
				"Thüringer Barrierefreie-Informationstechnik-Verordnung (ThürBITVO)",
			},
			Monitoring: Authority{
				Name:   "Zentrale Überwachungsstelle digitale Barrierefreiheit",
				URL:    "https://finanzen.thueringen.de/ministerium/zentrale-ueberwachungsstelle-digitale-barrierefreiheit",
				Source: seen("https://finanzen.thueringen.de/ministerium/zentrale-ueberwachungsstelle-digitale-barrierefreiheit"),
			},
			Disputes: Authority{
				Name:   "Landesdurchsetzungsstelle für digitale Barrierefreiheit beim Landesbeauftragten für Menschen mit Behinderungen",
				URL:    "https://tlmb-thueringen.de/themen/barrierefreiheit/landesdurchsetzungsstelle",
				Source: seen("https://tlmb-thueringen.de/themen/barrierefreiheit/landesdurchsetzungsstelle"),
			},
			Source: seen("https://gotha.de/de/barrierefreiheit.html"),
		},
	},
}
