// Push a file of events, one CloudEvent a line. Needs Go 1.21 and nothing else.
//
//	URL=http://127.0.0.1:8001 TOKEN_URL=http://127.0.0.1:8100/oauth2/token \
//	CLIENT_ID=platform:91510600MA00000172 CLIENT_SECRET=... go run . events.jsonl
//
// SIGNING_SECRET (whsec_...) signs the pushes; BATCH is how many events go in one. Prints each rejected event. Ends with 0
// where every event was accepted, 1 where some were rejected, 2 where a batch could not be delivered.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"time"
)

const mostEvents, mostBytes, tries, longestWait = 5000, 8 * 1024 * 1024, 10, 30.0

// deliver sends a batch again, with the same events, until its fate is known: what was taken already is passed over.
func deliver(events [][]byte) (answer, error) {
	var packed bytes.Buffer
	body, writer, renewed := bytes.Join(events, []byte("\n")), gzip.NewWriter(&packed), false
	_, _ = writer.Write(body) // into memory, which does not fail
	_ = writer.Close()
	for attempt := 0; attempt < tries; attempt++ {
		said, err := push(body, packed.Bytes())
		if errors.Is(err, errBearer) && !renewed { // the token ended early
			renewed, bearerUntil = true, time.Time{}
			continue
		} else if err == nil || errors.Is(err, errRefused) {
			return said, err
		}
		wait, notSaid := strconv.ParseFloat(said.retryAfter, 64)
		if notSaid != nil {
			wait = min(longestWait, 0.5*float64(int(1)<<attempt)) * (0.5 + rand.Float64()/2)
		}
		fmt.Fprintf(os.Stderr, "try %d of %d: %v; again in %.1f s\n", attempt+1, tries, err, wait)
		time.Sleep(time.Duration(wait * float64(time.Second)))
	}
	return answer{}, fmt.Errorf("not delivered in %d tries", tries)
}

// nextBatch is how many of the events go into one push.
func nextBatch(events [][]byte, most int) (number int) {
	for size := 0; number < min(most, len(events)); number++ {
		if size += len(events[number]) + 1; number > 0 && size > mostBytes {
			break
		}
	}
	return number
}

func run(path string) (int, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 2, err
	}
	most, err := strconv.Atoi(os.Getenv("BATCH"))
	if err != nil {
		most = mostEvents
	}
	isBlank := func(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }
	events := slices.DeleteFunc(bytes.Split(content, []byte("\n")), isBlank)
	done, accepted := 0, 0
	for done < len(events) {
		batch := events[done : done+nextBatch(events[done:], most)]
		receipt, err := deliver(batch)
		if err != nil {
			return 2, fmt.Errorf("events from %d on are not delivered: %w; push the same file again", done+1, err)
		}
		for _, one := range receipt.Rejected {
			fmt.Printf("rejected event %d %s %s: %s\n", done+one.Index+1, one.ID, one.Type, one.Detail)
		}
		accepted, done = accepted+receipt.Accepted, done+len(batch)
	}
	fmt.Printf("accepted %d, rejected %d\n", accepted, done-accepted)
	return min(1, done-accepted), nil
}

func main() {
	status, err := run(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(status)
}
