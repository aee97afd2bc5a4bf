package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/cometbft/cometbft/libs/tempfile"
)

// maxOffset bounds how far the chain may stand from the machine's clock: enough for four-year locks and 522 weekly
// epochs, and far from the edge of time.Duration (292 years).
const maxOffset = 100 * 365 * 24 * time.Hour

var (
	errBackwards = errors.New("the chain's clock only moves forward")
	errTooFar    = fmt.Errorf("the chain's clock may stand at most %s from the machine's", maxOffset)
)

// clockState is what survives a restart.
type clockState struct {
	// Offset is added to the machine's clock, in nanoseconds.
	Offset time.Duration `json:"offset_ns"`
	// Last is the newest timestamp ever given out.
	Last time.Time `json:"last"`
}

// Clock gives every vote of every validator its timestamp. One clock serves all validators of a local chain: were they
// moved one after the other, the weighted median could fall back between two blocks and halt the chain.
//
// Invariant: timestamps strictly increase over all validators and over restarts, so the block time, a median of votes
// that are all younger than the previous block, strictly increases too.
type Clock struct {
	mu    sync.Mutex
	path  string
	state clockState
	now   func() time.Time
}

// OpenClock reads the clock at path, or starts one at the given offset when there is none. A clock that exists keeps its
// own offset.
func OpenClock(path string, offset time.Duration, now func() time.Time) (*Clock, error) {
	clock := &Clock{path: path, now: now}
	raw, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if offset.Abs() > maxOffset {
			return nil, errTooFar
		}
		clock.state.Offset = offset
		return clock, clock.save(clock.state)
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(raw, &clock.state); err != nil {
		return nil, fmt.Errorf("%s is not a clock: %w", path, err)
	}
	return clock, nil
}

// Tick returns the timestamp of the next vote. It is stored before it is returned: a crash may skip a timestamp, never
// repeat one.
func (c *Clock) Tick() (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.state
	next.Last = c.reading()
	if err := c.save(next); err != nil {
		return time.Time{}, err
	}
	c.state = next
	return next.Last, nil
}

// Reading returns the time the next vote would carry, and the offset, without using it up.
func (c *Clock) Reading() (time.Time, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reading(), c.state.Offset
}

// Advance moves the clock forward by a positive duration.
func (c *Clock) Advance(by time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.advance(by)
}

// AdvanceTo moves the clock forward to a time that must lie ahead of it.
func (c *Clock) AdvanceTo(to time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.advance(to.Sub(c.reading()))
}

func (c *Clock) advance(by time.Duration) error {
	if by <= 0 {
		return errBackwards
	}
	next := c.state
	// Both terms are bounded by maxOffset, so their sum cannot overflow.
	if by > 2*maxOffset || next.Offset+by > maxOffset {
		return errTooFar
	}
	next.Offset += by
	if err := c.save(next); err != nil {
		return err
	}
	c.state = next
	return nil
}

func (c *Clock) reading() time.Time {
	// Block times have no monotonic part and are kept in UTC.
	t := c.now().UTC().Round(0).Add(c.state.Offset)
	if t.After(c.state.Last) {
		return t
	}
	return c.state.Last.Add(time.Millisecond)
}

func (c *Clock) save(state clockState) error {
	raw, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return tempfile.WriteFileAtomic(c.path, raw, 0o600)
}
