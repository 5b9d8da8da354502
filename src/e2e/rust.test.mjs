// A native OIDC login of matrix-rust-sdk (rust-login) against a real Synapse: discovery, registration, login, whoami, sync, refresh.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { homeserverUrl, latchkeyUrl, openBrowser, redirectUri, signIn } from "./rig.mjs";

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

test("matrix-rust-sdk discovers, registers, logs in, syncs and refreshes", async () => {
  const program = join(process.env.LATCHKEY_E2E_HOME, "rust-login", "target", "debug", "rust-login");
  const child = spawn(program, [homeserverUrl, redirectUri], { stdio: ["pipe", "pipe", "inherit"] });
  const said = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, ...rest] = line.split(" ");
    said[word] = rest;
    if (word === "url") child.stdin.end(`${redirectUri}?${await signIn(browser, rest[0], "alice")}\n`);
  }

  assert.deepEqual(said.issuer, [`${latchkeyUrl}/`]);
  assert.equal(said.ok?.[0], "@alice:localhost", JSON.stringify(said));
  assert.match(said.ok[1], /^[A-Za-z0-9]{10,}$/);
});
