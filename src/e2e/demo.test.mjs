// `./latchkey demo` as a stranger meets it: one command, one click, and plain sentences when it cannot.
import test, { before, after } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftRunning, shown, startDemo, stop } from "./demo.mjs";
import { openBrowser } from "./rig.mjs";

const port = 8190;
const clientPort = 8195;
let folder;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-demo-"));
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const demo = (env) => startDemo(folder, { port, clientPort }, env);

test("one command, sign in, refresh, introspect, revoke; Ctrl-C stops everything", async () => {
  const run = demo();
  const person = await shown(run);
  const page = await browser.newPage();
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const text = () => page.locator("main").innerText();

  await page.goto(`http://localhost:${clientPort}/`);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Password").fill(person.password);
  await press("Sign in");
  await press("Allow");
  await page.waitForURL(`http://localhost:${clientPort}/`);
  assert.match(await text(), /Signed in/);
  assert.match(await text(), /preferred_username|sub/);
  assert.match(await text(), /mat_/);
  await press("Introspect");
  assert.match(await text(), /active\s+true/);
  await press("Refresh");
  assert.match(await text(), /refreshed/);
  await press("Revoke");
  await press("Introspect");
  assert.match(await text(), /active\s+false/);
  await press("Refresh");
  assert.match(await text(), /invalid_grant/);
  await press("Sign out here");
  assert.match(await text(), /forgotten/);
  await page.close();

  const stopped = await stop(run);
  assert.equal(stopped.code, 0);
  assert.ok(stopped.ms < 10_000, `took ${stopped.ms} ms to stop`);
  assert.equal(leftRunning(folder), "");
});

test("a second run keeps the password, the secrets and the database; its folder is private", async () => {
  const secrets = readFileSync(join(folder, "generated.yaml"), "utf8");
  const password = readFileSync(join(folder, "password"), "utf8");

  const run = demo();
  const person = await shown(run);

  assert.equal(person.password, password);
  assert.equal(readFileSync(join(folder, "generated.yaml"), "utf8"), secrets);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  await stop(run);
});

test("a port that is taken, a number that is none, a folder that cannot be: a plain sentence each", async () => {
  const other = createServer().listen(port, "localhost");
  const taken = demo();
  assert.equal(await taken.exit, 1);
  assert.match(taken.said, new RegExp(`port ${port} is taken by another program; set LATCHKEY_DEMO_PORT`));
  other.close();

  const nan = demo({ LATCHKEY_DEMO_PORT: "eighty" });
  assert.equal(await nan.exit, 1);
  assert.match(nan.said, /LATCHKEY_DEMO_PORT must be a number/);

  const nowhere = demo({ LATCHKEY_DEMO_DIR: "/proc/latchkey" });
  assert.equal(await nowhere.exit, 1);
  assert.match(nowhere.said, /\/proc\/latchkey cannot be written; set LATCHKEY_DEMO_DIR/);

  for (const run of [taken, nan, nowhere]) assert.doesNotMatch(run.said, /\bat [a-z.]+\(|Exception/);
});
