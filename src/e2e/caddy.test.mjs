// The Caddyfile of deploy/ in front of what docs/admin/install.md builds (deployment.mjs), with Caddy itself, built from its module.
// Started by root it is www-data, who may open Latchkey's socket by its group only. Not tried: how it gets its certificates.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chownSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answers, behaves, end, http, https, isRoot, move, run, setUp, shared, state, tearDown, top } from "./deployment.mjs";
import { promises } from "./proxied.mjs";

const site = readFileSync(join(top, "deploy/Caddyfile"), "utf8");
const home = join(shared, "caddy");
const file = join(home, "Caddyfile");
const user = isRoot ? { uid: Number(run("id", "-u", "www-data")), gid: Number(run("id", "-g", "www-data")) } : {};
const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
let caddy;

// What its own user reads lies where it can reach it. The ports that only root may open give way, and so does its way to certificates.
function configure(change) {
  mkdirSync(home, { recursive: true });
  const program = execFileSync("bash", [join(process.env.E2E_HERE, "go-program.sh"), "where", "caddy"], { encoding: "utf8" }).trim();
  if (!existsSync(join(home, "caddy"))) copyFileSync(program, join(home, "caddy"));
  for (const name of ["tls.crt", "tls.key"]) copyFileSync(join(state, name), join(home, name));
  const moved = move(change(site))
    .replace(/^\{$/m, `{\n\tadmin off\n\tpersist_config off\n\thttp_port ${http}\n\thttps_port ${https}\n\tdefault_bind 127.0.0.1`)
    .replaceAll(/^(\w+\.example\.com) \{$/gm, `$1 {\n\ttls ${home}/tls.crt ${home}/tls.key`);
  assert.equal(moved.match(/^\ttls /gm).length, 2);
  assert.match(moved, /https_port/);
  writeFileSync(file, moved);
  if (isRoot) for (const name of ["", "caddy", "tls.crt", "tls.key", "Caddyfile"]) chownSync(join(home, name), user.uid, user.gid);
}

async function startCaddy(change = (site) => site) {
  await end(caddy);
  configure(change);
  const log = openSync(join(state, "caddy.log"), "a");
  caddy = spawn(join(home, "caddy"), ["run", "--config", file, "--adapter", "caddyfile"], { ...user, env, cwd: home, stdio: ["ignore", log, log] });
  await answers();
}

before(() => setUp(() => startCaddy()));
after(async () => {
  await end(caddy);
  await tearDown();
});

test("Caddy has nothing to say against the file, its form included", () => {
  const ask = (...words) => execFileSync(join(home, "caddy"), words, { ...user, env, cwd: home, encoding: "utf8", input: site, stdio: "pipe" });

  assert.match(ask("validate", "--config", file, "--adapter", "caddyfile"), /Valid configuration/);
  assert.equal(ask("fmt", "-"), site);
});

behaves("Caddy", { redirect: "308" });
promises("Caddy", { restart: startCaddy, chunks: false });
