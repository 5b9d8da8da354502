// The apache.conf of deploy/ in front of what docs/admin/install.md builds (deployment.mjs), with Debian's Apache: the modules are those
// that the file names, beside Debian's own. Started by root it is www-data, who may open Latchkey's socket by its group only.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answers, behaves, end, http, https, isRoot, move, run, setUp, shared, state, tearDown, top } from "./deployment.mjs";
import { promises } from "./proxied.mjs";

const site = readFileSync(join(top, "deploy/apache.conf"), "utf8");
const file = join(state, "apache.conf");
const program = "/usr/sbin/apache2";
const modules = "/usr/lib/apache2/modules";
// What a2enmod enables with it, and what Debian has enabled from the start.
const needs = { ssl: ["socache_shmcb"] };
const always = ["mpm_event", "authz_core", "authz_host", "reqtimeout", "filter", "mime", "deflate", "alias", "dir", "env", "setenvif", "autoindex", "negotiation", "status"];
let apache;

function configure(change) {
  const named = /a2enmod (.*?) &&/.exec(site)[1].split(" ").flatMap((name) => [name, ...(needs[name] ?? [])]);
  const moved = move(change(site))
    .replaceAll("<VirtualHost *:443>", `<VirtualHost 127.0.0.1:${https}>`)
    .replaceAll("<VirtualHost *:80>", `<VirtualHost 127.0.0.1:${http}>`);
  assert.doesNotMatch(moved, /^[^#\n]*(\s\/etc\/|\*:)/m, "everything has been moved");
  writeFileSync(file, [
    `ServerRoot ${shared}`, "ServerName localhost", `PidFile ${shared}/apache.pid`, `DefaultRuntimeDir ${shared}`, `ErrorLog ${state}/apache-error.log`,
    ...(isRoot ? ["User www-data", "Group www-data"] : []),
    `Listen 127.0.0.1:${https}`, `Listen 127.0.0.1:${http}`,
    ...[...always, ...named].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`),
    "TypesConfig /dev/null", `Mutex file:${shared} default`, "StartServers 1", moved,
  ].join("\n"));
}

async function startApache(change = (text) => text) {
  await end(apache);
  configure(change);
  run(program, "-t", "-f", file);
  const log = openSync(join(state, "apache.log"), "a");
  apache = spawn(program, ["-D", "FOREGROUND", "-f", file], { stdio: ["ignore", log, log] });
  await answers();
}

before(() => setUp(() => startApache()));
after(async () => {
  await end(apache);
  await tearDown();
});

test("every module that the file needs is one it names, or Debian's own", () => {
  assert.ok(existsSync(join(modules, "mod_proxy_http.so")));
  assert.match(run(program, "-M", "-f", file), /rewrite_module/);
});

behaves("Apache", { redirect: "301", away: "503" });
promises("Apache", { restart: startApache, chunks: false });
