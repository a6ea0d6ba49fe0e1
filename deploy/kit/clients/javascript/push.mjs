// Push a file of events, one CloudEvent a line. Needs Node.js 20 and nothing else.
//
//   URL=http://127.0.0.1:8001 TOKEN_URL=http://127.0.0.1:8100/oauth2/token \
//   CLIENT_ID=platform:91510600MA00000172 CLIENT_SECRET=... node push.mjs events.jsonl
//
// SIGNING_SECRET (whsec_...) signs the pushes; BATCH is how many events go in one. Prints each rejected event. Ends with 0
// where every event was accepted, 1 where some were rejected, 2 where a batch could not be delivered.

import { createHmac, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

const MOST_EVENTS = 5000;
const MOST_BYTES = 8 * 1024 * 1024;
const TRIES = 10;
const LONGEST_WAIT = 30;
const TIMEOUT = 60_000;

/** A push that the gateway does not take, or that nobody answered for too long. */
class Undelivered extends Error {}

/** Not now. `after`: the seconds to wait, where the answer said so. */
class Busy extends Error {
  constructor(after, what) {
    super(what);
    this.after = /^\d+$/.test(after ?? "") ? Number(after) : undefined;
  }
}

const mayPass = (status) => status === 408 || status === 429 || status >= 500;

/** POST; gives status, headers and JSON, whatever the status. No connection, or a broken one, is Busy too. */
async function send(url, body, headers = {}) {
  try {
    const answer = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT) });
    const text = await answer.text();
    // no JSON: something in front of the gateway answers
    const said = (answer.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : {};
    return { status: answer.status, headers: answer.headers, said };
  } catch (error) {
    throw new Busy(undefined, error.cause?.message ?? error.message);
  }
}

/** Access tokens by OAuth 2 client credentials; one is kept until a minute before it ends. */
class Tokens {
  #token = "";
  #until = 0;

  constructor(url, clientId, secret) {
    this.url = url;
    this.form = { grant_type: "client_credentials", client_id: clientId, client_secret: secret };
  }

  async get(renew = false) {
    if (renew || Date.now() > this.#until) {
      const { status, said } = await send(this.url, new URLSearchParams(this.form));
      if (mayPass(status)) throw new Busy(undefined, `token: ${status}`);
      if (status !== 200) throw new Undelivered(`no token: ${status} ${said.error}`);
      this.#token = said.access_token;
      this.#until = Date.now() + (said.expires_in - 60) * 1000;
    }
    return this.#token;
  }
}

/** Standard Webhooks: over the body as it is before gzip. Good for five minutes, so each try is signed anew. */
function signature(secret, body) {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${digest}` };
}

/** Deliver one batch and give its receipt, or throw Undelivered. It is sent again, with the same events, until its fate is
 * known: what was taken already is passed over. */
async function push(url, events, tokens, secret) {
  const body = Buffer.from(events.join("\n"));
  let renewed = false;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      const authorization = `Bearer ${await tokens.get()}`;
      const kinds = { "content-type": "application/x-ndjson", "content-encoding": "gzip" };
      const headers = { authorization, ...kinds, ...(secret ? signature(secret, body) : {}) };
      const { status, headers: answered, said } = await send(`${url}/v1/platform-events`, gzipSync(body), headers);
      if (status === 202) return said;
      const kind = (said.type ?? "").split("/").pop();
      if (status === 401 && kind === "unauthenticated" && !renewed) { // the token ended early
        await tokens.get(true);
        renewed = true;
        continue;
      }
      if (!mayPass(status)) throw new Undelivered(`${status} ${kind} ${said.title ?? ""} ${said.title_en ?? ""}`);
      throw new Busy(answered.get("retry-after"), `${status} ${kind} ${said.receipt ?? ""}`);
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      const backoff = Math.min(LONGEST_WAIT, 0.5 * 2 ** attempt) * (0.5 + Math.random() / 2);
      const wait = error.after ?? backoff;
      console.error(`try ${attempt + 1} of ${TRIES}: ${error.message}; again in ${wait.toFixed(1)} s`);
      await sleep(wait * 1000);
    }
  }
  throw new Undelivered(`not delivered in ${TRIES} tries`);
}

/** Events in batches that the gateway takes. */
function* batches(lines, most) {
  let batch = [];
  let size = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1;
    if (batch.length > 0 && (batch.length === most || size + bytes > MOST_BYTES)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(line);
    size += bytes;
  }
  if (batch.length > 0) yield batch;
}

async function main(path) {
  const given = process.env;
  const tokens = new Tokens(given.TOKEN_URL, given.CLIENT_ID, given.CLIENT_SECRET);
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim());
  let done = 0;
  let accepted = 0;
  for (const batch of batches(lines, Number(given.BATCH ?? MOST_EVENTS))) {
    let receipt;
    try {
      receipt = await push(given.URL, batch, tokens, given.SIGNING_SECRET);
    } catch (error) {
      if (!(error instanceof Undelivered)) throw error;
      console.error(`events from ${done + 1} on are not delivered: ${error.message}; push the same file again`);
      return 2;
    }
    accepted += receipt.accepted;
    for (const one of receipt.rejected)
      console.log(`rejected event ${done + one.index + 1} ${one.id} ${one.type}: ${one.detail}`);
    done += batch.length;
  }
  console.log(`accepted ${accepted}, rejected ${done - accepted}`);
  return accepted === done ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
