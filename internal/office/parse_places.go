// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

var leikaPattern = regexp.MustCompile(`^[0-9]{14}$`)

func (o *object) service() Service {
	s := Service{
		Key:         o.key("service"),
		Name:        o.local("name", required),
		Group:       o.refer("group", "group", required),
		Common:      o.flag("common"),
		Minutes:     o.number("minutes", 1, 480),
		Buffer:      o.numberOr("buffer", 0, 0, 240),
		MaxQuantity: o.numberOr("max_quantity", 1, 1, 20),
		LeiKa:       o.str("leika", optional),
		Fee:         o.local("fee", optional),
		Bring:       locale.Texts{},
		Note:        o.local("note", optional),
		Sensitive:   o.flag("sensitive"),
		NameFixed:   o.flag("name_fixed"),
		KeepDays:    o.numberOr("keep_days", 0, privacy.Appointment.Min, privacy.Appointment.Max),
	}
	if v := o.get("combines", optional); v != nil {
		s.Combines = o.r.slug(v, `"combines"`)
	}
	if s.LeiKa != "" && !leikaPattern.MatchString(s.LeiKa) {
		o.r.fail(o.values["leika"].Line, `"leika" must have 14 digits: correct it or remove it`)
	}
	s.Bring = append(s.Bring, o.locals("bring")...)
	var words []string
	o.list("words", optional, func(e *yaml.Node) { words = append(words, o.r.text(e, `an element of "words"`)) })
	s.Words = strings.Join(words, " ")
	return s
}

func (o *object) location() FileLocation {
	l := FileLocation{Location: Location{
		Key:         o.key("location"),
		Name:        o.local("name", required),
		Street:      o.str("street", required),
		Postcode:    o.str("postcode", required),
		City:        o.str("city", required),
		Phone:       o.str("phone", required),
		PhoneHours:  o.local("phone_hours", optional),
		Directions:  o.local("directions", optional),
		OfficeMail:  o.mail("office_mail", required),
		Lead:        minutes(o.numberOr("lead_minutes", 60, 0, 60*24*60)),
		HorizonDays: o.numberOr("horizon_days", 60, 1, 365),
		DayListAt:   o.dayList(),
	}}
	kind := counterKind(l.Location.Key)
	o.objects("counters", required, "a counter", func(o *object) {
		l.Counters = append(l.Counters, o.counter(kind, &l.Location))
	})
	return l
}

// dayList is when the next day's list goes to the office's mailbox.
func (o *object) dayList() int {
	const standard = 18 * 60
	switch o.str("day_list", optional) {
	case "":
		return standard
	case "never":
		return NoDayList
	}
	at := o.clock("day_list", required)
	if at == dayMinutes {
		o.r.fail(o.values["day_list"].Line, `"day_list" cannot be at 24:00: use an earlier time, or never`)
	}
	return at
}

func (o *object) counter(kind string, place *Location) FileCounter {
	c := FileCounter{Counter: Counter{
		Key:        o.key(kind),
		Name:       o.local("name", required),
		OfficeMail: o.mail("office_mail", optional),
	}}
	o.list("services", required, func(e *yaml.Node) {
		key := o.r.refer(e, "service")
		if key != "" && slices.Contains(c.Counter.Services, key) {
			o.r.fail(e.Line, "the counter offers service %q twice: remove one", key)
			return
		}
		c.Counter.Services = append(c.Counter.Services, key)
	})
	var all []opening
	standard := o.release(place)
	o.objects("hours", required, "an opening hour", func(o *object) {
		if h, ok := o.hours(place, standard); ok {
			all = append(all, h)
		}
	})
	o.r.overlaps(all)
	for _, h := range all {
		c.Rules = append(c.Rules, h.rules...)
	}
	return c
}

// opening is one entry of hours, with a rule for each of its days.
type opening struct {
	line  int
	rules []slot.Rule
}

// Names of weekdays in a file; the position is the time.Weekday.
var weekdays = []string{"su", "mo", "tu", "we", "th", "fr", "sa"}

// hours is an opening, and false if it is wrong and cannot be compared with others.
// Public hours without a release of their own have the counter's standard one.
func (o *object) hours(place *Location, standard *slot.Release) (opening, bool) {
	before := len(o.r.problems)
	days := o.days()
	rule := slot.Rule{
		From: o.clock("from", required), To: o.clock("to", required),
		Interval:  o.interval(),
		Internal:  o.flag("internal"),
		ValidFrom: o.date("valid_from"), ValidUntil: o.date("valid_until"),
		EveryWeeks: o.numberOr("every_weeks", 1, 1, 52),
		OnHolidays: o.flag("on_holidays"),
		Release:    o.release(place),
	}
	if rule.Release == nil && !rule.Internal {
		rule.Release = standard
	}
	if len(o.r.problems) > before {
		return opening{}, false
	}
	if err := rule.Validate(); err != nil {
		o.r.fail(o.line, "%v: correct this opening hour", err)
		return opening{}, false
	}
	if r := rule.Release; r != nil && r.Days*dayMinutes+rule.To-r.Minute <= int(place.Lead.Minutes()) {
		o.r.fail(o.line, `these hours are released too late for the "lead_minutes" of the location: nobody could book them online`)
		return opening{}, false
	}
	h := opening{line: o.line}
	for _, day := range days {
		rule.Weekday = day
		h.rules = append(h.rules, rule)
	}
	return h, true
}

// release is when hours become bookable online; nil is from the beginning.
func (o *object) release(place *Location) *slot.Release {
	v := o.get("release", optional)
	if v == nil {
		return nil
	}
	var release slot.Release
	o.r.object(v, "a release", func(o *object) {
		release.Days = o.number("days", 0, 365)
		release.Minute = o.clock("at", required)
		if release.Minute == dayMinutes {
			o.r.fail(o.values["at"].Line, "a release cannot be at 24:00: use 00:00 and one day less")
		}
		if release.Days > place.HorizonDays {
			o.r.fail(o.values["days"].Line, `a release %d days ahead has no effect, since "horizon_days" of the location is %d`,
				release.Days, place.HorizonDays)
		}
	})
	return &release
}

func (o *object) days() []time.Weekday {
	var days []time.Weekday
	o.list("days", required, func(e *yaml.Node) {
		name := o.r.text(e, "a day")
		if name == "" {
			return
		}
		day := time.Weekday(slices.Index(weekdays, name))
		switch {
		case day < 0:
			o.r.fail(e.Line, "unknown day %q: use mo, tu, we, th, fr, sa or su", name)
		case slices.Contains(days, day):
			o.r.fail(e.Line, "day %s stands twice: remove one", name)
		default:
			days = append(days, day)
		}
	})
	return days
}

func (o *object) interval() int {
	n := o.numberOr("interval", 15, slot.TickMinutes, 480)
	if n%slot.TickMinutes != 0 {
		o.r.fail(o.values["interval"].Line, `"interval" is off the grid: use a multiple of %d minutes`, slot.TickMinutes)
	}
	return n
}
