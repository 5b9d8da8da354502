// Introspection over every way in: HTTP/1.1 and HTTP/2 in clear (prior knowledge), a Unix socket, and TLS with ALPN, asked by curl;
// then the real Synapse with force_http2.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { after, before, test } from "node:test";
import { eventually, latchkeyUrl, logIn, openBrowser, synapse, synced, whoami } from "./rig.mjs";

const state = process.env.E2E_STATE;
const socket = `${state}/latchkey.sock`;
const tlsUrl = `https://localhost:${process.env.TLS_PORT}`;
let browser;
let accessToken;

before(async () => {
  browser = await openBrowser();
  accessToken = (await logIn(browser, "alice")).tokens.access_token;
});
after(async () => {
  await browser?.close();
  synapse("stop");
  synapse("start");
});

function curl(...how) {
  const secret = process.env.AUTH_SECRET;
  const said = execFileSync("curl", [
    "-sS", "--max-time", "10", "-w", "\n%{http_version} %{http_code}", "-H", `Authorization: Bearer ${secret}`,
    "--data-urlencode", `token=${accessToken}`, "-d", "token_type_hint=access_token", ...how,
  ], { encoding: "utf8" });
  const [, body, version, status] = /^([^]*)\n(\S+) (\d+)$/.exec(said);
  return { version, status, body: JSON.parse(body) };
}

const ways = [
  ["HTTP/1.1 in clear", "1.1", "--http1.1", `${latchkeyUrl}/oauth2/introspect`],
  ["HTTP/2 in clear with prior knowledge", "2", "--http2-prior-knowledge", `${latchkeyUrl}/oauth2/introspect`],
  ["HTTP/1.1 over a Unix socket", "1.1", "--unix-socket", socket, "http://localhost/oauth2/introspect"],
  ["HTTP/2 over a Unix socket", "2", "--http2-prior-knowledge", "--unix-socket", socket, "http://localhost/oauth2/introspect"],
  ["HTTP/2 over TLS by ALPN", "2", "--http2", "--cacert", `${state}/tls.crt`, `${tlsUrl}/oauth2/introspect`],
  ["HTTP/1.1 over TLS by ALPN", "1.1", "--http1.1", "--cacert", `${state}/tls.crt`, `${tlsUrl}/oauth2/introspect`],
];
for (const [name, version, ...how] of ways) {
  test(`curl introspects: ${name}`, () => {
    const answer = curl(...how);

    assert.deepEqual([answer.version, answer.status], [version, "200"]);
    assert.equal(answer.body.active, true);
    assert.equal(answer.body.username, "alice");
  });
}

test("the socket is its owner's alone", () => {
  assert.equal(statSync(socket).mode & 0o777, 0o600);
});

test("Synapse with force_http2 asks over HTTP/2; matrix-js-sdk logs in and syncs", async () => {
  synapse("stop");
  synapse("start", { FORCE_HTTP2: "true" });
  await eventually("Synapse answers on a new connection", async () => (await whoami("mat_dead")).status === 401);
  const before = await introspections("2");

  const { client, deviceId } = await logIn(browser, "bob");
  const me = await client.whoami();
  assert.deepEqual([me.user_id, me.device_id], ["@bob:localhost", deviceId]);
  await synced(client);
  client.stopClient();

  assert.ok((await introspections("2")) > before, "no introspection of Synapse over HTTP/2 was counted");
});

// How many introspections came over this version so far. They leave no line in the log.
const introspections = async (version) =>
  (await (await fetch(`${latchkeyUrl}/metrics`)).text()).split("\n")
    .filter((line) => /^http_server_duration\w*_count\{/.test(line))
    .filter((line) => line.includes('http_route="/oauth2/introspect"') && line.includes(`network_protocol_version="${version}"`))
    .reduce((sum, line) => sum + Number(line.split(" ")[1]), 0);
