// The wire between a client and Latchkey breaks, at any byte, and worse: toxiproxy. The client keeps the last answer it received
// whole, and asks again.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { devices, introspect, latchkey, logIn, newClient, newPage, openBrowser, pause, psql, restart, token, typePassword, whoami } from "./rig.mjs";
import { layWire } from "./wire.mjs";

const soak = Boolean(process.env.SOAK);
const callback = "https://wire.example.com/callback";
let browser, context, wire, codes;

// Every byte of a message, or some of each part of it.
const places = (length, step) => Array.from({ length: length + 1 }, (_, i) => i).filter((i) => soak || i % step === 0 || i < 3 || i > length - 3);

// A request on a connection of its own: what was answered, if it arrived whole and in time.
function post(form, patience = 5000, port = wire.port) {
  return new Promise((done) => {
    const request = httpRequest({
      host: "127.0.0.1", port, path: "/oauth2/token", method: "POST", agent: false, signal: AbortSignal.timeout(patience),
      headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "wire" },
    }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", () => done(undefined));
      response.on("close", () => {
        if (!response.complete) return done(undefined);
        const { bytesWritten: sent, bytesRead: received } = request.socket;
        done({ status: response.statusCode, body: JSON.parse(Buffer.concat(parts)), sent, received });
      });
    });
    request.on("error", () => done(undefined));
    request.end(new URLSearchParams(form).toString());
  });
}

// A client that is honest: it keeps the last answer it received, and nothing else.
class Phone {
  received = new Set();
  constructor(clientId, tokens) {
    Object.assign(this, { clientId, refreshToken: tokens.refresh_token, accessToken: tokens.access_token });
  }
  form = () => ({ grant_type: "refresh_token", client_id: this.clientId, refresh_token: this.refreshToken });
  async refresh(patience) {
    const held = this.refreshToken;
    const answer = await post(this.form(), patience);
    // A 503 says "again"; whatever else is said must be tokens.
    assert.ok(!answer || answer.status === 200 || (answer.status === 503 && answer.body.error === "temporarily_unavailable"), JSON.stringify(answer));
    if (answer?.status !== 200) return answer;
    this.received.add(answer.body.refresh_token);
    // Its other process may have been quicker.
    if (this.refreshToken === held) Object.assign(this, { refreshToken: answer.body.refresh_token, accessToken: answer.body.access_token });
    return answer;
  }
  // On a wire that is whole again.
  async goesOn() {
    const answer = await this.refresh();
    assert.equal(answer?.status, 200);
    assert.equal((await introspect(this.accessToken)).active, true);
    return answer;
  }
}

async function aPhone() {
  const { clientId, tokens } = await logIn(browser, "alice");
  const phone = new Phone(clientId, tokens);
  // The session, as its newest generation knows it: each was received, and there is no other.
  phone.session = psql(`select id from latchkey.oauth_sessions order by id desc limit 1`);
  phone.hasOneBranch = () => {
    const [generation, finished] = psql(`select generation, finished_at is not null from latchkey.oauth_sessions where id = '${phone.session}'`).split("|");
    assert.equal(finished, "f");
    assert.equal(Number(generation), phone.received.size);
  };
  return phone;
}
