// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"html/template"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/view"
)

// The pages of citizens, one struct for each template of the same name
// (startPage: start.html). Times are in the location's zone. URLs are
// complete paths with query; texts of the catalogue are looked up in the
// template, texts of the office are passed as locale.Text.

// startPage: pick services.
type startPage struct {
	view.Layout
	Query    string // what was searched for
	ClearURL string // all services again, with what is chosen
	Results  []serviceRow
	Common   []serviceRow
	Groups   []serviceGroup
	Basket   basket
}

type serviceGroup struct {
	Name     locale.Text
	Services []serviceRow
}

type serviceRow struct {
	Name    locale.Text
	Minutes int
	Words   string // search words for the script
	AddURL  string // empty: it does not combine with what is chosen
	Chosen  bool
}

// basket is "Ihr Anliegen".
type basket struct {
	Items    []basketItem
	Minutes  int
	Count    int // sum of the quantities
	TimesURL string
	// Wanted are the values of the form field "service", one for each item.
	Wanted []string
}

type basketItem struct {
	Name      locale.Text
	Note      locale.Text
	Fee       locale.Text
	Bring     locale.Texts
	Quantity  int
	Max       int
	Minutes   int    // for all of them
	PlusURL   string // empty at the maximum
	MinusURL  string // empty at one
	RemoveURL string
}

// timesPage: choose where and when; also used to move an appointment.
type timesPage struct {
	view.Layout
	Basket    basket
	Moving    *summary // set when an appointment is being moved
	BackURL   string   // to the services, or to the appointment
	Taken     bool     // the chosen time is gone: Alternatives
	Nearest   []timeRow
	Locations []locationChoice // more than one: choose
	Place     place
	Next      *timeRow
	List      bool // list view instead of the calendar
	SwitchURL string
	Month     monthTable
	Day       *dayTimes  // the chosen day of the calendar
	Days      []dayTimes // list view: days with free times
	MoreURL   string     // list view: further days
	EmptyURL  string     // nothing free in this month: the next one that has
	Nothing   bool       // nothing free up to the horizon
	Release   *time.Time // when further times are released; nil: not known
	Action    string     // where a time is posted to
	Hidden    []hidden   // with these fields
	Once      string     // and with this secret, unless an appointment is being moved
}

type hidden struct{ Name, Value string }

type locationChoice struct {
	Name    locale.Text
	Address string
	URL     string
	Current bool
	Next    *time.Time // next free time there
}

type place struct {
	Name       locale.Text
	Street     string
	City       string // with postcode
	Phone      string
	PhoneHours locale.Text
	Directions locale.Text
}

type timeRow struct {
	Start    time.Time
	Value    int64 // unix seconds
	Location locale.Text
}

type monthTable struct {
	First   time.Time // of the month
	Weeks   [][7]dayCell
	PrevURL string // empty: nothing to see there
	NextURL string
}

type dayCell struct {
	Date     time.Time
	Blank    bool // belongs to another month
	NoneFree bool // from today on
	Free     int  // number of free times
	URL      string
	Selected bool
	Today    bool
}

type dayTimes struct {
	Date      time.Time
	Key       string // says all that follows
	Morning   []timeRow
	Afternoon []timeRow
}

// summary is what is booked, wherever it is shown.
type summary struct {
	Reference string // grouped for reading out; empty while held
	Start     time.Time
	End       time.Time
	Minutes   int
	Services  []summaryService
	Place     place
	DeletedOn time.Time // a date: the program deletes it then
}

type summaryService struct {
	Name     locale.Text
	Quantity int
	Fee      locale.Text
	Bring    locale.Texts
}

// holdLine says until when the slot is kept.
type holdLine struct {
	Until      time.Time
	Seconds    int64 // left, for the script
	Extensions int   // how often it can still be extended
	Expired    bool
	Renewed    bool // it had run out and was held again just now
	ExtendURL  string
	ReleaseURL string
}

// detailsPage: who comes.
type detailsPage struct {
	view.Layout
	Summary  summary
	Hold     holdLine
	Form     view.PersonForm
	Action   string
	Filled   bool   // from the account of whoever is logged in
	LoginURL string // empty: somebody is
}

// checkPage: read it once more and book.
type checkPage struct {
	view.Layout
	Summary summary
	Hold    holdLine
	Form    view.PersonForm
	EditURL string
	TimeURL string // to choose another time (posts release)
	Action  string
}

// donePage: booked.
type donePage struct {
	view.Layout
	Summary     summary
	Email       string
	Unconfirmed bool
	ConfirmBy   time.Time
	CalendarURL string
	ManageURL   string
	QR          template.HTML // SVG of the manage link
	RegisterURL string        // makes an account of the booking; empty: not offered
	MineURL     string        // the account that it is in; empty: none
}

// managePage: see, move, cancel.
type managePage struct {
	view.Layout
	Kept        booking.Kept // why the details are kept longer than the summary says
	Summary     summary
	State       string // unconfirmed, confirmed, cancelled, expired, past
	Moved       bool   // just now
	ConfirmBy   time.Time
	CalendarURL string
	MoveURL     string
	CancelURL   string
	StartURL    string
	RightsURL   string
	AdoptURL    string // puts it into an account; empty: not by this link
	QR          template.HTML
}

// cancelPage asks before an appointment is cancelled.
type cancelPage struct {
	view.Layout
	Summary summary
	Action  string
	BackURL string
}

// verifyPage: confirm the mailbox by a button.
type verifyPage struct {
	view.Layout
	Summary summary
	By      time.Time
	Action  string
}
