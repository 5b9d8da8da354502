// What the suites of real identity providers share: the files of a recipe, moved to this machine, and a person who signs in there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Agent, setGlobalDispatcher } from "undici";
import { eventually, homeserverUrl, latchkeyUrl, newPage } from "./rig.mjs";

const state = process.env.E2E_STATE;
const top = join(process.env.E2E_HERE, "../..");

// The provider speaks TLS with the certificate of the rig: Node trusts it from now on, and every Latchkey that is started.
export function trustProvider() {
  const [certificate, store] = [join(state, "tls.crt"), join(state, "trust.p12")];
  const java = dirname(readlinkSync(`/proc/${readFileSync(join(state, "latchkey.pid"), "utf8").trim()}/exe`));
  rmSync(store, { force: true });
  const words = ["-importcert", "-noprompt", "-alias", "provider", "-file", certificate, "-keystore", store, "-storepass", "changeit"];
  execFileSync(join(java, "keytool"), words, { stdio: "pipe" });
  process.env.JDK_JAVA_OPTIONS = `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=changeit`;
  // No connection is kept: those to what is restarted here would be dead.
  setGlobalDispatcher(new Agent({ connect: { ca: readFileSync(certificate) }, pipelining: 0 }));
}

// A file of deploy/recipes, which is the one its page in docs/organisations shows; `moves`: what is somewhere else on this machine.
export function recipe(provider, file, moves) {
  const text = readFileSync(join(top, "deploy/recipes", provider, file), "utf8");
  const page = readFileSync(join(top, `docs/organisations/${provider}.md`), "utf8");
  assert.ok(page.includes("\n" + text + "```"), `docs/organisations/${provider}.md shows another ${file}`);
  return Object.entries({ "https://auth.example.com": latchkeyUrl, ...moves }).reduce((all, [from, to]) => {
    assert.ok(from === "https://auth.example.com" || all.includes(from), `${file} has no ${from}`);
    return all.replaceAll(from, to);
  }, text);
}

export const secretFile = (provider) => join(state, `${provider}-secret`);
export const keepSecret = (provider, secret) => writeFileSync(secretFile(provider), secret + "\n");

// From our sign-in page to the provider's.
export const goThere = (page) => page.click("a[href*='/upstream/authorize/']");

// Somebody who only wants to see the account page, or the error on the way: the last answer, and what is on its page.
export async function visit(browser, prove, { before = async () => {} } = {}) {
  const page = await newPage(browser);
  let last;
  page.on("response", (response) => { if (response.request().isNavigationRequest() && response.url().startsWith(latchkeyUrl)) last = response; });
  await before(page);
  await page.goto(`${latchkeyUrl}/login`);
  await prove(page);
  await page.waitForURL((url) => url.href.startsWith(latchkeyUrl) && !url.pathname.endsWith("/login"));
  await page.waitForLoadState();
  const seen = { status: last.status(), path: new URL(page.url()).pathname, text: await page.locator("main").innerText() };
  await page.close();
  return seen;
}

// Something happens when the person comes back with a code, before Latchkey sees it.
export const whenBack = (event) => async (page) => {
  const session = await page.context().newCDPSession(page); // Playwright itself does not stop at redirects
  await session.send("Fetch.enable", { patterns: [{ urlPattern: "*/upstream/callback/*" }] });
  session.once("Fetch.requestPaused", async ({ requestId }) => {
    await event();
    await session.send("Fetch.continueRequest", { requestId });
  });
};

const pid = () => Number(readFileSync(join(state, "latchkey.pid"), "utf8"));

// SIGHUP in the place of a restart: the same process goes on by the providers that are in the files now.
export async function readAgain(yaml) {
  const [running, before] = [pid(), log().length];
  if (yaml) writeFileSync(join(state, "extra.yaml"), yaml);
  process.kill(running, "SIGHUP");
  await eventually("the providers are read again", async () => /the configuration of 1 providers was read again/.test(log().slice(before)), 10);
  assert.equal(pid(), running);
}

export const log = () => readFileSync(join(state, "latchkey.log"), "utf8");
export const profile = async (user) => (await fetch(`${homeserverUrl}/_matrix/client/v3/profile/@${user}:localhost`)).json();
