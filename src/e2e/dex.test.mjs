// Signing in through a real Dex with the recipe of docs/organisations/dex.md: in Chromium, for matrix-js-sdk, into a real Synapse. Dex is
// killed, comes back with other keys and another secret, and Latchkey says so in plain words and recovers by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually, latchkeyUrl, logIn, openBrowser, pause, psql, restart, whoami } from "./rig.mjs";
import { goThere, keepSecret, log, profile, readAgain, recipe, secretFile, trustProvider, visit, whenBack } from "./upstream.mjs";

const { E2E_HERE, E2E_STATE } = process.env;
const issuer = "https://localhost:8498/dex";
const configuration = join(E2E_STATE, "dex.yaml");
let browser;
let secret = "dex and its secret: 100%";

const dex = (verb) =>
  execFileSync("bash", [join(E2E_HERE, "dex.sh"), verb], { env: { ...process.env, DEX_CONFIG: configuration, LATCHKEY_CLIENT_SECRET: secret }, stdio: "pipe" });
// The recipe, with people in the place of connectors, in memory, and by TLS without a proxy.
function configureDex() {
  const moved = recipe("dex", "config.yaml", {
    "https://dex.example.com/dex": issuer,
    "sqlite3\n  config: {file: /var/lib/dex/dex.db}": "memory",
    "http: 127.0.0.1:5556": `https: 127.0.0.1:8498\n  tlsCert: ${E2E_STATE}/tls.crt\n  tlsKey: ${E2E_STATE}/tls.key`,
  });
  writeFileSync(configuration, `${moved}
enablePasswordDB: true
staticPasswords:
  - {email: dora@example.com, username: Dora Dexter, preferredUsername: dora, userID: "1", hash: "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"}
  - {email: dirk@example.com, username: Dirk Dexter, preferredUsername: dirk, userID: "2", hash: "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"}
`);
}
const ours = recipe("dex", "latchkey.yaml", { "https://dex.example.com/dex": issuer, "/etc/latchkey/dex-secret": secretFile("dex") });

before(async () => {
  configureDex();
  keepSecret("dex", secret);
  dex("start");
  trustProvider();
  restart(ours);
  browser = await openBrowser(["--ignore-certificate-errors"]);
});
after(async () => {
  await browser?.close();
  dex("stop");
  delete process.env.JDK_JAVA_OPTIONS;
  restart();
});

async function signInThere(page, user) {
  await goThere(page);
  await page.fill("#login", `${user}@example.com`);
  await page.fill("#password", "password");
  await page.click("#submit-login");
}
// At the first time the account is shown and wanted.
const firstTime = async (page, user) => {
  await signInThere(page, user);
  await page.waitForURL(/\/upstream\/link\//);
  assert.equal(await page.inputValue("input[name=username]"), user);
  assert.match(await page.locator("main").innerText(), new RegExp(`${user}@example\\.com`));
  await page.click("main form button[type=submit]");
};
const asDora = (page) => signInThere(page, "dora");
const users = () => psql("select username from latchkey.users where username in ('dora', 'dirk') order by 1");

test("the first sign-in shows the account, makes it here and in Synapse, and the client is in", async () => {
  const { client, tokens, deviceId } = await logIn(browser, "dora", "fragment", { prove: firstTime });

  const me = await client.whoami();
  assert.deepEqual([me.user_id, me.device_id], ["@dora:localhost", deviceId]);
  await eventually("Synapse has the name", async () => (await profile("dora")).displayname === "Dora Dexter");
  assert.equal((await whoami(tokens.access_token)).status, 200);
  assert.equal(psql("select email from latchkey.user_emails e join latchkey.users u on u.id = e.user_id where username = 'dora'"), "dora@example.com");
});

test("the second sign-in is the same person, and nothing is asked", async () => {
  const { client } = await logIn(browser, "dora", "query", { prove: signInThere });

  assert.equal((await client.whoami()).user_id, "@dora:localhost");
  assert.equal(users(), "dora");
});

test("killed while a person is on the way back: the page says so, and so does the sign-in page; once it is back, with other keys, all is well", async () => {
  const before = log().length;
  const kids = async () => (await (await fetch(`${issuer}/keys`)).json()).keys.map((key) => key.kid);
  const old = await kids();

  const refused = await visit(browser, asDora, { before: whenBack(() => dex("kill")) });

  assert.equal(refused.status, 503);
  assert.match(refused.text, /Example Ltd/);
  assert.match(log().slice(before), /Example Ltd|01KB6ZQ5M0DEX/);
  const page = await browser.newPage();
  await page.goto(`${latchkeyUrl}/login`);
  assert.match(await page.locator("main").innerText(), /Example Ltd/);
  await page.close();
  assert.equal((await fetch(`${latchkeyUrl}/health/ready`)).status, 200);

  dex("start");
  assert.ok(!(await kids()).some((kid) => old.includes(kid))); // they were in memory
  await pause(3); // it is not asked at each click
  const { client } = await logIn(browser, "dora", "query", { prove: signInThere });
  assert.equal((await client.whoami()).user_id, "@dora:localhost");
});

test("down at the start: Latchkey starts all the same, and who clicks once it is there gets in", async () => {
  dex("stop");
  restart(ours);
  assert.equal((await fetch(`${latchkeyUrl}/health/ready`)).status, 200);
  dex("start");
  // Whoever clicks asks it again, but not within two seconds of the last time.
  await pause(2.5);

  const { client } = await logIn(browser, "dirk", "fragment", { prove: firstTime });

  assert.equal((await client.whoami()).user_id, "@dirk:localhost");
  assert.equal(users(), "dirk\ndora");
});

test("another secret there: the person reads whom to ask, the log says what is wrong and no secret; with the secret changed here and SIGHUP it works", async () => {
  secret = "another secret of dex";
  dex("stop");
  dex("start");
  const before = log().length;

  const refused = await visit(browser, asDora);

  assert.ok(refused.status >= 500, `${refused.status}`);
  assert.match(refused.text, /Example Ltd/);
  await eventually("the log tells", async () => /invalid_client/.test(log().slice(before)));
  assert.doesNotMatch(log(), /dex and its secret|another secret/);
  keepSecret("dex", secret);
  await readAgain();
  const { client } = await logIn(browser, "dora", "query", { prove: signInThere });
  assert.equal((await client.whoami()).user_id, "@dora:localhost");
});
