// SPDX-License-Identifier: EUPL-1.2

// Package fault is the one error type whose text people may see.
//
// A fault is a kind, a message key of the catalogue and a cause. Pages show
// the translated key; the cause is for the operator's log alone. Any other
// error counts as Internal. Wrapping with %w keeps all three. This package
// knows neither HTTP nor languages.
package fault

import (
	"errors"
	"fmt"
	"slices"
)

// Kind says what sort of answer an error deserves.
type Kind int

// The kinds. Internal is the zero value, so an error that nobody classified
// is never shown to a visitor.
const (
	Internal    Kind = iota
	Invalid          // the input has to be corrected
	NotFound         // there is no such thing, or it is not theirs to see
	Conflict         // somebody else was quicker, or the state has moved on
	Gone             // it existed and is over
	Forbidden        // known, but not allowed
	TooMany          // a limit is reached
	TooLarge         // more bytes than accepted
	Unsupported      // a content type that is not accepted
	Misdirected      // a host name that is served by nobody here
	NotAllowed       // a method that the page does not have
)

// Field is one input that has to be corrected.
type Field struct {
	Name string // name of the form field
	Key  string // message key
	Args []any  // name and value pairs of the message
}

// Error is an error with a text for people.
type Error struct {
	Kind   Kind
	Key    string  // message key, for example "booking.taken"
	Args   []any   // name and value pairs of the message
	Fields []Field // which inputs, when Kind is Invalid
	Cause  error   // for the log; nil when there is nothing to add
}

// New makes an error of a kind. args are name and value pairs that the
// message uses.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap is New with the cause that only the operator sees.
func Wrap(cause error, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args, Cause: cause}
}

// Error is for logs: the key and the cause, never the arguments, which may
// hold what somebody typed.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Key, e.Cause)
	}
	return e.Key
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// As finds the fault in err's chain.
func As(err error) (*Error, bool) {
	var f *Error
	ok := errors.As(err, &f)
	return f, ok
}

// Of is the kind of err: Internal when there is no fault in its chain.
func Of(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return Internal
}

// Is tells whether err is of one of the kinds. No error is of none.
func Is(err error, kinds ...Kind) bool { return err != nil && slices.Contains(kinds, Of(err)) }
