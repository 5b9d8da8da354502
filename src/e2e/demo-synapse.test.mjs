// `./latchkey demo --synapse`: from nothing to a homeserver that a client logs in to, and plain sentences when it cannot be had.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { leftRunning, says, shown, startDemo, stop } from "./demo.mjs";
import { eventually, logIn, openBrowser, synced, whoami } from "./rig.mjs";

const ports = { port: 8290, clientPort: 8295, synapsePort: 8208 };
const homeserver = `http://localhost:${ports.synapsePort}`;
let folder;
let other;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-demo-synapse-"));
  other = mkdtempSync(join(tmpdir(), "latchkey-demo-none-"));
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  for (const made of [folder, other]) rmSync(made, { recursive: true, force: true });
});

const demo = (where, env) => startDemo(where, ports, env, ["--synapse"]);
const json = async (path) => (await fetch(`${homeserver}${path}`)).json();

// What a client sees that was given the printed address and nothing else.
async function logInAt(person) {
  const { client, tokens, deviceId } = await logIn(browser, person.username, "fragment", { baseUrl: homeserver, password: person.password });
  const me = await client.whoami();
  assert.deepEqual([me.user_id, me.device_id], ["@demo:demo.localhost", deviceId]);
  return { client, tokens };
}

let password;

test("the first run installs Synapse, tells how far it is, and prints the address for Element X", async () => {
  const run = demo(folder);
  const person = await shown(run, 300);
  await says(run, new RegExp(`homeserver to type into Element X.*\\s+${homeserver}\\s`));
  assert.match(run.said, /Installing Synapse [\d.]+ from PyPI, once/);
  assert.match(run.said, /\d0 packages so far\s+.*writing them\s+done/s);
  assert.match(run.said, /on this machine only/);
  assert.match(run.said, /adb reverse tcp:8208 tcp:8208 && adb reverse tcp:8290 tcp:8290/);

  const issuer = `http://localhost:${ports.port}/`;
  assert.equal((await json("/_matrix/client/v1/auth_metadata")).issuer, issuer);
  const wellKnown = await json("/.well-known/matrix/client");
  assert.equal(wellKnown["m.homeserver"].base_url, `${homeserver}/`);
  assert.equal(wellKnown["org.matrix.msc2965.authentication"].issuer, issuer);
  const { client, tokens } = await logInAt(person);
  await synced(client);
  client.stopClient();
  await client.logout(true);
  await eventually("Synapse refuses the token", async () => (await whoami(tokens.access_token, homeserver)).body.errcode === "M_UNKNOWN_TOKEN");

  const stopped = await stop(run);
  assert.equal(stopped.code, 0);
  assert.ok(stopped.ms < 10_000, `took ${stopped.ms} ms to stop`);
  assert.equal(leftRunning(folder), "");
  assert.doesNotMatch(run.said, /stopped by itself/);
  password = person.password;
});

test("the second run is quick and knows everything; a closed terminal ends it too", async () => {
  const begin = Date.now();
  const run = demo(folder);
  const person = await shown(run);
  const ms = Date.now() - begin;

  assert.equal(person.password, password);
  assert.doesNotMatch(run.said, /Installing/);
  assert.ok(ms < 30_000, `took ${ms} ms`);
  await logInAt(person);
  const stopped = await stop(run, "SIGHUP");
  assert.equal(stopped.code, 0);
  assert.equal(leftRunning(folder), "");
});

test("Ctrl-C while it installs ends that too, and leaves nothing half done that would be taken for whole", async () => {
  const run = demo(other);
  await says(run, /Installing Synapse/);
  await eventually("pip is at work", async () => /-m pip install/.test(leftRunning(other)));

  await stop(run);

  assert.equal(leftRunning(other), "");
  assert.deepEqual(existsSync(join(other, "synapse-1.163.2", ".complete")), false);
});

// A PATH with what the launcher needs and nothing else, so that Python is missing, or is what the test says.
function path(python) {
  const bin = mkdtempSync(join(other, "bin-"));
  for (const tool of ["dirname", "grep", "find", "head", "touch", "sed", "cat", "sh"]) {
    symlinkSync(execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(), join(bin, tool));
  }
  if (python) writeFileSync(join(bin, "python3"), `#!/bin/sh\n${python}\n`, { mode: 0o755 });
  return bin;
}

for (const [name, python, words] of [
  ["no Python", "", /error: Synapse needs Python 3\.10 or later, and there is no python3 on the PATH/],
  ["a Python that is too old", "echo 3.8", /error: Synapse needs Python 3\.10 or later; python3 on the PATH is 3\.8/],
  ["a Python without venv or pip", "echo 3.11; exit 1", /error: python3 lacks venv or pip.* apt install python3-venv/],
]) {
  test(`${name}: a plain sentence`, async () => {
    const run = demo(other, { PATH: path(python) });

    assert.equal(await run.exit, 1);
    assert.match(run.said, words);
    assert.doesNotMatch(run.said, /\bat [a-z.]+\(|Exception/);
  });
}

test("an installation that fails is told with pip's reason and where the rest stands", async () => {
  const nowhere = join(other, "nowhere");
  mkdirSync(nowhere);
  const run = demo(other, { PIP_NO_INDEX: "1", PIP_FIND_LINKS: nowhere, PIP_NO_CACHE_DIR: "1" });

  assert.equal(await run.exit, 1);
  assert.match(run.said, /error: Synapse could not be installed: No matching distribution found for matrix-synapse==.*synapse-install\.log\)/);
  assert.equal(leftRunning(other), "");
});
