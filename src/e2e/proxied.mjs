// What docs/admin/install.md promises of every proxy in front of it, beyond what deployment.mjs asks: what is not for the world stays
// unreachable however its path is spelled, bodies have their limits, and `latchkey doctor` is content until a route is wrong.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { app, configFile, curl, https, isRoot, latchkeyJava, run, secret, state, synapseLog } from "./deployment.mjs";
import { eventually } from "./rig.mjs";

const matrix = "https://matrix.example.com";
const metadata = "/_matrix/client/(v1|unstable/org\\.matrix\\.msc2965)/auth_metadata$";

// Ways to spell a path for somebody who takes it apart otherwise than the next one does. Each begins or ends where it may.
const privately = (path) => {
  const escaped = path.replaceAll("/", "%2f");
  const [, first, rest] = /^\/(_synapse)\/(.*)$/.exec(path);
  return [
    path, `/${path}`, `//${path}`, `/.${path}`, `/x/..${path}`,
    `/%5fsynapse/${rest}`, `/${first}%2f${rest}`, `/${first}%2F${rest}`, `/${first}//${rest}`, `/${first}/./${rest}`, `/${first}/%2e/${rest}`, `/${first}%5c${rest}`,
    `/_SYNAPSE/${rest}`, `/${first}/client/../${rest}`, `/${first}/client/..%2f${rest}`, `/${first}/client/%2e%2e/${rest}`,
    `/_matrix/..${path}`, `/_matrix/..%2f${path.slice(1)}`, `/_matrix/%2e%2e${path}`, `/_matrix/%2e%2e%2f${path.slice(1)}`, `/_matrix/..${escaped}`,
    `/_matrix/client/../..${path}`, `/_matrix/client/..;/..;${path}`, `/_matrix/..;${path}`, `/_matrix/..%3b${path}`, `/_matrix/..%5c${path.slice(1)}`, `/_matrix/..\\${path.slice(1)}`,
    `/_matrix/%252e%252e${path}`, `/_matrix/..%252f${path.slice(1)}`, `/_matrix/%252e%252e%252f${path.slice(1)}`, `/_matrix/%c0%ae%c0%ae${path}`,
    `/.well-known/matrix/client/../../..${path}`, `/.well-known/matrix/../..${path}`, `/.well-known/matrix/client%2f..%2f..%2f..${path}`,
    // Private where it begins, public where it ends.
    `${path}/../../../../_matrix/x`, `${path}/..%2f..%2f..%2f..%2f_matrix`, `${path}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/_matrix/x`, `${path}/../../../_matrix/x`,
    `${path}%2f..%2f..%2f..%2f_matrix`, `${path}/..%2f..%2f..%2f_matrix/client/v3/login`, `/${first}/client/../${rest}/../../client/x`,
    `${path}/../../../_matrix/client/v3/login`, `${path}/../../../_matrix/client/v1/auth_metadata`, `${path}/../../../.well-known/matrix/client`,
    `${path};/../../../../_matrix/x`, `${path}/..;/..;/..;/_matrix/x`, `${path}%23/../../../../_matrix/x`,
  ];
};
// With the secret, which opens what it reaches; the last one is an argument in a path.
const shielded = ["/_synapse/mas/query_user", "/_synapse/admin/v1/server_version", "/_synapse/admin/v2/users/@alice:example.com"];

// A request line as no client writes it.
const bare = (line, host) =>
  new Promise((done, fail) => {
    const socket = connectTls({ host: "127.0.0.1", port: https, servername: host, ca: readFileSync(join(state, "tls.crt")) }, () =>
      socket.write(`GET ${line} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${secret}\r\nConnection: close\r\n\r\n`));
    let answer = "";
    socket.on("data", (data) => { answer += data; }).on("end", () => done(answer)).on("error", fail);
  });

// Paths that Synapse has taken from outside, as they arrived there.
function asked(since) {
  const lines = readFileSync(synapseLog, "utf8").slice(since).matchAll(/Processed request: .*? "[A-Z]+ (\S+) HTTP/g);
  return [...lines].map((match) => match[1]);
}

function shields(proxy) {
  test(`${proxy}: what is Synapse's own stays so, however its path is spelled`, async () => {
    const since = readFileSync(synapseLog, "utf8").length;
    const spellings = shielded.flatMap(privately);
    for (const version of ["--http1.1", "--http2"]) {
      for (const spelling of spellings) {
        const url = `${matrix}${spelling}?localpart=alice`;
        const status = curl(version, "--path-as-is", "--globoff", "-H", `Authorization: Bearer ${secret}`, url);
        // Synapse says 401 and 403 where something is; what is public may have been meant.
        assert.match(status, /^(200|30[178]|40[045])$/, `${version} ${spelling}`);
      }
    }
    for (const path of shielded) {
      for (const line of [`${matrix}${path}`, `https://auth.example.com${path}`, `http://matrix.example.com${path}`, path.slice(1)]) {
        assert.match(await bare(line, "matrix.example.com"), /^(HTTP\/1\.1 (30[178]|40[0345]|421) |$)/, line);
      }
    }

    assert.equal(curl(`${matrix}/_matrix/client/versions?last`), "200");
    await eventually("Synapse has logged it all", async () => asked(since).includes("/_matrix/client/versions?last"));
    assert.deepEqual(asked(since).filter((path) => !/^\/(_matrix|_synapse\/client|\.well-known\/matrix\/client)/.test(path)), []);
  });

  test(`${proxy}: so does what Latchkey shows to its operator only`, () => {
    for (const path of ["health", "metrics", "x/../health", "%68ealth", "/health", "assets/../metrics", "assets/..%2fmetrics", "api/admin/v1/users", "connection-info"]) {
      assert.match(curl("--path-as-is", `https://auth.example.com/${path}`), /^(30[178]|40[04])$/, path);
    }
  });

  test(`${proxy}: names with signs in them arrive as they were spelled`, async () => {
    const since = readFileSync(synapseLog, "utf8").length;
    const paths = [
      "/_matrix/client/v3/directory/room/%23nobody%3Aexample.com", "/_matrix/client/v3/rooms/%21a%3Ab/state/org.example/a%2Fb%3Bc%25d%3Fe%5Cf",
      "/_matrix/client/v3/profile/@a%20b:example.com", "/_matrix/client/v3/rooms/!a:b/state/org.example/",
    ];
    for (const path of paths) assert.match(curl(`${matrix}${path}`), /^40[0134]$/, path);

    const missing = () => paths.filter((path) => !asked(since).includes(path));
    await eventually("Synapse has logged them", async () => missing().length === 0).catch(() => assert.deepEqual(missing(), []));
  });
}

function limitsBodies(proxy, { media, chunks }) {
  test(`${proxy}: bodies have their limits: one megabyte to Latchkey, fifty to Synapse`, () => {
    const file = (megabytes) => {
      const name = join(state, `body-${megabytes}`);
      writeFileSync(name, "");
      truncateSync(name, megabytes * 1_000_000);
      return ["-A", `of ${megabytes} megabytes`, "-X", "POST", "-H", "Content-Type: application/json", "-H", "Expect:", "--data-binary", `@${name}`];
    };
    // A server that refuses a body may close before it has read it.
    const answer = (...words) => {
      try {
        return curl(...words);
      } catch (e) {
        return e.stdout;
      }
    };
    for (const url of ["https://auth.example.com/oauth2/token", `${matrix}/_matrix/client/v3/logout`, `${matrix}/_matrix/client/r0/refresh`]) {
      assert.equal(answer("--http1.1", ...file(2), url), "413", url);
      // curl calls it an error that a stream is closed before all of it was sent.
      assert.match(answer("--http2", ...file(2), url), /^(413|000)$/, url);
      const inChunks = answer("-H", "Transfer-Encoding: chunked", "--http1.1", ...file(2), "-A", "in chunks", url);
      assert.match(inChunks, chunks ? /^413$/ : /^[45]/, `${url} in chunks`);
    }
    assert.doesNotMatch(readFileSync(join(state, "latchkey.log"), "utf8"), /"of 2 megabytes"/, "Latchkey has seen none of them");
    assert.equal(answer("--http1.1", ...file(3), `${matrix}/_matrix/media/v3/upload`), "401");
    if (media) assert.equal(answer("--http1.1", ...file(60), `${matrix}/_matrix/media/v3/upload`), "413");
  });
}

function limitsSignIns(proxy) {
  test(`${proxy}: attempts to sign in are limited by address, and looking at the page is none`, () => {
    const from = ["--interface", "127.0.0.7"];
    const answers = Array.from({ length: 9 }, () => curl(...from, "-X", "POST", "https://auth.example.com/login"));

    assert.notEqual(answers[0], "429");
    assert.equal(answers.at(-1), "429");
    assert.notEqual(curl(...from, "https://auth.example.com/login"), "429");
    assert.notEqual(curl("-X", "POST", "https://auth.example.com/login"), "429");
  });

  test(`${proxy}: so are attempts by the old login`, () => {
    const from = ["--interface", "127.0.0.8"];
    const answers = Array.from({ length: 9 }, () => curl(...from, "-X", "POST", `${matrix}/_matrix/client/v3/login`));

    assert.equal(answers[0], "400");
    assert.equal(answers.at(-1), "429");
  });
}

// Where the names lead to for the doctor: it asks at the port that only root may open.
const outside = "127.0.0.40";

async function doctor() {
  const door = createServer((socket) => {
    const onward = connect(https, "127.0.0.1");
    const end = () => { socket.destroy(); onward.destroy(); };
    socket.on("error", end).pipe(onward).on("error", end).pipe(socket);
  });
  await new Promise((done, fail) => door.once("error", fail).listen(443, outside, done));
  try {
    const [hosts, trust] = [join(state, "hosts"), join(state, "trust.p12")];
    writeFileSync(hosts, `${outside} auth.example.com\n${outside} matrix.example.com\n127.0.0.1 localhost\n`);
    run("rm", "-f", trust);
    run(join(latchkeyJava(), "keytool"), "-importcert", "-noprompt", "-alias", "tls", "-file", join(state, "tls.crt"), "-keystore", trust, "-storepass", "changeit");
    const options = `-Djdk.net.hosts.file=${hosts} -Djavax.net.ssl.trustStore=${trust} -Djavax.net.ssl.trustStorePassword=changeit`;
    return await said([join(app, "latchkey"), "doctor", "-c", configFile, "--site", `${matrix}/`], { ...process.env, LATCHKEY_CONFIG: "", JDK_JAVA_OPTIONS: options });
  } finally {
    door.close();
  }
}

// What follows is asked through this process, so it must not wait for it.
async function said([program, ...words], env) {
  const child = spawn(program, words, { env, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (data) => { text += data; });
  assert.equal(await new Promise((done) => child.once("close", done)), 0, text);
  return text;
}

function pleasesTheDoctor(proxy, restart) {
  const skip = !isRoot && "only root can listen at 443";

  test(`${proxy}: the doctor finds nothing to change`, { skip }, async () => {
    const text = await doctor();

    assert.doesNotMatch(text, /^(warning|error)/m, text);
    assert.match(text, /ok: +clients find Latchkey at https:\/\/auth\.example\.com\//);
    assert.match(text, /ok: +https:\/\/matrix\.example\.com\/\.well-known\/matrix\/client leads to https:\/\/matrix\.example\.com\//);
    assert.match(text, /ok: +auth_metadata is answered by Latchkey at https:\/\/matrix\.example\.com\//);
    assert.match(text, /ok: +the login of clients that know no OAuth reaches Latchkey/);
  });

  test(`${proxy}: with a route that is wrong the doctor says which, and what to change`, { skip }, async () => {
    const broken = (site) => {
      const without = site.replaceAll("|logout/all|refresh)$", "|logout/all)$").replaceAll(metadata, metadata.replace("v1", "v9"));
      assert.ok(!without.includes("refresh)$") && !without.includes("(v1|"));
      return without;
    };
    await restart(broken);
    let text;
    try {
      text = await doctor();
    } finally {
      await restart((site) => site);
    }

    assert.match(text, /^warning: +https:\/\/matrix\.example\.com\/_matrix\/client\/v1\/auth_metadata is answered by Synapse/m, text);
    assert.match(text, /^warning: +at https:\/\/matrix\.example\.com\/ these do not reach Latchkey, .*: POST \/_matrix\/client\/v3\/refresh$/m);
    for (const rule of [metadata, "|logout/all|refresh)$"]) {
      assert.ok(text.split("\n").some((line) => line.trim().startsWith(`${proxy}:`) && line.includes(rule)), `${proxy} and ${rule} in ${text}`);
    }
    assert.doesNotMatch(text, /^error/m);
  });
}

// `restart(change)` starts the proxy anew with its file of deploy/ changed; `media`: it has a limit for what goes to Synapse; `chunks`: it
// counts what comes without a size; `attempts`: it has a limiter.
export function promises(proxy, { restart, media = true, chunks = true, attempts = false }) {
  shields(proxy);
  limitsBodies(proxy, { media, chunks });
  if (attempts) limitsSignIns(proxy);
  pleasesTheDoctor(proxy, restart);
}
