// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
)

const (
	// MaxImport is the largest file that is taken, in bytes.
	MaxImport = 1 << 20
	// maxUnpacked is how much of what is in it is looked at: a small file may unpack to
	// any size.
	maxUnpacked = 16 << 20
	// maxFiles is how many files it may hold.
	maxFiles = 100
)

// FieldFile is the field of the form for a file.
const FieldFile = "file"

// ReadImport takes from an export of any installation what somebody told about
// themselves: from the account, or else the first record. The e-mail address is left
// out, since another one has to be confirmed, and nothing is checked: that is for
// whoever saves it. It answers Invalid with the field FieldFile.
func ReadImport(file []byte) (person.Data, error) {
	raw, err := unpack(file)
	if err != nil {
		return person.Data{}, err
	}
	var d struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
		Account *struct {
			Contact Contact `json:"contact"`
		} `json:"account"`
		Records []struct {
			Contact Contact `json:"contact"`
		} `json:"records"`
	}
	switch err := json.Unmarshal(raw, &d); {
	case err != nil || d.Format != Format:
		return person.Data{}, badFile("rights.import.foreign")
	case d.Version != Version:
		return person.Data{}, badFile("rights.import.version")
	}
	var c Contact
	switch {
	case d.Account != nil:
		c = d.Account.Contact
	case len(d.Records) > 0:
		c = d.Records[0].Contact
	default:
		return person.Data{}, badFile("rights.import.empty")
	}
	return person.Data{FirstName: c.FirstName, LastName: c.LastName, OneName: c.OneName, Phone: c.Phone,
		Street: c.Street, Postcode: c.Postcode, City: c.City, BirthDate: c.BirthDate}, nil
}

// unpack is the content of DataFile.
func unpack(file []byte) ([]byte, error) {
	if len(file) > MaxImport {
		return nil, badFile("rights.import.large")
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, badFile("rights.import.broken")
	}
	if len(z.File) > maxFiles {
		return nil, badFile("rights.import.foreign")
	}
	for _, f := range z.File {
		if f.Name == DataFile {
			return content(f)
		}
	}
	return nil, badFile("rights.import.foreign")
}

func content(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, badFile("rights.import.broken")
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
	if len(raw) > maxUnpacked {
		return nil, badFile("rights.import.large")
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, badFile("rights.import.broken")
	}
	return raw, nil
}

func badFile(key string) error {
	return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: []fault.Field{{Name: FieldFile, Key: key}}}
}
