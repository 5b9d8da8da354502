// No scripts, no styles: w3m from Debian signs in and allows. And pages that are edited while the demo runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shown, startDemo, stop } from "./demo.mjs";

const here = process.env.E2E_HERE;
const port = 8690;
const clientPort = 8695;
let folder;
let run;
let person;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-text-"));
  for (const name of ["templates", "translations"]) cpSync(join(here, "../..", name), join(folder, name), { recursive: true });
  run = startDemo(join(folder, "demo"), { port, clientPort }, { LATCHKEY_DEMO_CHECKOUT: folder });
  person = await shown(run);
});
after(async () => {
  await stop(run);
  rmSync(folder, { recursive: true, force: true });
});

const page = async (language) =>
  (await fetch(`http://localhost:${port}/login`, { headers: { "Accept-Language": language } })).text();

test("w3m signs in, meets an error, and allows", () => {
  const told = execFileSync("python3", [join(here, "text-browser.py"), `http://localhost:${clientPort}/`, person.username, person.password], {
    encoding: "utf8",
    timeout: 120_000,
  });

  assert.match(told, /the error\nthe consent page\nback at the client, signed in/);
});

test("an edited template and an edited text show at the next load, a broken one does not", async () => {
  const template = join(folder, "templates/LoginPage.html");
  const good = readFileSync(template, "utf8");
  assert.doesNotMatch(await page("en"), /Edited/);

  writeFileSync(template, good.replace("<form method", "<p>Edited</p><form method"));
  assert.match(await page("en"), /<p>Edited<\/p>/);

  writeFileSync(template, good + "{#if nothing}");
  assert.match(await page("en"), /<p>Edited<\/p>/);
  assert.match(run.said, /LoginPage\.html:\d+: /);

  const texts = join(folder, "translations/de.json");
  writeFileSync(template, good);
  writeFileSync(texts, readFileSync(texts, "utf8").replaceAll("Benutzername\"", "Wer bist du?\""));
  assert.match(await page("de"), /Wer bist du\?/);
});
