// What a deployment has in front of its homeserver: one address, where the paths of docs/admin/README.md lead to Latchkey and all
// others to Synapse.
import { Agent, createServer, request as httpRequest } from "node:http";
import { pipeline } from "node:stream";
import { homeserverUrl, latchkeyUrl } from "./rig.mjs";

const ours = [/^\/_matrix\/client\/(v1|unstable\/org\.matrix\.msc2965)\/auth_metadata$/, /^\/_matrix\/client\/[^/]+\/(login|logout|refresh)(\/.*)?$/];

// On the server that is returned: `url`; `latchkey`, where the paths of Latchkey lead, which may be changed; `breaks`, which may say of
// a request that its connection is cut before it has gone anywhere; `loses`, the same after it was answered.
export async function openFront() {
  const agent = new Agent({ keepAlive: false });
  const server = createServer((request, response) => {
    if (server.breaks?.(request)) return request.socket.destroy();
    const path = request.url.split("?")[0];
    const base = ours.some((pattern) => pattern.test(path)) ? server.latchkey : homeserverUrl;
    const onward = httpRequest(base + request.url, { agent, method: request.method, headers: request.headers }, (answer) => {
      if (server.loses?.(request)) return request.socket.destroy();
      response.writeHead(answer.statusCode, answer.headers);
      pipeline(answer, response, () => {});
    });
    onward.on("error", () => response.headersSent || response.writeHead(502, { "content-type": "text/html" }).end("<h1>502 Bad Gateway</h1>"));
    request.pipe(onward);
  });
  server.keepAliveTimeout = 0; // a suite that waits for a script would close what its clients want to use next
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  server.url = `http://127.0.0.1:${server.address().port}`;
  server.latchkey = latchkeyUrl;
  return server;
}
