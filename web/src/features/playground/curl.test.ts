import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curl } from './curl';
import type { Request } from './request';

/** What curl is called with, once a shell has read the command. */
function called(command: string): string[] {
  const out = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], { env: { TOKEN: 'from the environment' } });
  return out.toString().split('\0').slice(0, -1);
}

const url = 'http://127.0.0.1:8080/graphql';
const hostile = `'; rm -rf ~ #'"'"' $(id) \`id\` \${HOME} $TOKEN \\' \\ !! %s \n\r\t "quoted" '' \u0007 שלום 🍵 \ud800`;

test('a shell hands curl what was asked, whatever is in it', () => {
  const requests: Request[] = [
    { query: '{ __typename }' },
    { query: hostile, variables: { [hostile]: [hostile, null, 1.5] }, operationName: hostile },
    { query: `{ products(filter: {search: "it's"}) { totalCount } }`, variables: {} },
  ];
  for (const request of requests) {
    const [silent, address, , authorization, , type, , body, ...more] = called(curl(url, request));
    expect([silent, address, authorization, type, more]).toEqual([
      '-s', url, 'Authorization: Bearer from the environment', 'Content-Type: application/json', [],
    ]);
    expect(JSON.parse(body ?? '')).toEqual(JSON.parse(JSON.stringify(request)));
  }
});

test('a token is a word of its own, and a stream is asked for as one', () => {
  expect(called(curl(`${url}?a=b&c='d'`, { query: 'subscription { a }' }, `ey'J $(id)`))).toEqual([
    '-sN', `${url}?a=b&c='d'`, '-H', `Authorization: Bearer ey'J $(id)`, '-H', 'Content-Type: application/json',
    '-H', 'Accept: text/event-stream', '-d', '{"query":"subscription { a }"}',
  ]);
});
