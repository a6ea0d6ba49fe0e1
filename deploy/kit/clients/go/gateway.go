package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// answer is what may come back: a token, a receipt, or a problem.
type answer struct {
	AccessToken string  `json:"access_token"`
	ExpiresIn   float64 `json:"expires_in"`
	Receipt     string
	Accepted    int
	Rejected    []struct {
		Index            int
		ID, Type, Detail string
	}
	Type, Title, Error string
	retryAfter         string
}

var client, bearer, bearerUntil = http.Client{Timeout: 60 * time.Second}, "", time.Time{}

// What is errRefused is not to be sent again; a token that is not valid (any more) is errBearer too.
var errRefused, errBearer = errors.New("refused"), errors.New("no valid token")

// send posts and gives the answer to a success. Any error but errRefused may pass when it is sent again.
func send(address string, body []byte, headers http.Header) (said answer, err error) {
	request, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return said, fmt.Errorf("%w: %w", errRefused, err)
	}
	request.Header = headers
	response, err := client.Do(request)
	if err != nil {
		return said, err // no connection, or it broke
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	_ = json.Unmarshal(content, &said) // no JSON: something in front of the gateway answers
	said.retryAfter = response.Header.Get("Retry-After")
	if status := response.StatusCode; err == nil && status >= 300 {
		err = fmt.Errorf("%d %s %s %s%s", status, said.Type, said.Receipt, said.Title, said.Error)
		if status != 408 && status != 429 && status < 500 {
			err = fmt.Errorf("%w: %w", errRefused, err)
		}
		if strings.HasSuffix(said.Type, "/unauthenticated") {
			err = fmt.Errorf("%w: %w", errBearer, err)
		}
	}
	return said, err
}

// authorize gets a token, which is kept until a minute before it ends.
func authorize() error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {os.Getenv("CLIENT_ID")}}
	form.Set("client_secret", os.Getenv("CLIENT_SECRET"))
	headers := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	given, err := send(os.Getenv("TOKEN_URL"), []byte(form.Encode()), headers)
	bearer, bearerUntil = given.AccessToken, time.Now().Add(time.Duration((given.ExpiresIn-60)*float64(time.Second)))
	return err
}

// sign is Standard Webhooks: over the body as it is before gzip. Good for five minutes, so each try is signed anew.
func sign(secret string, body []byte, headers http.Header) {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_")) // a wrong key is answered with 401
	id, timestamp := fmt.Sprintf("msg_%016x%016x", rand.Uint64(), rand.Uint64()), fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	headers.Set("webhook-id", id)
	headers.Set("webhook-timestamp", timestamp)
	headers.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// push sends a batch once.
func push(body, packed []byte) (answer, error) {
	if time.Now().After(bearerUntil) {
		if err := authorize(); err != nil {
			return answer{}, err
		}
	}
	headers := http.Header{"Authorization": {"Bearer " + bearer}, "Content-Type": {"application/x-ndjson"}}
	headers.Set("Content-Encoding", "gzip")
	if secret := os.Getenv("SIGNING_SECRET"); secret != "" {
		sign(secret, body, headers)
	}
	return send(os.Getenv("URL")+"/v1/platform-events", packed, headers)
}
