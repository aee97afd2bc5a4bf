package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// reading is the answer of both control requests.
type reading struct {
	// Time the next vote will carry.
	Time time.Time `json:"time"`
	// OffsetNs from the machine's clock.
	OffsetNs int64 `json:"offset_ns"`
}

// move asks for exactly one of a duration (Go syntax, "168h") and a time (RFC 3339).
type move struct {
	By *string    `json:"by"`
	To *time.Time `json:"to"`
}

func (m move) apply(clock *Clock) error {
	switch {
	case m.By != nil && m.To == nil:
		by, err := time.ParseDuration(*m.By)
		if err != nil {
			return err
		}
		return clock.Advance(by)
	case m.To != nil && m.By == nil:
		return clock.AdvanceTo(*m.To)
	default:
		return errors.New(`expected {"by": "<duration>"} or {"to": "<RFC 3339 time>"}`)
	}
}

// control serves GET /clock and POST /advance.
func control(clock *Clock) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, _ *http.Request) { answer(w, clock) })
	mux.HandleFunc("POST /advance", func(w http.ResponseWriter, r *http.Request) {
		// A web page can post a form to loopback without asking; it cannot post this type.
		if r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "expected Content-Type: application/json", http.StatusUnsupportedMediaType)
			return
		}
		var m move
		body := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
		body.DisallowUnknownFields()
		err := body.Decode(&m)
		if err == nil {
			err = m.apply(clock)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answer(w, clock)
	})
	return mux
}

func answer(w http.ResponseWriter, clock *Clock) {
	t, offset := clock.Reading()
	w.Header().Set("Content-Type", "application/json")
	// The client may have gone; nothing is left to tell it then.
	_ = json.NewEncoder(w).Encode(reading{Time: t, OffsetNs: int64(offset)})
}
