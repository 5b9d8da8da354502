// Too many tries by the old login: what curl is answered, and that matrix-nio waits as it is told and then gets in.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openFront } from "./front.mjs";
import { restart } from "./rig.mjs";

const folder = `${process.env.E2E_STATE}/legacy-limits`;
const python = execFileSync("bash", [`${process.env.E2E_HERE}/install.sh`, "python"]).toString().trim();
const interval = 4; // seconds until there is room for one more
const run = promisify(execFile);
let front;

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  front = await openFront();
  restart(`rate_limiting: {login: {per_ip: {burst: 2, per_second: ${1 / interval}}}}\n`);
});
after(() => {
  front?.close();
  restart();
});

async function attempt() {
  const body = { type: "m.login.password", identifier: { type: "m.id.user", user: "alice" }, password: "password" };
  const { stdout } = await run("curl", ["-sS", "-i", "--max-time", "20", "-H", "Content-Type: application/json", "-d", JSON.stringify(body), `${front.url}/_matrix/client/v3/login`]);
  const [head, text] = stdout.split("\r\n\r\n");
  const headers = new Headers(head.split("\r\n").slice(1).map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
  return { status: Number(head.split(" ")[1]), headers, body: JSON.parse(text) };
}

test("too many: 429 with the time to wait, for scripts of other origins too; matrix-nio waits it out and is let in", async () => {
  assert.deepEqual([(await attempt()).status, (await attempt()).status], [200, 200]);

  const refused = await attempt();
  const since = Date.now();

  assert.equal(refused.status, 429);
  const { errcode, retry_after_ms: wait } = refused.body;
  assert.equal(errcode, "M_LIMIT_EXCEEDED");
  assert.ok(wait > 0 && wait <= interval * 1000, String(wait));
  assert.equal(refused.headers.get("retry-after"), String(Math.ceil(wait / 1000)));
  assert.equal(refused.headers.get("access-control-allow-origin"), "*");

  const { stdout } = await run(python, [`${process.env.E2E_HERE}/legacy-nio.py`, "sign-in", front.url, folder, "alice", "password"]);

  assert.ok(JSON.parse(stdout).device_id, stdout);
  assert.ok(Date.now() - since >= wait, "it came before its time");
});
