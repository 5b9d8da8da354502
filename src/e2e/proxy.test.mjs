// The files of docs/admin/install.md, tried: the configuration it shows, the nginx site of deploy/, the command and the variable of
// its unit, the commands of the sections 3 and 7 to 10 (deployment.mjs). nginx is Debian's; started by root, it is www-data, who may
// open the socket by its group only. Not tried: the account of Latchkey, the database over its socket, the rest of the unit, `train`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import {
  answers, app, atMatrix, behaves, browser, curl, end, http, https, isRoot, move, page, pgPort, run, secret, setUp, shared, startLatchkey, state, stopLatchkey,
  tearDown, top,
} from "./deployment.mjs";
import { promises } from "./proxied.mjs";
import { logIn, whoami } from "./rig.mjs";

let nginx;

// Section 6. Ports that only root may open, and those of others on this machine, give way.
async function startNginx(change = (site) => site) {
  await end(nginx, "SIGQUIT");
  const site = move(change(readFileSync(join(top, "deploy/nginx.conf"), "utf8")))
    .replaceAll(/^ *listen \[::\].*\n/gm, "")
    .replaceAll("listen 443 ", `listen 127.0.0.1:${https} `)
    .replaceAll("listen 80;", `listen 127.0.0.1:${http};`);
  assert.doesNotMatch(site, /^[^#\n]*(\s\/etc\/|listen \d+[ ;])/m, "everything has been moved");
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${shared}/nginx-${kind};`).join("\n");
  writeFileSync(join(state, "nginx.conf"), `daemon off; pid ${state}/nginx.pid; ${isRoot ? "user www-data;" : ""} events {}\nhttp {\naccess_log ${state}/access.log;\n${temp}\n${site}}\n`);
  run("/usr/sbin/nginx", "-t", "-q", "-e", join(state, "error.log"), "-c", join(state, "nginx.conf"));
  nginx = spawn("/usr/sbin/nginx", ["-e", join(state, "error.log"), "-c", join(state, "nginx.conf")], { stdio: "ignore" });
  await answers();
}

before(() => setUp(() => startNginx()));
after(async () => {
  await end(nginx, "SIGQUIT");
  await tearDown();
});

behaves("nginx", { redirect: "301" });
promises("nginx", { restart: startNginx, attempts: true });

test("each row of the table “Is it well?” is answered as it says", () => {
  const rows = [...page.matchAll(/^\| `curl (.*?)` \| (\d{3})/gm)];
  assert.equal(rows.length, 6);
  for (const [, command, healthy] of rows) {
    const words = move(command).replace("SECRET", secret).match(/'[^']*'|\S+/g).map((word) => word.replaceAll("'", ""));
    const status = curl("--noproxy", "*", ...words.filter((word) => word !== "-f").flatMap((word) => (word.startsWith("http://") ? ["--interface", "127.0.0.1", word] : [word])));
    assert.equal(status, healthy, command);
  }
});

test("backup, upgrade and restore as the page says: who was logged in stays logged in", async () => {
  const { tokens, clientId } = await logIn(browser, "alice", "query", atMatrix);
  const refresh = (refresh_token) =>
    fetch("https://auth.example.com/oauth2/token", { method: "POST", body: new URLSearchParams({ grant_type: "refresh_token", client_id: clientId, refresh_token }) });
  const bin = join("/usr/lib/postgresql", readdirSync("/usr/lib/postgresql").sort((a, b) => a - b).at(-1), "bin");
  const database = ["-h", "127.0.0.1", "-p", String(pgPort), "-U", "postgres"];
  const dump = join(state, "latchkey.dump");
  run(join(bin, "pg_dump"), ...database, "-Fc", "-f", dump, "latchkey");

  await stopLatchkey();
  assert.equal(curl("https://auth.example.com/login"), "502");
  rmSync(join(app, "target"), { recursive: true });
  cpSync(join(dirname(process.env.LATCHKEY), "target/quarkus-app"), join(app, "target/quarkus-app"), { recursive: true, preserveTimestamps: true });
  await startLatchkey();
  const upgraded = await refresh(tokens.refresh_token);
  assert.equal(upgraded.status, 200);
  assert.equal((await whoami((await upgraded.json()).access_token, atMatrix.baseUrl)).status, 200);

  await stopLatchkey();
  run(join(bin, "dropdb"), ...database, "latchkey");
  run(join(bin, "createdb"), ...database, "latchkey");
  run(join(bin, "pg_restore"), ...database, "-d", "latchkey", dump);
  await startLatchkey();
  const restored = await refresh(tokens.refresh_token);
  assert.equal(restored.status, 200);
  assert.equal((await whoami((await restored.json()).access_token, atMatrix.baseUrl)).status, 200);
});
