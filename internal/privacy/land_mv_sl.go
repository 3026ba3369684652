// SPDX-License-Identifier: EUPL-1.2

package privacy

var landsFromMV = []Land{
	{
		Code: "MV",
		Supervisor: Authority{
			Name:   "Landesbeauftragter für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
			Street: "Schloss Schwerin, Lennéstraße 1", Postcode: "19053", City: "Schwerin",
			Phone: "+49 385 59494-0", Email: "info@datenschutz-mv.de",
			URL: "https://www.datenschutz-mv.de", Source: seen("https://www.datenschutz-mv.de/datenschutzerklaerung/"),
		},
		Basis: Basis{Section: "§ 4 Abs. 1 DSG M-V", Law: "Landesdatenschutzgesetz Mecklenburg-Vorpommern (DSG M-V)",
			Source: seen("https://dsgvo.privacysoft.online/en/LDSG/MVDSG/Teil_2/%C2%A74/")},
		Access: Access{
			Laws: []string{
				"Landesbehindertengleichstellungsgesetz Mecklenburg-Vorpommern (LBGG M-V)",
				"Barrierefreie Informationstechnik-Verordnung Mecklenburg-Vorpommern (BITVO M-V)",
			},
			Monitoring: mecklenburgAccess, Disputes: mecklenburgAccess,
			Source: seen("https://www.landtag-mv.de/barrierefreiheit"),
		},
	},
	{
		Code: "NI",
		Supervisor: Authority{
			Name:   "Landesbeauftragter für den Datenschutz Niedersachsen",
			Street: "Prinzenstraße 5", Postcode: "30159", City: "Hannover",
			Phone: "+49 511 120-4500", Email: "poststelle@lfd.niedersachsen.de",
			URL: "https://lfd.niedersachsen.de", Source: collected("dendslfd"),
		},
		Basis: Basis{Section: "§ 3 NDSG", Law: "Niedersächsisches Datenschutzgesetz (NDSG)",
			Source: seen("https://datenschutzgesetze.eu/ndsg")},
		Access: Access{
			Laws: []string{"Niedersächsisches Behindertengleichstellungsgesetz (NBGG)"},
			Monitoring: Authority{
				Name:   "Überwachungsstelle des Landes für die Barrierefreiheit von Informationstechnik beim Niedersächsischen Ministerium für Soziales, Arbeit, Gesundheit und Gleichstellung",
				Street: "Hannah-Arendt-Platz 2", Postcode: "30159", City: "Hannover",
				Email:  "barrierefreieit@ms.niedersachsen.de",
				URL:    "https://www.behindertenbeauftragte-niedersachsen.de/DE/Schlichtungsstelle/Schlichtungsverfahren/Ueberwachungsstelle",
				Source: seen("https://behindertenbeauftragte-niedersachsen.de/DE/Schlichtungsstelle/Schlichtungsverfahren/Ueberwachungsstelle"),
			},
			// From the statements of others, not compared with the page.
			Disputes: Authority{
				Name:   "Schlichtungsstelle bei der Landesbeauftragten für Menschen mit Behinderungen in Niedersachsen",
				Street: "Hannah-Arendt-Platz 2", Postcode: "30159", City: "Hannover",
				Phone: "+49 511 120-4010", Email: "schlichtungsstelle@ms.niedersachsen.de",
				URL: "https://www.behindertenbeauftragte-niedersachsen.de", Source: unseen("https://www.behindertenbeauftragte-niedersachsen.de"),
			},
			Source: seen("https://bfsg-testen.de/gesetze/laender/niedersachsen"),
		},
	},
	{
		Code: "NW",
		Supervisor: Authority{
			Name:   "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
			Street: "Kavalleriestraße 2-4", Postcode: "40213", City: "Düsseldorf",
			Phone: "+49 211 38424-0", Email: "poststelle@ldi.nrw.de",
			URL: "https://www.ldi.nrw.de", Source: collected("denrwldi"),
		},
		Basis: Basis{Section: "§ 3 Abs. 1 DSG NRW", Law: "Datenschutzgesetz Nordrhein-Westfalen (DSG NRW)",
			Source: seen("https://lexaris.de/book/version/documentflat/head/1105765")},
		Access: Access{
			Laws: []string{
				"Behindertengleichstellungsgesetz Nordrhein-Westfalen (BGG NRW)",
				"Barrierefreie-Informationstechnik-Verordnung Nordrhein-Westfalen (BITVNRW)",
			},
			// The address and the phone number are from a report of its own of 2023.
			Monitoring: Authority{
				Name:   "Überwachungsstelle für Barrierefreiheit NRW beim Landesbetrieb Information und Technik Nordrhein-Westfalen",
				Street: "Hamborner Straße 51-55", Postcode: "40472", City: "Düsseldorf",
				Phone: "+49 211 9449-1213", Email: "ueberwachungsstelle-nrw@it.nrw.de",
				URL:    "https://www.it.nrw/informationstechnik/digitale-verwaltung/ueberwachungsstelle-fuer-barrierefreiheit-nrw",
				Source: seen("https://www.it.nrw/informationstechnik/digitale-verwaltung/ueberwachungsstelle-fuer-barrierefreiheit-nrw"),
			},
			// The copy of the page ends before the address, which is the ministry's.
			Disputes: Authority{
				Name:   "Ombudsstelle für barrierefreie Informationstechnik des Landes Nordrhein-Westfalen",
				Street: "Fürstenwall 25", Postcode: "40219", City: "Düsseldorf",
				Email: "ombudsstelle-barrierefreie-it@mags.nrw.de",
				URL:   "https://www.lbbp.nrw.de/ombudsstelle", Source: seen("https://www.lbbp.nrw.de/ombudsstelle"),
			},
			Source: seen("https://www.lbbp.nrw.de/ombudsstelle"),
		},
	},
	{
		Code: "RP",
		Supervisor: Authority{
			Name:   "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
			Street: "Hintere Bleiche 34", Postcode: "55116", City: "Mainz",
			Phone: "+49 6131 8920-0", Email: "poststelle@datenschutz.rlp.de",
			URL: "https://www.datenschutz.rlp.de", Source: collected("derlpbdi"),
		},
		Basis: Basis{Section: "§ 3 LDSG", Law: "Landesdatenschutzgesetz (LDSG)",
			Source: seen("https://help.robin-data.io/inhaltsverzeichnis-ldsg-rlp")},
		Access: Access{
			Laws: []string{
				"Landesgesetz zur Gleichstellung, Inklusion und Teilhabe von Menschen mit Behinderungen (Landesinklusionsgesetz)",
				"Barrierefreie-Informationstechnik-Verordnung Rheinland-Pfalz (BITV RP)",
			},
			// The page says which office it is; the address is from a public list.
			Monitoring: Authority{
				Name:   "Überwachungsstelle für barrierefreie Informationstechnik beim Landesamt für Steuern",
				Street: "Ferdinand-Sauerbruch-Straße 17", Postcode: "56073", City: "Koblenz",
				Email:  "it-barrierefreiheit@lfst.fin-rlp.de",
				URL:    "https://www.lfst-rlp.de/startseite/ueberwachungsstelle-fuer-barrierefreie-informationstechnik",
				Source: seen("https://behindertenbeauftragte.rlp.de/landesbeauftragte/aufgaben-1"),
			},
			Disputes: Authority{
				Name:   "Durchsetzungsstelle bei der Landesbeauftragten für die Belange von Menschen mit Behinderungen",
				City:   "Mainz",
				Phone:  "+49 6131 16-5342",
				Email:  "durchsetzungsstelle@mastd.rlp.de",
				URL:    "https://behindertenbeauftragte.rlp.de/landesbeauftragte/aufgaben-1",
				Source: seen("https://inklusion.rlp.de/de/landesbeauftragte-landesteilhabebeirat/durchsetzungsstelle/"),
			},
			Source: seen("https://behindertenbeauftragte.rlp.de/landesbeauftragte/aufgaben-1"),
		},
	},
	{
		Code: "SL",
		Supervisor: Authority{
			Name:   "Unabhängiges Datenschutzzentrum Saarland",
			Street: "Fritz-Dobisch-Straße 12", Postcode: "66111", City: "Saarbrücken",
			Phone: "+49 681 94781-0", Email: "poststelle@datenschutz.saarland.de",
			URL: "https://www.datenschutz.saarland.de", Source: collected("desaarudz"),
		},
		Basis: Basis{Section: "§ 4 Abs. 1 SDSG", Law: "Saarländisches Datenschutzgesetz (SDSG)",
			Source: seen("https://datenschutzgesetze.eu/sdsg/")},
		Access: Access{
			Laws: []string{"Saarländisches Behindertengleichstellungsgesetz (SBGG)"},
			// Monitoring is empty: no page was found that says who does it.
			Disputes: Authority{
				Name:   "Schlichtungsstelle nach § 12e des Saarländischen Behindertengleichstellungsgesetzes",
				Street: "Franz-Josef-Röder-Straße 23", Postcode: "66119", City: "Saarbrücken",
				Phone: "+49 681 501-3343", Email: "inklusion@soziales.saarland.de",
				URL:    "https://www.saarland.de/masfg/DE/portale/sozialesleben/leistungensoziales/menschenmitbehinderungen/behindertenpolitik",
				Source: seen("https://service.saarland.de/barrierefreiheit"),
			},
			Source: seen("https://merchweiler.de/unsere-gemeinde/impressum-datenschutz-barrierefreiheit/barrierefreiheit"),
		},
	},
}
