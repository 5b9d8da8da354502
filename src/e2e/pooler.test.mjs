// Latchkey behind a pgbouncer that pools transactions, with a way past it and without.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { eventually, introspect, latchkey, latchkeyUrl, logIn, openBrowser, pause, pgbouncer, psql, psqlLater, token, whoami } from "./rig.mjs";

const state = process.env.E2E_STATE;
const direct = `postgresql://postgres@127.0.0.1:${process.env.PG_PORT}`;
let browser, pooled;

before(async () => {
  browser = await openBrowser();
  pooled = pgbouncer("start").toString().trim();
});
after(async () => {
  await browser?.close();
  latchkey("stop");
  pgbouncer("stop");
  latchkey("start");
});

function restart(yaml) {
  const file = `${state}/pooler.yaml`;
  writeFileSync(file, yaml);
  latchkey("stop");
  latchkey("start", { LATCHKEY_CONFIG: `${process.env.LATCHKEY_CONFIG}:${file}` });
}

const metric = async (name) => {
  const text = await (await fetch(`${latchkeyUrl}/metrics`)).text();
  return Number(text.split("\n").find((line) => line.startsWith(name + " "))?.split(" ")[1]);
};
const active = async (accessToken) => (await introspect(accessToken)).active;

// Everything that speaks to the database, many times and at once, so that statements meet other servers than before.
async function everythingWorks() {
  const { tokens, clientId } = await logIn(browser, "alice");
  assert.equal((await whoami(tokens.access_token)).status, 200);
  let refreshToken = tokens.refresh_token;
  for (let i = 0; i < 20; i++) {
    const [refreshed] = await Promise.all([
      token({ grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken }),
      ...Array.from({ length: 20 }, async () => assert.equal(await active(tokens.access_token), true)),
    ]);
    assert.equal(refreshed.status, 200);
    refreshToken = (await refreshed.json()).refresh_token;
  }
  return { tokens, clientId };
}

async function aChangeByHandHoldsWithinASecond(tokens) {
  assert.equal(await active(tokens.access_token), true);
  psql("update latchkey.users set locked_at = now() where username = 'alice'");
  const changed = Date.now();
  await eventually("refused", async () => !(await active(tokens.access_token)));
  assert.ok(Date.now() - changed < 1000, `${Date.now() - changed} ms`);
  psql("update latchkey.users set locked_at = null where username = 'alice'");
  await eventually("accepted again", async () => await active(tokens.access_token));
}

// Askers and a client that refreshes, while accounts are locked and unlocked by hand. An answer has to be what was true at some
// moment between `rule` before it was asked for and its arrival.
async function answersAreTrueUnderLoad(rule) {
  const lives = await Promise.all(["alice", "bob"].map(async (user) => ({ user, ...(await logIn(browser, user)), history: [{ at: 0, active: true }] })));
  const until = Date.now() + (process.env.SOAK ? 120_000 : 6_000);
  const wrong = [];
  let answers = 0;
  const during = async (act) => { while (Date.now() < until) await act(); };
  // What was true in a time: what held when it began, and what came in it. While a statement runs, both are.
  const truth = ({ history }, from, to) => new Set(history.filter((change, i) => change.at <= to && !(history[i + 1]?.sure < from)).map((change) => change.active));
  const ask = async () => {
    const life = lives[answers++ % lives.length];
    const asked = Date.now();
    const said = await active(life.tokens.access_token);
    if (!truth(life, asked - rule, Date.now()).has(said)) wrong.push(`${life.user}: ${said} after ${Date.now() - life.history.at(-1).sure} ms`);
  };
  const change = async ({ user, history }) => {
    const next = { at: Date.now(), active: !history.at(-1).active, sure: Infinity };
    history.push(next);
    await psqlLater(`update latchkey.users set locked_at = ${next.active ? "null" : "now()"} where username = '${user}'`);
    next.sure = Date.now();
    await pause(Math.random() * 0.7);
  };
  const third = await logIn(browser, "alice");
  let refreshToken = third.tokens.refresh_token;
  const refresh = async () => {
    const answer = await token({ grant_type: "refresh_token", client_id: third.clientId, refresh_token: refreshToken });
    assert.ok(answer.status === 200 || answer.status === 503, `${answer.status}`); // 503 while alice is locked
    const body = await answer.json();
    refreshToken = body.refresh_token ?? refreshToken;
  };

  await Promise.all([...Array.from({ length: 8 }, () => during(ask)), ...lives.map((life) => during(() => change(life))), during(refresh)]);

  psql("update latchkey.users set locked_at = null");
  console.log(`${answers} answers, ${lives.map((life) => life.history.length - 1)} changes, ${wrong.length} wrong`);
  assert.ok(lives.every((life) => life.history.length > 3));
  assert.deepEqual(wrong, []);
}

test("with direct_uri changes are heard past the pooler, and the rest goes through it", async () => {
  restart(`database: {uri: "${pooled}"}\nlatchkey: {database: {direct_uri: "${direct}/latchkey"}}\n`);
  await eventually("it hears", async () => (await metric("latchkey_changes_hearing")) === 1);

  const { tokens } = await everythingWorks();
  await aChangeByHandHoldsWithinASecond(tokens);
  await answersAreTrueUnderLoad(1000);

  const through = psql("select count(*) from pg_stat_activity where application_name = 'latchkey listener'");
  assert.equal(through.trim(), "1");
});

test("without it no change is heard, which is said, and every answer asks the database", async () => {
  restart(`database: {uri: "${pooled}"}\n`);
  await pause(8);
  assert.equal(await metric("latchkey_changes_hearing"), 0);
  // It is said once the first pings went unheard, which takes as long as it takes.
  const said = /does not hear of changes.*direct_uri/;
  for (let i = 0; i < 40 && !said.test(latchkey("log").toString()); i++) await pause(1);
  assert.match(latchkey("log").toString(), said);

  const { tokens, clientId } = await everythingWorks();
  await aChangeByHandHoldsWithinASecond(tokens);
  await answersAreTrueUnderLoad(0);

  const revoked = await fetch(`${latchkeyUrl}/oauth2/revoke`, { method: "POST", body: new URLSearchParams({ token: tokens.access_token, client_id: clientId }) });
  assert.equal(revoked.status, 200);
  assert.equal(await active(tokens.access_token), false);
});

test("a direct_uri that leads to another database refuses the start", async () => {
  psql("drop database if exists elsewhere");
  psql("create database elsewhere");

  assert.throws(
    () => restart(`database: {uri: "${pooled}"}\nlatchkey: {database: {direct_uri: "${direct}/elsewhere"}}\n`),
    /direct_uri leads to another database/,
  );
});

// A restart leaves a dead keep-alive connection behind, which the first request after it may meet.
const readiness = async (tries = 5) => {
  try {
    return (await fetch(`${latchkeyUrl}/health/ready`)).status;
  } catch (error) {
    if (tries === 0) throw error;
    return readiness(tries - 1);
  }
};

test("an empty database is brought up to date through the pooler, and no lock stays behind", async () => {
  psql("drop database if exists fresh");
  psql("create database fresh");
  restart(`database: {uri: "${pooled.replace(/latchkey$/, "fresh")}"}\n`);

  assert.equal(await readiness(), 200);
  assert.equal(psql("select count(*) from pg_locks where locktype = 'advisory'").trim(), "0");
  latchkey("stop");
  latchkey("start", { LATCHKEY_CONFIG: `${process.env.LATCHKEY_CONFIG}:${state}/pooler.yaml` });
  assert.equal(await readiness(), 200);
});
