package main

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func open(t *testing.T, path string, offset time.Duration, now time.Time) *Clock {
	t.Helper()
	clock, err := OpenClock(path, offset, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return clock
}

func tick(t *testing.T, clock *Clock) time.Time {
	t.Helper()
	at, err := clock.Tick()
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestTicksStrictlyIncreaseWhenTheMachineStandsStillOrGoesBack(t *testing.T) {
	now := start
	clock, err := OpenClock(filepath.Join(t.TempDir(), "clock"), 0, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	last := tick(t, clock)
	for _, step := range []time.Duration{0, 0, -time.Hour, time.Second} {
		now = now.Add(step)
		next := tick(t, clock)
		if !next.After(last) {
			t.Fatalf("after a step of %s: %s does not follow %s", step, next, last)
		}
		last = next
	}
}

func TestOffsetAndLastSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock")
	clock := open(t, path, -365*24*time.Hour, start)
	if err := clock.Advance(7 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	last := tick(t, clock)
	if want := start.Add(-358 * 24 * time.Hour); !last.Equal(want) {
		t.Fatalf("expected %s, got %s", want, last)
	}
	// A machine that woke up two hours earlier must not make the chain's time fall.
	again := open(t, path, 0, start.Add(-2*time.Hour))
	if next := tick(t, again); !next.Equal(last.Add(time.Millisecond)) {
		t.Fatalf("expected 1 ms after %s, got %s", last, next)
	}
}

func TestMovesAreBoundedAndForward(t *testing.T) {
	clock := open(t, filepath.Join(t.TempDir(), "clock"), 0, start)
	for _, by := range []time.Duration{0, -time.Second} {
		if err := clock.Advance(by); !errors.Is(err, errBackwards) {
			t.Errorf("%s: %v", by, err)
		}
	}
	if err := clock.AdvanceTo(start); !errors.Is(err, errBackwards) {
		t.Errorf("to now: %v", err)
	}
	for _, by := range []time.Duration{maxOffset + 1, 1<<63 - 1} {
		if err := clock.Advance(by); !errors.Is(err, errTooFar) {
			t.Errorf("%s: %v", by, err)
		}
	}
	if at, offset := clock.Reading(); !at.Equal(start) || offset != 0 {
		t.Errorf("a refused move changed the clock: %s, %s", at, offset)
	}
}

func TestControlRefusesWhatItDoesNotUnderstand(t *testing.T) {
	cases := map[string]struct {
		method, path, kind, body string
		status                   int
	}{
		"read":           {"GET", "/clock", "", "", 200},
		"advance":        {"POST", "/advance", "application/json", `{"by":"168h"}`, 200},
		"advance to":     {"POST", "/advance", "application/json", `{"to":"2027-01-01T00:00:00Z"}`, 200},
		"both":           {"POST", "/advance", "application/json", `{"by":"1h","to":"2028-01-01T00:00:00Z"}`, 400},
		"neither":        {"POST", "/advance", "application/json", `{}`, 400},
		"backwards":      {"POST", "/advance", "application/json", `{"by":"-1h"}`, 400},
		"not a duration": {"POST", "/advance", "application/json", `{"by":"week"}`, 400},
		"unknown field":  {"POST", "/advance", "application/json", `{"seconds":1}`, 400},
		"form of a page": {"POST", "/advance", "text/plain", `{"by":"1h"}`, 415},
		"get to advance": {"GET", "/advance", "", "", 405},
		"elsewhere":      {"GET", "/", "", "", 404},
	}
	handler := control(open(t, filepath.Join(t.TempDir(), "clock"), 0, start))
	for name, c := range cases {
		request := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		request.Header.Set("Content-Type", c.kind)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != c.status {
			t.Errorf("%s: expected %d, got %d: %s", name, c.status, recorder.Code, recorder.Body)
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:1": true, "[::1]:1": true, "0.0.0.0:1": false, "192.168.0.1:1": false, "localhost:1": false, "127.0.0.1": false,
	} {
		if err := requireLoopback(addr); (err == nil) != ok {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestNeverSignsTwoVotesForOneRound(t *testing.T) {
	dir := t.TempDir()
	file := privval.GenFilePV(filepath.Join(dir, "key"), filepath.Join(dir, "state"))
	file.Save()
	pv := &clockPV{FilePV: file, clock: open(t, filepath.Join(dir, "clock"), time.Hour, start)}
	vote := func(block byte) *cmtproto.Vote {
		hash := make([]byte, 32)
		hash[0] = block
		id := cmtproto.BlockID{Hash: hash, PartSetHeader: cmtproto.PartSetHeader{Total: 1, Hash: hash}}
		return &cmtproto.Vote{Type: cmtproto.PrevoteType, Height: 5, BlockID: id, Timestamp: start}
	}
	first, again := vote(1), vote(1)
	for _, v := range []*cmtproto.Vote{first, again} {
		if err := pv.SignVote("chain", v); err != nil {
			t.Fatal(err)
		}
	}
	if !first.Timestamp.Equal(start.Add(time.Hour)) {
		t.Errorf("the clock was not applied: %s", first.Timestamp)
	}
	if !again.Timestamp.Equal(first.Timestamp) || string(again.Signature) != string(first.Signature) {
		t.Error("the same vote was signed anew")
	}
	if err := pv.SignVote("chain", vote(2)); err == nil {
		t.Error("signed a second block in one round")
	}
}
