// A server in a container of 350 MiB: it takes a heap that fits, and lives through a burst of sign-ins by password.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { introspect, latchkey, latchkeyUrl, logIn, openBrowser, token } from "./rig.mjs";

const mebibytes = 350;
const script = `${process.env.E2E_HERE}/small.sh`;
const state = process.env.E2E_STATE;
let browser;

const pid = () => readFileSync(`${state}/latchkey.pid`, "utf8").trim();
const figures = () => execFileSync("bash", [script, "figures"]).toString().trim().split(" ").map(Number);

before(async () => {
  browser = await openBrowser();
  latchkey("stop");
  // Sixteen at a time try one account from one address.
  writeFileSync(`${state}/small.yaml`, "latchkey: {rate_limiting: {login: {per_account_and_ip: {burst: 1000, per_second: 100}}}}\n");
  latchkey("start", {
    LATCHKEY: script, LATCHKEY_PROGRAM: process.env.LATCHKEY, MIB: String(mebibytes),
    LATCHKEY_CONFIG: `${process.env.LATCHKEY_CONFIG}:${state}/small.yaml`,
  });
});
after(async () => {
  await browser?.close();
  latchkey("stop");
  execFileSync("bash", [script, "remove"]);
  latchkey("start");
});

const answer = async (response) => ({ status: response.status, body: await response.json() });
const askByPassword = async (user, device) =>
  answer(await fetch(`${latchkeyUrl}/_matrix/client/v3/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "m.login.password", identifier: { type: "m.id.user", user }, password: "password", device_id: device, refresh_token: true }),
  }));

// As a client does: devices of one person are announced one after the other, and who has waited for two seconds is asked
// to come back.
let repeated = 0;
async function logInByPassword(user, device) {
  for (let attempt = 1; ; attempt++) {
    const answered = await askByPassword(user, device);
    if (answered.status !== 503 || !answered.body.retry_after_ms || attempt === 3) return answered;
    repeated++;
    await new Promise((resolve) => setTimeout(resolve, answered.body.retry_after_ms));
  }
}

// So many workers share the jobs.
async function shared(workers, jobs) {
  const answers = [];
  await Promise.all(Array.from({ length: workers }, async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) answers.push(await job());
  }));
  return answers;
}

test("the launcher takes the heap from the control group", () => {
  const words = readFileSync(`/proc/${pid()}/cmdline`, "utf8").split("\0");

  assert.equal(figures()[0], mebibytes * 1024 * 1024);
  assert.ok(words.includes(`-Xmx${Math.floor(mebibytes * 0.3)}m`), words.join(" "));
});

test("400 sign-ins by password, 32 at a time, then refreshes: all are answered, and the kernel kills nobody", async () => {
  const before = pid();
  const { tokens, clientId } = await logIn(browser, "alice");

  // Few devices: each is a call to the homeserver, and no matter here. One at a time signs in on one.
  const logins = await shared(32, Array.from({ length: 400 }, (_, i) => () => logInByPassword(i % 2 ? "alice" : "bob", `SMALL${i % 100}`)));
  let held = tokens;
  for (let i = 0; i < 200; i++) {
    const refreshed = await answer(await token({ grant_type: "refresh_token", client_id: clientId, refresh_token: held.refresh_token }));
    assert.equal(refreshed.status, 200);
    held = refreshed.body;
  }

  const refused = logins.filter(({ status }) => status !== 200);
  assert.deepEqual(refused.slice(0, 3), [], `${refused.length} of ${logins.length}`);
  assert.ok(repeated <= 40, `${repeated} of 400 were asked to come back`);
  assert.equal((await introspect(held.access_token)).active, true);
  const [limit, peak, killed] = figures();
  assert.equal(pid(), before);
  assert.equal(killed, 0);
  assert.ok(peak <= limit);
  console.log(`# ${Math.round(peak / 1048576)} of ${mebibytes} MiB at most, the kernel's caches counted; ${repeated} sign-ins were asked to come back`);
});
