// A wire to Latchkey that can be cut, clogged and bent: toxiproxy, driven by its HTTP API.
import { execFileSync } from "node:child_process";

const script = (verb) => execFileSync("bash", [`${process.env.E2E_HERE}/toxiproxy.sh`, verb], { stdio: ["ignore", "pipe", "inherit"] }).toString().trim();

export async function layWire() {
  const api = script("start");
  const port = Number(process.env.WIRE_PORT);
  const call = async (path, body) => {
    const response = await fetch(api + path, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`toxiproxy: ${response.status} ${await response.text()}`);
  };
  const leadTo = (upstream) => call("/populate", [{ name: "latchkey", listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${upstream}`, enabled: true }]);
  await leadTo(process.env.PORT);
  return {
    port,
    url: `http://localhost:${port}`,
    // To another replica.
    leadTo,
    poison: (type, stream, attributes = {}, toxicity = 1) => call("/proxies/latchkey/toxics", { type, stream, attributes, toxicity }),
    heal: () => call("/reset"),
    // While `act` runs, and no longer.
    async during([type, stream, attributes], act) {
      await this.poison(type, stream, attributes);
      try {
        return await act();
      } finally {
        await this.heal();
      }
    },
    takeDown: () => script("stop"),
  };
}
