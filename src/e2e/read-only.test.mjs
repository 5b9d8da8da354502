// A server whose root is read-only and which has no /tmp, with its database behind a Unix socket.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { introspect, latchkey, logIn, openBrowser, postgres, token, whoami } from "./rig.mjs";

const state = process.env.E2E_STATE;
const sockets = "/run/latchkey-e2e";
const port = process.env.PG_PORT;
let browser, earlier;

const log = () => readFileSync(`${state}/latchkey.log`, "utf8").slice(earlier);
const pid = () => readFileSync(`${state}/latchkey.pid`, "utf8").trim();

before(async () => {
  browser = await openBrowser();
  latchkey("stop");
  // PostgreSQL runs as another user.
  mkdirSync(sockets, { recursive: true });
  chmodSync(sockets, 0o777);
  postgres("stop");
  postgres("start", { PG_OPTIONS: `-c unix_socket_directories=${sockets} -c unix_socket_permissions=0777` });
  writeFileSync(`${state}/read-only.yaml`, `database: {uri: 'postgresql://postgres@%2Frun%2Flatchkey-e2e:${port}/latchkey'}\n`);
  earlier = readFileSync(`${state}/latchkey.log`, "utf8").length;
  latchkey("start", {
    LATCHKEY: `${process.env.E2E_HERE}/read-only.sh`, LATCHKEY_PROGRAM: process.env.LATCHKEY,
    LATCHKEY_CONFIG: `${process.env.LATCHKEY_CONFIG}:${state}/read-only.yaml`,
  });
});
after(async () => {
  await browser?.close();
  latchkey("stop");
  postgres("stop");
  rmSync(sockets, { recursive: true, force: true });
  postgres("start");
  latchkey("start");
});

test("it can write nowhere, and starts without a complaint", () => {
  const mounts = readFileSync(`/proc/${pid()}/mounts`, "utf8").split("\n").map((line) => line.split(" "));
  for (const folder of ["/", "/tmp", "/var/tmp"]) {
    assert.ok(mounts.filter(([, at]) => at === folder).at(-1)[3].split(",").includes("ro"), folder);
  }
  assert.match(log(), /passwords are hashed by argon2 by its native library/);
  assert.doesNotMatch(log(), /ERROR|Exception|WARN.*(\/tmp|temporary|cache|native|epoll)/);
});

test("its native libraries are those that were unpacked when it was built", () => {
  const mapped = new Set(readFileSync(`/proc/${pid()}/maps`, "utf8").match(/\/\S+\.so\S*/g));
  for (const library of ["libnetty_transport_native_epoll", "libjnidispatch", "libargon2", "libjunixsocket"]) {
    const path = [...mapped].find((file) => file.includes(library));
    assert.match(String(path), /\/quarkus-app\/native\//, library);
  }
  // The checkout itself may lie below /tmp.
  assert.ok(![...mapped].some((file) => file.startsWith("/tmp") && !file.includes("/quarkus-app/")));
});

test("a person signs in by password, and the tokens are refreshed and revoked", async () => {
  const { tokens, clientId } = await logIn(browser, "alice");
  assert.equal((await whoami(tokens.access_token)).status, 200);
  const refreshed = await token({ grant_type: "refresh_token", client_id: clientId, refresh_token: tokens.refresh_token });
  assert.equal(refreshed.status, 200);
  const next = await refreshed.json();
  assert.equal((await introspect(next.access_token)).active, true);

  const form = new FormData();
  form.set("token", next.access_token);
  const upload = await fetch(`${process.env.LATCHKEY_URL}/oauth2/revoke`, { method: "POST", body: form });
  assert.ok(upload.status < 500, `an upload is answered ${upload.status}`);
  assert.doesNotMatch(log(), /ERROR|Exception/);
});
