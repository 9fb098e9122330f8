import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { cut, sendPlain, write } from './send.mjs';

// Lists for the http dataset: 7 rows, {"id": 1, "name": "row 1"} ...; page=N gives `size` (3) of them, counted from 1.
//   /rows             the page itself            /rows/wrapped  {"items": [...], "total": 7}
//   /rows/link        with a Link header         /rows/next     {"items": [...], "next": URL or null}
//   /rows/cursor      {"items": [...], "cursor": "c2"} ; asked for with cursor=c2
//   /rows/post        the rows whose id is in the posted {"ids": [...]}
//   /rows/private     as /rows, with "authorization: Bearer good" only (401 else)
//   /rows/loop        a next URL that is always the same
//   /rows/object, /rows/text   not a list, not JSON
// For the client itself:
//   /plain?text=T&status=S&ms=M&gzip=1&hint=1 (a 102 before it)   /bytes?n=N&ms=M (N bytes in pieces of 64 KiB, M ms between them, chunked)
//   /cut?n=N (closes after N bytes of a million)   /drop (closes at once)   /hang?at=head|body   /garbage (what is not HTTP)
//   /redirect   /head?n=N&times=K (K headers of N bytes)   /trailers
const kAll = Array.from({ length: 7 }, (_, index) => ({ id: index + 1, name: `row ${index + 1}` }));

function pageOf({ query, headers, path }) {
  const size = Number(query.size ?? 3), page = Number(query.cursor?.slice(1) ?? query.page ?? 1);
  const isLast = page * size >= kAll.length;
  const next = isLast ? null : `http://${headers.host ?? headers[':authority']}${path}?page=${page + 1}&size=${size}`;
  return { items: kAll.slice((page - 1) * size, page * size), next, cursor: isLast ? null : `c${page + 1}` };
}

const lists = {
  '/rows': (call) => pageOf(call).items,
  '/rows/wrapped': (call) => ({ items: pageOf(call).items, total: kAll.length }),
  '/rows/next': (call) => { const { items, next } = pageOf(call); return { items, next }; },
  '/rows/cursor': (call) => { const { items, cursor } = pageOf(call); return { items, cursor }; },
  '/rows/post': ({ body }) => kAll.filter(({ id }) => body?.ids?.includes(id)),
  '/rows/loop': ({ headers }) => ({ items: kAll, next: `http://${headers.host}/rows/loop` }),
  '/rows/object': () => ({ id: 1 }),
};

async function bytes({ query }, response) {
  const piece = Buffer.alloc(65_536, 'b');
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  for (let left = Number(query.n); left > 0 && !response.destroyed; left -= piece.length) {
    if (query.ms) await sleep(Number(query.ms));
    await write(response, left < piece.length ? piece.subarray(0, left) : piece);
  }
  response.end();
}

const others = {
  async '/plain'({ query }, entry, response) {
    if (query.ms) await sleep(Number(query.ms));
    if (query.hint) response.writeProcessing();
    entry.status = Number(query.status ?? 200);
    if (!query.gzip) return sendPlain(response, entry.status, query.text ?? 'hello');
    response.writeHead(entry.status, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync(query.text ?? 'hello'));
  },
  '/bytes': (call, _, response) => bytes(call, response),
  '/cut'({ query }, entry, response) {
    response.writeHead(200, { 'content-length': 1_000_000 });
    response.write('c'.repeat(Number(query.n)), () => setTimeout(() => cut(response, entry), 20));
  },
  '/hang'({ query }, _, response) { if (query.at === 'body') response.writeHead(200).flushHeaders(); },
  '/garbage'(_, entry, response) { entry.end = 'cut'; response.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'); },
  '/drop'(_, entry, response) { entry.end = 'cut'; response.socket.destroy(); },
  '/head': ({ query }, _, response) => sendPlain(response, 200, 'hello',
    Object.fromEntries(Array.from({ length: Number(query.times) }, (_one, index) => [`x-${index}`, 'h'.repeat(Number(query.n))]))),
  '/trailers'(_, __, response) {
    response.writeHead(200, { trailer: 'x-late' });
    response.write('hello');
    response.addTrailers({ 'x-late': 'yes' });
    response.end();
  },
  '/redirect': (_, entry, response) => sendPlain(response, entry.status = 302, '', { location: '/plain' }),
  '/rows/text': (_, __, response) => sendPlain(response, 200, 'id,name\n1,row 1\n'),
  '/rows/link'(call, _, response) {
    const { items, next } = pageOf(call);
    sendPlain(response, 200, items, next ? { link: `<${next}>; rel="next", <http://localhost/>; rel="first"` } : {});
  },
  '/rows/private'(call, entry, response) {
    if (call.headers.authorization === 'Bearer good') return sendPlain(response, 200, pageOf(call).items);
    return sendPlain(response, entry.status = 401, { error: 'a key is needed' }, { 'www-authenticate': 'Bearer' });
  },
};

/// Everything that is not an API of models.
export async function rows(call, entry, response) {
  if (lists[call.path]) return sendPlain(response, 200, lists[call.path](call));
  if (others[call.path]) return others[call.path](call, entry, response);
  return sendPlain(response, entry.status = 404, { error: `there is nothing at ${call.path}` });
}
