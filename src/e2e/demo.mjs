// A demo as somebody at a terminal has it: started, read, stopped.
import { execFileSync, spawn } from "node:child_process";

export function startDemo(folder, { port, clientPort, synapsePort }, env = {}, args = []) {
  const child = spawn(process.env.LATCHKEY, ["demo", ...args], {
    env: {
      ...process.env,
      LATCHKEY_CONFIG: "",
      LATCHKEY_DEMO_DIR: folder,
      LATCHKEY_DEMO_PORT: port,
      LATCHKEY_DEMO_CLIENT_PORT: clientPort,
      ...(synapsePort && { LATCHKEY_DEMO_SYNAPSE_PORT: synapsePort }),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, as a shell gives to what it starts
  });
  const run = { child, said: "", exit: new Promise((done) => child.on("exit", done)) };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (run.said += text));
  return run;
}

export async function says(run, pattern, seconds = 60) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = pattern.exec(run.said);
    if (found) return found;
    if (Date.now() > until || run.child.exitCode !== null) throw new Error(`not said within ${seconds} s: ${pattern}\n${run.said}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

export async function shown(run, seconds) {
  const [, username, password] = await says(run, /http:\/\/localhost:\d+\/ +username (\S+), password (\S+)/, seconds);
  return { username, password };
}

// What a terminal does at Ctrl-C, or when it is closed: the whole group hears it.
export async function stop(run, signal = "SIGINT") {
  const begin = Date.now();
  process.kill(-run.child.pid, signal);
  const code = await run.exit;
  return { code, ms: Date.now() - begin };
}

// Processes whose command line names the folder: PostgreSQL, Synapse, pip.
export function leftRunning(folder) {
  try {
    return execFileSync("pgrep", ["-a", "-f", folder], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
