package main

import (
	"fmt"
	"math"
	"net"
	"os"
	"strings"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

// validator is one node this process signs for: its key, the record of what it signed, and where the node listens.
type validator struct {
	key, state, addr string
}

// parseValidator reads "key.json,state.json,127.0.0.1:port".
func parseValidator(text string) (validator, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return validator{}, fmt.Errorf("%q: expected key-file,state-file,host:port", text)
	}
	v := validator{key: parts[0], state: parts[1], addr: parts[2]}
	for _, file := range []string{v.key, v.state} {
		// privval.LoadFilePV ends the process on a missing file; say which one first.
		if _, err := os.Stat(file); err != nil {
			return validator{}, err
		}
	}
	return v, requireLoopback(v.addr)
}

// requireLoopback refuses addresses another machine could reach: whoever talks to this process moves the chain's clock.
func requireLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%s is not a loopback address", addr)
	}
	return nil
}

// clockPV signs like FilePV, which refuses to sign two different votes for one height, round and step, but with the
// time of the shared clock. When a node asks again for a vote it already has, FilePV answers with the first timestamp
// and signature.
type clockPV struct {
	*privval.FilePV
	clock *Clock
}

func (pv *clockPV) SignVote(chainID string, vote *cmtproto.Vote) error {
	t, err := pv.clock.Tick()
	if err != nil {
		return err
	}
	vote.Timestamp = t
	return pv.FilePV.SignVote(chainID, vote)
}

// serve keeps dialing the validator's node, for ever, and answers its requests.
func serve(v validator, chainID string, clock *Clock, logger cmtlog.Logger) error {
	pv := &clockPV{FilePV: privval.LoadFilePV(v.key, v.state), clock: clock}
	dial := privval.DialTCPFn(v.addr, 3*time.Second, ed25519.GenPrivKey())
	endpoint := privval.NewSignerDialerEndpoint(logger, dial,
		privval.SignerDialerEndpointConnRetries(math.MaxInt),
		privval.SignerDialerEndpointRetryWaitInterval(100*time.Millisecond))
	return privval.NewSignerServer(endpoint, chainID, pv).Start()
}
