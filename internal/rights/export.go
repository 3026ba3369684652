// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/paper"
)

// DataFile is the name of the file in an export that machines read.
const DataFile = "data.json"

// Export is what is kept about whoever asks as a ZIP file (Art. 20 GDPR): everything
// for machines, the appointments for a calendar and for a spreadsheet. It is on
// record. It answers like Subject.
func (r *Rights) Export(ctx context.Context, by Asker, l locale.Lang) ([]byte, error) {
	d, _, err := r.read(ctx, by, l, actExported)
	if err != nil {
		return nil, err
	}
	return r.pack(d, l)
}

func (r *Rights) pack(d *Data, l locale.Lang) ([]byte, error) {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode an export: %w", err)
	}
	ics, err := r.calendar(d, l)
	if err != nil {
		return nil, err
	}
	table, err := r.table(d, l)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name    string
		content []byte
	}{{DataFile, data}, {"appointments.ics", ics}, {"appointments.csv", table}} {
		if f.content == nil {
			continue
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: d.Made})
		if err == nil {
			_, err = w.Write(f.content)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack an export: %w", err)
	}
	return b.Bytes(), nil
}

// calendar holds what was booked. A reservation is no appointment yet, and what
// lapsed never was one.
func (r *Rights) calendar(d *Data, l locale.Lang) ([]byte, error) {
	var list []message.Dated
	for _, v := range d.views {
		if v.State != booking.Held && v.State != booking.Expired {
			list = append(list, message.Dated{Facts: r.Bookings.Facts(v, l), Cancelled: v.State == booking.Cancelled})
		}
	}
	return message.Calendar(r.Texts, d.Made, list)
}

// table is one appointment a line: with semicolons and a byte order mark, as
// spreadsheets of German offices want it.
func (r *Rights) table(d *Data, l locale.Lang) ([]byte, error) {
	w := &writer{r.Texts.Printer(l), d}
	rows := [][]string{{w.T("rights.fact.appointment"), w.T("rights.fact.state"), w.T("rights.fact.start"), w.T("rights.fact.end"),
		w.T("rights.fact.location"), w.T("rights.fact.service"), w.T("rights.fact.delete_on")}}
	for i := range d.Records {
		for _, a := range d.Records[i].Appointments {
			var services []string
			for _, s := range a.Services {
				services = append(services, strconv.Itoa(s.Quantity)+" × "+s.Name)
			}
			rows = append(rows, []string{booking.GroupReference(a.Reference), w.T("rights.state." + a.State), a.Start.Format(time.DateTime),
				a.End.Format(time.DateTime), a.Location + ", " + a.Address, strings.Join(services, ", "), a.DeleteOn.Format(time.DateOnly)})
		}
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	c := csv.NewWriter(&b)
	c.Comma, c.UseCRLF = ';', true
	for _, row := range rows {
		for i := range row {
			row[i] = plainCell(row[i])
		}
		if err := c.Write(row); err != nil {
			return nil, fmt.Errorf("write table of appointments: %w", err)
		}
	}
	c.Flush()
	return b.Bytes(), c.Error()
}

// plainCell keeps a spreadsheet from taking a text for a formula.
func plainCell(s string) string {
	if strings.ContainsAny(s[:min(len(s), 1)], "=+-@\t\r\n") {
		return "'" + s
	}
	return s
}

// PDF is a document that Access made as a file. Its page is the twin for screen
// readers.
func (r *Rights) PDF(doc document.Document, d *Data) ([]byte, error) {
	p := r.Texts.Printer(doc.Lang)
	return paper.DrawDocument(r.Font, p, paper.Text{Document: doc, Town: d.Town, AsOf: p.Date(d.Made), Made: d.Made})
}

// JSON is a document that Access made, with its data.
func (r *Rights) JSON(doc document.Document, d *Data) ([]byte, error) {
	b, err := json.MarshalIndent(struct {
		Document document.Document `json:"document"`
		Data     *Data             `json:"data"`
	}{doc, d}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode what is kept about somebody: %w", err)
	}
	return b, nil
}
