"""A history worth looking at: four hotels, sixty people, eighteen months, made by living them.

Everything is done by the services, each act at its own moment (`clock.standing_at`), in the order of time: no row is
written here. `diary` resumes the courses of events, `course` is the usual way of an incident, `plots` are the turns that
are always there, `today` is what somebody who signs in now finds open. The same seed gives the same history on the same
day; what is open now stands by the hour in which it was made.
"""
