import { type Request, streams } from './request';

/** Text as one word of a shell, whatever is in it. */
const word = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command that sends a request from a terminal. Without a token it takes the one in $TOKEN. */
export function curl(endpoint: string, request: Request, token?: string): string {
  const stream = streams(request);
  const lines = [
    `curl -s${stream ? 'N' : ''} ${word(endpoint)}`,
    `-H ${token ? word(`Authorization: Bearer ${token}`) : '"Authorization: Bearer $TOKEN"'}`,
    "-H 'Content-Type: application/json'",
    ...(stream ? ["-H 'Accept: text/event-stream'"] : []),
    `-d ${word(JSON.stringify(request))}`,
  ];
  return lines.join(' \\\n  ');
}
