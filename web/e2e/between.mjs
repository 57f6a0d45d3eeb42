import { createServer, request } from 'node:http';

/**
 * Stands between the service and a store. Of each call, by the name of its operation, spoil may give an answer of its own, at
 * once or later, and change may give another text for what the store has answered.
 */
export async function startBetween(storeUrl) {
  const between = { url: '', spoil: async () => undefined, change: (_operation, text) => text };
  const server = createServer(async (call, response) => {
    const sent = await whole(call);
    const operation = sent.length > 0 ? (JSON.parse(sent.toString()).operationName ?? '') : '';
    const own = await between.spoil(operation);
    if (own) {
      response.writeHead(own.status, { 'Content-Type': 'application/json', ...own.headers }).end(own.body ?? '{"errors":"spoilt"}');
      return;
    }
    const on = request(new URL(call.url, storeUrl), { method: call.method, headers: call.headers }, async (answer) => {
      const got = await whole(answer);
      const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
      response.writeHead(answer.statusCode, headers).end(operation ? between.change(operation, got.toString()) : got);
    });
    on.on('error', () => response.destroy());
    on.end(sent);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  between.url = `http://127.0.0.1:${server.address().port}`;
  between.kill = () => {
    server.closeAllConnections();
    server.close();
  };
  return between;
}

async function whole(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
