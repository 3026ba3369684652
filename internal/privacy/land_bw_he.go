// SPDX-License-Identifier: EUPL-1.2

package privacy

// The names of the supervisors are without their articles, and those of offices
// that are a person's follow the present holder, as the offices themselves do.
var landsFromBW = []Land{
	{
		Code: "BW",
		Supervisor: Authority{
			Name:   "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
			Street: "Heilbronner Straße 35", Postcode: "70191", City: "Stuttgart",
			Phone: "+49 711 615541-0", Email: "poststelle@lfdi.bwl.de",
			URL: "https://www.baden-wuerttemberg.datenschutz.de", Source: collected("debawueldb"),
		},
		// The copy of the law ends before § 4.
		Basis: Basis{Section: "§ 4 LDSG", Law: "Landesdatenschutzgesetz (LDSG)",
			Source: unseen("https://lexaris.de/book/version/documentflat/head/1123158")},
		Access: Access{
			Laws: []string{"Landes-Behindertengleichstellungsgesetz (L-BGG)", "L-BGG-Durchführungsverordnung (L-BGG-DVO)"},
			Monitoring: Authority{
				Name:  "Überwachungsstelle für mediale Barrierefreiheit des Landes Baden-Württemberg bei der Deutschen Rentenversicherung Baden-Württemberg",
				Email: "ueberwachungsstelle@drv-bw.de",
				URL:   "https://www.deutsche-rentenversicherung.de/BadenWuerttemberg/DE/Ueber-uns/Mediale-Barrierefreiheit/mediale-barrierefreiheit.html",
				// States name and place; the e-mail address is from a public list.
				Source: seen("https://www.deutsche-rentenversicherung.de/BadenWuerttemberg/DE/Presse/Pressemitteilungen/2021/210701_medialeBarrierefreiheit.html"),
			},
			// From the statement of another public body, not compared with the page.
			Disputes: Authority{
				Name:   "Landeszentrum Barrierefreiheit, Schlichtungsstelle",
				Street: "Else-Josenhans-Straße 6", Postcode: "70173", City: "Stuttgart",
				Phone: "+49 711 123-39375", Email: "schlichtung@barrierefreiheit.bwl.de",
				URL: "https://www.barrierefreiheit-bw.de", Source: unseen("https://www.barrierefreiheit-bw.de"),
			},
			Source: seen("https://www.bfsg-testen.de/gesetze/laender/baden-wuerttemberg/"),
		},
	},
	{
		Code: "BY",
		Supervisor: Authority{
			Name:   "Bayerischer Landesbeauftragter für den Datenschutz",
			Street: "Wagmüllerstraße 18", Postcode: "80538", City: "München",
			Phone: "+49 89 212672-0", Email: "poststelle@datenschutz-bayern.de",
			URL: "https://www.datenschutz-bayern.de", Source: collected("debayldb"),
		},
		// The copy of the law ends before Art. 4, which notices of public bodies cite.
		Basis: Basis{Section: "Art. 4 Abs. 1 BayDSG", Law: "Bayerisches Datenschutzgesetz (BayDSG)",
			Source: unseen("https://www.gesetze-bayern.de/Content/Document/BayDSG/true")},
		Access: Access{
			Laws:       []string{"Bayerisches Digitalgesetz (BayDiG)", "Bayerische Digitalverordnung (BayDiV)"},
			Monitoring: bavariaAccess, Disputes: bavariaAccess,
			// Names the ordinance; the Act is the one upon which it rests.
			Source: seen("https://www.finanzministerium.bayern/digitalisierung/barrierefreiheit/"),
		},
	},
	{
		Code: "BE",
		Supervisor: Authority{
			Name:   "Berliner Beauftragte für Datenschutz und Informationsfreiheit",
			Street: "Alt-Moabit 59-61", Postcode: "10555", City: "Berlin",
			Phone: "+49 30 13889-0", Email: "mailbox@datenschutz-berlin.de",
			URL: "https://www.datenschutz-berlin.de", Source: collected("deberlbdi"),
		},
		Basis: Basis{Section: "§ 3 BlnDSG", Law: "Berliner Datenschutzgesetz (BlnDSG)",
			Source: seen("https://lexaris.io/book/version/documentflat/head/1253871")},
		Access: Access{
			Laws: []string{"Barrierefreie-IKT-Gesetz Berlin (BIKTG Bln)"},
			Monitoring: Authority{
				Name:   "Überwachungsstelle Berlin",
				URL:    "https://www.berlin.de/lb/digitale-barrierefreiheit/",
				Source: seen("https://www.berlin.de/lb/digitale-barrierefreiheit/anforderungen/berichtspflicht/berichtspflicht-1247802.php"),
			},
			Disputes: Authority{
				Name:   "Landesbeauftragte für digitale Barrierefreiheit",
				URL:    "https://www.berlin.de/lb/digitale-barrierefreiheit/",
				Source: seen("https://www.berlin.de/lb/digitale-barrierefreiheit/aufgaben/durchsetzungsverfahren/durchsetzungsverfahren-1305830.php"),
			},
			Source: seen("https://www.berlin.de/lb/digitale-barrierefreiheit/aufgaben/durchsetzungsverfahren/durchsetzungsverfahren-1305830.php"),
		},
	},
	{
		Code: "BB",
		Supervisor: Authority{
			Name:   "Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg",
			Street: "Stahnsdorfer Damm 77", Postcode: "14532", City: "Kleinmachnow",
			Phone: "+49 33203 356-0", Email: "poststelle@lda.brandenburg.de",
			URL: "https://www.lda.brandenburg.de", Source: collected("debralda"),
		},
		Basis: Basis{Section: "§ 5 Abs. 1 BbgDSG", Law: "Brandenburgisches Datenschutzgesetz (BbgDSG)",
			Source: seen("https://bravors.brandenburg.de/gesetze/bbgdsg")},
		Access: Access{
			Laws: []string{
				"Brandenburgisches Behindertengleichstellungsgesetz (BbgBGG)",
				"Brandenburgische Barrierefreie Informationstechnik-Verordnung (BbgBITV)",
			},
			Monitoring: Authority{
				Name:   "Überwachungsstelle für Barrierefreiheit von Web- und Anwendungstechnologien im Land Brandenburg beim Landesamt für Soziales und Versorgung",
				URL:    "https://lasv.brandenburg.de/lasv/de/pflege-aufsicht/ueberwachungsstelle-barrierefreies-internet",
				Source: seen("https://lasv.brandenburg.de/lasv/de/pflege-aufsicht/ueberwachungsstelle-barrierefreies-internet"),
			},
			// The ministry has another name, and other e-mail addresses, since.
			Disputes: Authority{
				Name:   "Durchsetzungsstelle für digitale Barrierefreiheit bei der Landesbeauftragten für die Belange der Menschen mit Behinderungen",
				Street: "Henning-von-Tresckow-Straße 2-13", Postcode: "14467", City: "Potsdam",
				URL:    "https://msgiv.brandenburg.de/msgiv/de/beauftragte/landesbehindertenbeauftragte/durchsetzungsstelle",
				Source: seen("https://msgiv.brandenburg.de/msgiv/de/beauftragte/landesbehindertenbeauftragte/durchsetzungsstelle"),
			},
			Source: seen("https://lasv.brandenburg.de/lasv/de/pflege-aufsicht/ueberwachungsstelle-barrierefreies-internet"),
		},
	},
	{
		Code: "HB",
		Supervisor: Authority{
			Name:   "Landesbeauftragte für Datenschutz und Informationsfreiheit Bremen",
			Street: "Arndtstraße 1", Postcode: "27570", City: "Bremerhaven",
			Phone: "+49 421 361-2010", Email: "office@datenschutz.bremen.de",
			URL: "https://www.datenschutz.bremen.de", Source: collected("debrelfdi"),
		},
		// The copy of the law ends before § 3.
		Basis: Basis{Section: "§ 3 Abs. 1 BremDSGVOAG", Law: "Bremisches Ausführungsgesetz zur EU-Datenschutz-Grundverordnung (BremDSGVOAG)",
			Source: unseen("https://www.haufe.de/personal/haufe-personal-office-platin/bremisches-ausfuehrungsgesetz-zur-eu-datenschutz-grundverordnung_idesk_PI42323_HI11739605.html")},
		Access: Access{
			Laws:       []string{"Bremisches Behindertengleichstellungsgesetz (BremBGG)"},
			Monitoring: bremenAccess, Disputes: bremenAccess,
			Source: seen("https://www.transparenz.bremen.de/metainformationen/bremisches-behindertengleichstellungsgesetz-brembgg-vom-18-dezember-2018-124515"),
		},
	},
	{
		Code: "HH",
		Supervisor: Authority{
			Name:   "Hamburgischer Beauftragter für Datenschutz und Informationsfreiheit",
			Street: "Ludwig-Erhard-Straße 22", Postcode: "20459", City: "Hamburg",
			Phone: "+49 40 42854-4040", Email: "mailbox@datenschutz.hamburg.de",
			URL: "https://datenschutz-hamburg.de", Source: collected("dehmbbfdi"),
		},
		Basis: Basis{Section: "§ 4 HmbDSG", Law: "Hamburgisches Datenschutzgesetz (HmbDSG)",
			Source: seen("https://datenbuddy.de/gesetze/hamburgisches-datenschutzgesetz-hmbdsg/4-zulaessigkeit-der-verarbeitung-personenbezogener-daten")},
		Access: Access{
			Laws: []string{
				"Hamburgisches Behindertengleichstellungsgesetz (HmbBGG)",
				"Hamburgische Barrierefreie Informationstechnik-Verordnung (HmbBITVO)",
			},
			Monitoring: Authority{
				Name:   "Überwachungsstelle für Barrierefreiheit von Informationstechnik der Freien und Hansestadt Hamburg",
				URL:    "https://www.hamburg.de/ueberwachungsstelle-barrierefreiheit/",
				Source: seen("https://www.hamburg.de/ueberwachungsstelle-barrierefreiheit/"),
			},
			Disputes: Authority{
				Name:   "Schlichtungsstelle nach dem Hamburgischen Behindertengleichstellungsgesetz",
				URL:    "https://www.hamburg.de/politik-und-verwaltung/behoerden/sozialbehoerde/themen/behinderung/schlichtungsstelle-behinderung/infos-zum-gesetz-43316",
				Source: seen("https://www.hamburg.de/politik-und-verwaltung/behoerden/sozialbehoerde/themen/behinderung/schlichtungsstelle-behinderung/infos-zum-gesetz-43316"),
			},
			Source: seen("https://jfmk.de/erklaerung-zur-barrierefreiheit"),
		},
	},
	{
		Code: "HE",
		Supervisor: Authority{
			Name:   "Hessischer Beauftragter für Datenschutz und Informationsfreiheit",
			Street: "Gustav-Stresemann-Ring 1", Postcode: "65189", City: "Wiesbaden",
			Phone: "+49 611 1408-0", Email: "poststelle@datenschutz.hessen.de",
			URL: "https://datenschutz.hessen.de", Source: collected("dehessbdi"),
		},
		Basis: Basis{Section: "§ 3 Abs. 1 HDSIG", Law: "Hessisches Datenschutz- und Informationsfreiheitsgesetz (HDSIG)",
			Source: seen("https://lexaris.io/book/version/documentflat/head/1325822")},
		Access: Access{
			Laws: []string{
				"Hessisches Behinderten-Gleichstellungsgesetz (HessBGG)",
				"Hessische Verordnung über barrierefreie Informationstechnik (HVBIT)",
			},
			Monitoring: hesseAccess, Disputes: hesseAccess,
			Source: seen("https://opendata.hessen.de/pages/accessibility"),
		},
	},
}
