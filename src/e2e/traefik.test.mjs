// The traefik.yaml of deploy/ in front of what docs/admin/install.md builds (deployment.mjs), with Traefik itself, as PyPI has it. Latchkey
// listens at an address, because Traefik opens no socket. Not tried: how it gets its certificates.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { answers, behaves, end, http, https, move, run, setUp, state, tearDown, top } from "./deployment.mjs";
import { promises } from "./proxied.mjs";

const site = readFileSync(join(top, "deploy/traefik.yaml"), "utf8");
const dynamic = join(state, "traefik-site.yaml");
const file = join(state, "traefik.yaml");
const program = join(dirname(execFileSync("bash", [join(process.env.E2E_HERE, "install.sh"), "python"], { encoding: "utf8" }).trim()), "traefik");
let traefik;

// Its usual static configuration, and a certificate in place of the resolver's.
function configure(change) {
  const moved = move(change(site)).replace("tls: &tls\n        certResolver: letsencrypt\n", "tls: &tls {}\n");
  assert.match(moved, /tls: &tls \{\}/);
  const certificate = `{certFile: "${join(state, "tls.crt")}", keyFile: "${join(state, "tls.key")}"}`;
  writeFileSync(dynamic, `${moved}\ntls: {stores: {default: {defaultCertificate: ${certificate}}}}\n`);
  writeFileSync(file, `global: {checkNewVersion: false, sendAnonymousUsage: false}
entryPoints:
  web: {address: "127.0.0.1:${http}"}
  websecure: {address: "127.0.0.1:${https}"}
providers: {file: {filename: "${dynamic}"}}
log: {level: INFO}
`);
}

async function startTraefik(change = (text) => text) {
  await end(traefik);
  configure(change);
  const log = openSync(join(state, "traefik.log"), "a");
  traefik = spawn(program, [`--configFile=${file}`], { stdio: ["ignore", log, log] });
  await answers();
}

before(() => setUp(() => startTraefik(), { socket: false }));
after(async () => {
  await end(traefik);
  await tearDown();
});

test("Traefik has nothing to say against the file", () => {
  assert.match(run(program, "version"), /Version: +3\./);
  assert.doesNotMatch(readFileSync(join(state, "traefik.log"), "utf8"), /\b(ERR|WRN)\b/);
});

behaves("Traefik", { redirect: "301" });
promises("Traefik", { restart: startTraefik, media: false, attempts: true });
