// A model server for tests: real HTTP on 127.0.0.1 and a free port, scripted, and it remembers what it was asked.
//
//   node tests/fakes/model_server.mjs [--script FILE] [--tls] [--port N]
//
// Its first line on stdout is {"port":N} (with --tls also "certificate": a file with its self-signed certificate for
// localhost and 127.0.0.1, made with openssl; HTTP/2 and HTTP/1.1). It ends when its stdin closes.
//
// It speaks the APIs of apis/*.mjs: POST /v1/messages (anthropic), /v1/responses (openai), /v1/chat/completions (chat),
// /openai/deployments/MODEL/chat/completions?api-version=V (Azure: chat), /v1beta/models/MODEL:generateContent and
// :streamGenerateContent?alt=sse (gemini), /api/chat (ollama). A request that the real API would refuse gets its own
// 400, 401, 403 or 404 body. Lists for the http dataset are in rows.mjs; GET /bytes?n=N&ms=M and /plain are for the client.
//
// GET  /_log     every request but these three: [{"n","api","method","path","query","headers","body","prompt","rule","status","end"}]
//                "n" counts from 1 over all; "rule" is the index of the rule that answered, null for none;
//                "end" is "sent", "cut" (by a script), "gone" (the client closed first) or null (still on its way).
// GET  /_state   {"sockets": open now, "sockets_ever", "in_flight", "most_in_flight"}
// POST /_script  replaces the script and forgets the counts; DELETE /_log forgets the log.
//
// A script:
//   {"key": "k",           the only key that is good; without it any key is, but one must be there
//    "keyless": true,      none is asked for (chat only: as local servers do)
//    "rules": [RULE...]}   the first that fits answers; without one: "You said: <last turn>", or, when the request has
//                          a schema, the simplest value that fits it
// A rule; each field may be left out:
//   "when": {"api": "chat", "prompt": "substring" or "/regex/i" over system and all turns, "model": "m", "stream": true,
//            "schema": true, "call": 3 or [2, 4] (from, to; the n-th request to an API, counted over all of them, from 1)}
//   "times": 2             used so often, then passed over: {"times": 5, "fault": {"status": 429}} is a storm
//   "reply": {"text": "..."} | {"json": ...} | {"refusal": "why"} | {"truncated": "as far as it came"}
//             with "thinking": "..." and "stop": "..." (in place of the API's own word for how it ended; Gemini:
//             "blocked" is a refusal of the prompt itself) and "model": "name-2026"
//   "usage": {"input", "cache_read", "cache_write", "output", "reasoning"}  they do not overlap, but reasoning is part of
//            output; put into the words of each API. Without it: a token is four characters
//   "headers": {"request-id": "r1", ...}   on top of the API's own
//   "fault": {"status": 429, "headers": {"retry-after": "1"}, "type": "rate_limit_error", "code": "insufficient_quota",
//             "message": "...", "body": "in place of the API's error body"}
//   "delay_ms": 100        before the head
//   "piece": 5, "drip_ms": 20   characters in a piece of a stream, and the wait before each event
//   "error_after": 3       the stream's own error event in place of its fourth event ("fault" may say type and message;
//                          its status stays 200)
//   "no_end": true         the stream ends in order, without its last event
//   "truncate": 50         the body ends in order after so many bytes
//   "cut_after": 50        the socket is closed after so many bytes of body (0: after the head)
//   "content_type": "text/html", "gzip": true, "crlf": true (line ends of SSE)
//   "huge_mb": 1024        the text is that long
//   "hang": "head" | "body"     nothing comes; "body": the head does
import http from 'node:http';
import http2 from 'node:http2';
import { readFileSync } from 'node:fs';
import { apis } from './apis/all.mjs';
import { Script } from './script.mjs';
import { send, sendPlain } from './send.mjs';
import { answerOf } from './answer.mjs';
import { rows } from './rows.mjs';
import { selfSigned } from './certificate.mjs';

const option = (name) => { const at = process.argv.indexOf(name); return at < 0 ? null : process.argv[at + 1]; };
const script = new Script(option('--script') ? JSON.parse(readFileSync(option('--script'), 'utf8')) : {});
const state = { sockets: 0, sockets_ever: 0, in_flight: 0, most_in_flight: 0 };
let log = [];
let count = 0;

const parsed = (text) => { try { return JSON.parse(text); } catch { return undefined; } };

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function control(method, path, text, response) {
  if (path === '/_log' && method === 'DELETE') log = [];
  if (path === '/_script') {
    const next = parsed(text);
    if (!next) return sendPlain(response, 400, { error: 'the script is not JSON' });
    script.replace(next);
  }
  return sendPlain(response, 200, path === '/_state' ? state : path === '/_log' && method === 'GET' ? log : {});
}

async function askApi(api, call, entry, response) {
  const refuse = (fault) => { entry.status = fault.status; return sendPlain(response, fault.status, api.error(fault), fault.headers); };
  const denied = api.authorize(call, script);
  if (denied) return refuse(denied);
  if (call.body === undefined) return refuse({ status: 400, type: 'invalid_request_error', message: 'the body is not JSON' });
  const wrong = api.check(call);
  if (wrong) return refuse(wrong);
  const asked = api.read(call);
  entry.prompt = [asked.system, ...asked.turns.map((turn) => turn.text)].filter(Boolean).join('\n');
  const { rule, index } = script.pick(api.name, asked, entry.prompt);
  entry.rule = index;
  return send({ api, asked, rule, answer: answerOf(asked, rule), entry, response });
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const text = await bodyOf(request);
  if (url.pathname.startsWith('/_')) return control(request.method, url.pathname, text, response);
  const call = { method: request.method, path: url.pathname, query: Object.fromEntries(url.searchParams),
                 headers: { ...request.headers }, body: text === '' ? undefined : parsed(text), text };
  const api = apis.find((one) => one.route(call));
  const entry = { n: ++count, api: api?.name ?? null, method: call.method, path: call.path, query: call.query,
                  headers: call.headers, body: call.body ?? text, prompt: null, rule: null, status: 200, end: null };
  log.push(entry);
  const { stream } = response;  // of HTTP/2
  const isWhole = () => (stream ? response.writableEnded && stream.rstCode === 0 : response.writableFinished);
  state.most_in_flight = Math.max(state.most_in_flight, ++state.in_flight);
  response.once('close', () => { --state.in_flight; entry.end ??= isWhole() ? 'sent' : 'gone'; });
  if (!api) return rows(call, entry, response);
  if (call.method !== 'POST')
    return sendPlain(response, entry.status = 405, api.error({ status: 405, type: 'invalid_request_error', message: 'method not allowed' }));
  return askApi(api, call, entry, response);
}

function handle(request, response) {
  answer(request, response).catch((error) => {
    if (response.destroyed || response.writableEnded) return;
    console.error(error);
    sendPlain(response, 599, { error: `the fake server failed: ${error.stack}` });
  });
}

const pair = process.argv.includes('--tls') ? selfSigned() : null;
const server = pair
  ? http2.createSecureServer({ key: pair.key, cert: pair.certificate, allowHTTP1: true }, handle)
  : http.createServer({ keepAliveTimeout: 60_000 }, handle);
server.on(pair ? 'secureConnection' : 'connection', (socket) => {
  ++state.sockets; ++state.sockets_ever;
  socket.on('error', () => {});
  socket.once('close', () => { --state.sockets; });
});
server.on('clientError', (_, socket) => socket.destroy());
server.on('sessionError', () => {});
server.listen({ port: Number(option('--port') ?? 0), host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(JSON.stringify({ port: server.address().port, ...(pair && { certificate: pair.file }) }));
});
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
