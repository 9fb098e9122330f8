import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';

export function sendPlain(response, status, value, headers = {}) {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  response.writeHead(status, { 'content-type': typeof value === 'string' ? 'text/plain' : 'application/json', 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

/// Closes the socket under a response, in the middle of whatever it was at.
export function cut(response, entry) {
  entry.end = 'cut';
  if (response.stream) response.stream.session.destroy();
  else response.socket.destroySoon();
}

const kHuge = '@huge@';

/// The body of an answer that does not stream, in pieces.
function* whole(api, answer, asked) {
  if (!answer.huge) return yield JSON.stringify(api.whole(answer, asked));
  const [before, after] = JSON.stringify(api.whole({ ...answer, text: kHuge }, asked)).split(kHuge);
  yield before;
  yield* answer.pieces();
  yield after;
}

/// The events of a stream, as many as the rule lets through.
function* stream(api, asked, answer, rule) {
  let held = null, sent = 0;
  for (const event of api.events(answer, asked)) {
    if (held !== null) yield held;
    if (rule.error_after !== undefined && sent === rule.error_after) return yield api.errorEvent({ status: 500, ...rule.fault });
    held = event; ++sent;
  }
  if (!rule.no_end) yield held;
}

/// Cuts a sequence of texts after `most` bytes.
function* firstBytes(pieces, most) {
  let left = most;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    if (bytes.length >= left) { if (left > 0) yield bytes.subarray(0, left); return; }
    left -= bytes.length;
    yield bytes;
  }
}

/// The same texts in as few pieces as 64 KiB allow: a write costs more than all that is behind it.
function* joined(pieces) {
  let held = [], size = 0;
  for (const piece of pieces) {
    held.push(Buffer.from(piece)); size += held.at(-1).length;
    if (size < 65_536) continue;
    yield Buffer.concat(held);
    held = []; size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}

/// Waits where the client reads more slowly than we write.
export async function write(response, piece) {
  if (response.write(piece)) return;
  await new Promise((done) => {
    const end = () => { response.off('drain', end).off('close', end); done(); };
    response.on('drain', end).on('close', end);
  });
}

/// Both write a body and give back what is still to be written.
async function drip(response, body, milliseconds) {
  for (const piece of body) {
    await sleep(milliseconds);
    if (response.destroyed) break;
    await write(response, piece);
  }
  return '';
}
async function pour(response, body) {
  let last = '';
  for (const piece of joined(body)) {
    if (response.destroyed) break;
    if (last) await write(response, last);
    last = piece;
  }
  return last;
}

function sendFault(api, rule, entry, response) {
  const fault = { status: 500, ...rule.fault };
  entry.status = fault.status;
  sendPlain(response, fault.status, fault.body ?? api.error(fault), { ...api.headers?.(), ...rule.headers, ...fault.headers });
}

/// Sends what a rule says; see the head of model_server.mjs.
export async function send({ api, asked, rule, answer, entry, response }) {
  if (rule.delay_ms) await sleep(rule.delay_ms);
  if (rule.hang === 'head') return;
  if (rule.fault && rule.error_after === undefined) return sendFault(api, rule, entry, response);
  const head = { 'content-type': asked.stream ? api.streamType : 'application/json', ...api.headers?.(), ...rule.headers };
  if (rule.content_type) head['content-type'] = rule.content_type;
  let body = asked.stream ? stream(api, asked, answer, rule) : whole(api, answer, asked);
  if (rule.crlf) body = [...body].map((piece) => piece.replaceAll('\n', '\r\n'));
  if (rule.gzip) { body = [gzipSync([...body].join(''))]; head['content-encoding'] = 'gzip'; }
  const most = rule.truncate ?? rule.cut_after;
  if (most !== undefined) body = firstBytes(body, most);
  response.writeHead(200, head);
  if (rule.drip_ms || rule.hang || rule.cut_after === 0) response.flushHeaders?.();
  if (rule.hang === 'body') return;
  const last = rule.drip_ms ? await drip(response, body, rule.drip_ms) : await pour(response, body);
  if (rule.cut_after === undefined) return response.end(last);
  if (last) await write(response, last);
  setTimeout(() => cut(response, entry), 20);
}
