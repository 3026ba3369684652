// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/internal/rights"

	"github.com/PuerkitoBio/goquery"
)

// A guest gets a link, opens it by its button, and sees and takes what is kept. The
// answer to whoever asks is the same for an address that nobody knows.
func TestRightsOfAGuest(t *testing.T) {
	eachTown(t, func(v *visit) {
		v.book("ausweis")
		v.exec("UPDATE person SET email_verified = created")
		for _, email := range []string{"stranger@example.org", "quirin@example.org"} {
			if to := v.want(v.post("/de/rights", url.Values{"email": {email}}), http.StatusSeeOther); to != "/de/rights/sent" {
				t.Errorf("it leads to %q", to)
			}
		}
		v.want(v.post("/de/rights", url.Values{"email": {"quirin"}}), http.StatusUnprocessableEntity)
		path := link(v.T, v.send("quirin@example.org"), `/de/rights/[\w-]+`)
		v.want(v.get(path+"/all"), http.StatusGone)
		page := v.get(path)
		v.want(page, http.StatusOK)
		if page.Find("main form[method=post] button").Length() != 1 || strings.Contains(page.body, "Beispielhuber") {
			t.Error("a link shows data before the button, or has none")
		}
		all := v.want(v.post(path, url.Values{}), http.StatusSeeOther)
		list := v.get(all)
		v.want(list, http.StatusOK)
		for _, where := range []string{"access", "export"} {
			if list.Find("main a[href$='/"+where+"']").Length() != 1 {
				t.Errorf("nothing leads to %s", where)
			}
		}
		access := v.get(path + "/access")
		v.want(access, http.StatusOK)
		if !strings.Contains(access.body, "Beispielhuber") || access.Header.Get("Cache-Control") != "no-store" {
			t.Error("the name is missing, or a browser keeps the page")
		}
		for end, begins := range map[string]string{"/access.pdf": "%PDF", "/access.json": "{", "/export.zip": "PK"} {
			file := v.get(path + end)
			v.want(file, http.StatusOK)
			if !strings.HasPrefix(file.body, begins) {
				t.Errorf("%s begins with %q", end, file.body[:4])
			}
		}
		for _, public := range []string{"/de/rights", "/en/rights", "/de/rights/sent", "/en/rights/complaint", "/privacy/schema.json"} {
			v.want(v.get(public), http.StatusOK)
		}
		if v.get("/de/privacy").Find("a[href='/de/rights']").Length() != 1 {
			t.Error("the notice does not lead here")
		}
	})
}

// One address gets no more than five links in an hour, whoever asks for them.
func TestRightsAreLimited(t *testing.T) {
	eachTown(t, func(v *visit) {
		for range 5 {
			v.want(v.post("/de/rights", url.Values{"email": {"quirin@example.org"}}), http.StatusSeeOther)
		}
		v.want(v.post("/de/rights", url.Values{"email": {"Quirin@example.org"}}), http.StatusTooManyRequests)
		v.want(v.post("/de/rights", url.Values{"email": {"other@example.org"}}), http.StatusSeeOther)
	})
}

// sendFile sends a form with a file, from the site itself or from another one.
func (v *visit) sendFile(path, field string, file []byte, site string) answer {
	v.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile(field, "meine-daten.zip")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || m.Close() != nil {
		v.Fatal("cannot write a form")
	}
	r, err := http.NewRequestWithContext(v.Context(), http.MethodPost, v.base+path, &b)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", site)
	res, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		v.Fatal(err)
	}
	return answer{Response: res, Document: doc, body: string(body)}
}

// An account takes its data with it, and another one takes them over after its owner
// has looked at them; the e-mail address stays.
func TestRightsOfAnOwner(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.signUp(frieda)
		for _, page := range []string{"/de/account/rights", "/en/account/access", "/de/account/export", "/de/account/import", "/de/account/access.pdf", "/de/account/access.json"} {
			b.want(b.get(page), http.StatusOK)
			v.want(v.get(page), http.StatusSeeOther)
		}
		file := b.get("/de/account/export.zip")
		b.want(file, http.StatusOK)
		other := v.signUp(but(but(guest, "email", "quirin@example.org"), "last-name", "Anders"))
		preview := other.sendFile("/de/account/import", rights.FieldFile, []byte(file.body), "same-origin")
		other.want(preview, http.StatusOK)
		form := typed(preview, "main form.form")
		if form.Get("first-name") != "Frieda" || strings.Contains(preview.body, "frieda@") {
			t.Errorf("the preview has %q, or the address came along", form.Get("first-name"))
		}
		if got := typed(other.get("/de/account/data"), "main form.form").Get("last-name"); got != "Anders" {
			t.Errorf("saved before it was confirmed: %q", got)
		}
		other.want(other.post("/de/account/data", form), http.StatusSeeOther)
		after := other.get("/de/account/data")
		if got := typed(after, "main form.form").Get("last-name"); got != "Musterbach" || !strings.Contains(after.body, "quirin@example.org") {
			t.Errorf("after saving the name is %q", got)
		}
		for _, c := range []struct {
			field, site string
			file        []byte
			status      int
		}{
			{rights.FieldFile, "same-origin", []byte("no ZIP"), http.StatusUnprocessableEntity},
			{rights.FieldFile, "same-origin", nil, http.StatusUnprocessableEntity},
			{"other", "same-origin", []byte(file.body), http.StatusUnprocessableEntity},
			{rights.FieldFile, "same-origin", make([]byte, rights.MaxImport+1), http.StatusRequestEntityTooLarge},
			{rights.FieldFile, "same-origin", make([]byte, 2*rights.MaxImport), http.StatusRequestEntityTooLarge},
			{rights.FieldFile, "cross-site", []byte(file.body), http.StatusForbidden},
		} {
			other.want(other.sendFile("/de/account/import", c.field, c.file, c.site), c.status)
		}
		other.want(other.post("/de/account/import", url.Values{"file": {"x"}}), http.StatusUnsupportedMediaType)
		other.want(other.sendFile("/de/account/data", rights.FieldFile, []byte("x"), "same-origin"), http.StatusUnsupportedMediaType)
	})
}
