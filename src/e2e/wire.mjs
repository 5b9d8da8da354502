// Wires to Latchkey that are whole, or broken in one way each: toxiproxy, driven by its HTTP API.
import { execFileSync } from "node:child_process";

const script = (verb) => execFileSync("bash", [`${process.env.E2E_HERE}/toxiproxy.sh`, verb], { stdio: ["ignore", "pipe", "inherit"] }).toString().trim();

export async function layWires() {
  const api = script("start");
  const call = async (method, path, body) => {
    const response = await fetch(api + path, { method, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`toxiproxy: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const lay = (name, port, upstream = process.env.PORT) =>
    call("POST", "/populate", [{ name, listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${upstream}`, enabled: true }])
      .then(({ proxies }) => Number(proxies[0].listen.split(":").at(-1)));
  await lay("whole", process.env.WIRE_PORT);

  let laid = 0;
  // A wire has its trouble before the first connection: toxiproxy 2.12 falls over a change under one.
  async function layBroken([type, stream, attributes]) {
    const name = `broken-${++laid}`;
    const port = await lay(name, 0);
    await call("POST", `/proxies/${name}/toxics`, { type, stream, attributes });
    return { port, cut: () => call("DELETE", `/proxies/${name}`) };
  }
  return {
    port: Number(process.env.WIRE_PORT),
    url: `http://localhost:${process.env.WIRE_PORT}`,
    // Lets the whole one lead elsewhere: to another replica, or over another wire.
    leadTo: (upstream) => lay("whole", process.env.WIRE_PORT, upstream),
    layBroken,
    async broken(trouble, act) {
      const { port, cut } = await layBroken(trouble);
      try {
        return await act(port);
      } finally {
        await cut();
      }
    },
    takeDown: () => script("stop"),
  };
}
