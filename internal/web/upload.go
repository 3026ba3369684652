// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"vorzimmer/internal/fault"
)

// maxParts is how many fields a form with a file may have.
const maxParts = 10

// PostFile is Post for the form of one file (multipart/form-data, RFC 7578), which
// Request.File holds, of at most so many bytes. It is kept in memory alone; other
// fields are not read.
func (s *Site) PostFile(path string, a Access, field string, most int64, f Func) {
	s.Post(path, a, f)
	s.files[path] = fileRule{field, most}
}

// fileRule is what a route for a file takes.
type fileRule struct {
	field string
	most  int64 // bytes
}

// readFile reads the form of a route that takes a file.
func (r *Request) readFile(w http.ResponseWriter, rule fileRule) error {
	if c, ok := w.(*counted); ok {
		w = c.ResponseWriter
	}
	r.Body = http.MaxBytesReader(w, r.Body, rule.most+maxBody)
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.Wrap(err, fault.Unsupported, "error.type")
	}
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return badUpload(err)
		}
		if part.FormName() == rule.field && r.File == nil {
			if err := r.keep(part, rule.most); err != nil {
				return err
			}
		}
	}
	return fault.New(fault.Invalid, "error.form")
}

func (r *Request) keep(part *multipart.Part, most int64) error {
	file, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return badUpload(err)
	}
	if int64(len(file)) > most {
		return fault.New(fault.TooLarge, "error.toolarge")
	}
	r.File = file
	return nil
}

func badUpload(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.Wrap(err, fault.TooLarge, "error.toolarge")
	}
	return fault.Wrap(err, fault.Invalid, "error.form")
}

// Attach answers with a file to keep.
func (r *Request) Attach(w http.ResponseWriter, kind, name string, content []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(content) // a visitor who is gone is no error
	return nil
}
