// The long-lived process that calls the JavaScript tools of a run. src/exec/node_worker.cpp starts it, with this
// text on the command line.
//
// In, on standard input, one JSON object a line:  {"id":7,"tool":"/abs/tool.mjs","env":{"OE_NODE_ID":"n",...},"input":{...}}
// Out, on descriptor 3, one JSON object a line:   {"hello":"v18.20.4"} once, and for each call
//   {"id":7,"log":"a line it printed"}            any number of times, then one of
//   {"id":7,"value":{"state_delta":{...},...}}    its result
//   {"id":7,"error":"why there is none"}
//   {"id":7,"exit":3}                             it called process.exit(3), which ends the worker
// What is on standard output and error could not be traced to a call: it comes from child processes and from node.
// Written for node 18.20, which is what Debian 12 has.
import { AsyncLocalStorage } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { relative } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

const kReplyLimit = 64 * 1024 * 1024; // bytes
const kDepthLimit = 100;
const kReadSize = 64 * 1024; // bytes
const kShort = 1024; // characters: as UTF-8 less than the 4096 bytes of PIPE_BUF
const kLineLimit = 64 * 1024; // characters that may wait for the end of their line, or go out as one

const running = new AsyncLocalStorage(); // the call on whose behalf the current code runs, across awaits and timers
const inFlight = new Map(); // call id -> call
const tools = new Map(); // path -> default export

// --- out

// A pipe takes so short a line as a whole or not at all, so it needs no buffer that says what is left.
function sendShort(text) {
  try {
    writeSync(3, text);
    return true;
  } catch {
    return false;
  }
}

function sendLine(line) {
  if (line.length < kShort && sendShort(line + '\n')) return;
  const bytes = Buffer.from(line + '\n');
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(3, bytes, sent);
    } catch (error) {
      // Nobody reads any more, so no way is left to say so.
      if (error.code !== 'EAGAIN') process.kill(process.pid, 'SIGKILL');
    }
  }
}

// Half of a surrogate pair is text to JavaScript and to nobody else: it becomes U+FFFD. JSON.stringify escapes such
// halves only, so every escape of one is meant; "\\" is looked at to tell \ud800 from \\ud800.
function jsonOf(message) {
  const json = JSON.stringify(message);
  if (!json.includes('\\ud')) return json;
  return json.replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\ufffd'));
}

const send = (message) => sendLine(jsonOf(message));

// Throws what JSON.stringify throws; the call is in flight then as before.
function settle(call, reply) {
  if (!inFlight.has(call.id)) return;
  let line = jsonOf({ id: call.id, ...reply });
  if (line.length > kReplyLimit / 4 && Buffer.byteLength(line) > kReplyLimit) {
    const error = `the result is ${Buffer.byteLength(line)} bytes of JSON, over the limit of ${kReplyLimit}`;
    line = JSON.stringify({ id: call.id, error });
  }
  flushPrinted(call);
  inFlight.delete(call.id);
  sendLine(line);
}

// --- what tools print

function printed(text) {
  const call = running.getStore();
  if (!call || !inFlight.has(call.id)) return printUntraced(text);
  const lines = (call.printed + text).split('\n');
  call.printed = lines.pop();
  for (const line of lines) sendPrinted(call, line);
  if (call.printed.length > kLineLimit) flushPrinted(call);
}

function printUntraced(text) {
  try {
    writeSync(2, text);
  } catch {
    // A full or closed standard error must not end the tools.
  }
}

// In pieces, because oe ends a worker that sends an endless line, and only the call whose pieces are too many.
function sendPrinted(call, line) {
  let start = 0;
  do {
    send({ id: call.id, log: line.slice(start, start + kLineLimit) });
    start += kLineLimit;
  } while (start < line.length);
}

function flushPrinted(call) {
  if (call.printed) sendPrinted(call, call.printed);
  call.printed = '';
}

// Made when a tool first asks for it: most tools do not.
function replaceStream(name, make) {
  let stream;
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => (stream ??= make()) });
}

function captureStreams() {
  const write = (chunk, _encoding, done) => {
    printed(chunk.toString());
    done();
  };
  for (const name of ['stdout', 'stderr']) replaceStream(name, () => new Writable({ write, decodeStrings: false }));
  replaceStream('stdin', () => Readable.from([])); // the real one carries the requests
}

// --- the environment

// Each call sees the names that say which call it is, and so do the processes that it starts. What a call sets is set
// for all, as the variables of a process are.
function showIdentity() {
  const names = () => running.getStore()?.env ?? {};
  process.env = new Proxy(process.env, {
    get: (all, name) => (Object.hasOwn(names(), name) ? names()[name] : all[name]),
    has: (all, name) => Object.hasOwn(names(), name) || name in all,
    ownKeys: (all) => [...new Set([...Reflect.ownKeys(all), ...Object.keys(names())])],
    getOwnPropertyDescriptor: (all, name) =>
      Object.hasOwn(names(), name)
        ? { value: names()[name], writable: true, enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(all, name),
    set: (all, name, value) => {
      if (Object.hasOwn(names(), name)) names()[name] = String(value);
      else all[name] = value;
      return true;
    },
    deleteProperty: (all, name) => delete names()[name] && delete all[name],
  });
}

// --- results

function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `a ${typeof value}`;
}

function refuse(trail, why) {
  throw new Error(`the tool's result cannot be written as JSON: ${pathOf(trail)} ${why}`);
}

// Throws for what JSON would silently change or cannot hold; `trail` is the way to the value, `parents` the objects
// on it. What JSON.stringify leaves out (undefined, functions, symbols) is left out here too.
function check(given, trail, parents) {
  const value = typeof given?.toJSON === 'function' ? given.toJSON() : given;
  if (typeof value === 'number' && !Number.isFinite(value)) refuse(trail, `is ${value}`);
  if (typeof value === 'bigint') refuse(trail, 'is a BigInt; make it a number or a string');
  if (typeof value !== 'object' || value === null) return;
  if (parents.includes(value)) refuse(trail, 'contains itself');
  if (parents.length >= kDepthLimit) refuse(trail, `is nested deeper than ${kDepthLimit}`);
  parents.push(value);
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    trail.push(key);
    check(value[key], trail, parents);
    trail.pop();
  }
  parents.pop();
}

function pathOf(trail) {
  const parts = trail.slice(0, 12).map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`));
  return parts.join('').slice(1) + (trail.length > 12 ? '...' : '');
}

function valueOf(result) {
  if (typeof result !== 'object' || result === null) {
    throw new Error(`the tool returned ${kindOf(result)}; it has to return an object such as { state_delta: {...} }`);
  }
  const { state_delta, edge_output, metrics } = result;
  const value = { state_delta, edge_output, metrics };
  check(value, [], []);
  return value;
}

// --- errors

// Relative to the workflow's directory, so that the same failure reads the same in every checkout.
function readable(place) {
  const [, url, position] = /^(.*?)((?::\d+)*)$/.exec(place);
  try {
    const file = url.startsWith('file:') ? fileURLToPath(url) : decodeURI(url);
    return ` (at ${relative(process.cwd(), file)}${position})`;
  } catch {
    return ` (at ${place})`;
  }
}

// The first place on the stack that is in the tool's own file, else in any file.
function placeOf(stack, tool) {
  const frames = stack.split('\n').filter((line) => /^\s+at .*\/.*:\d+:\d+\)?$/.test(line) && !line.includes('node:'));
  const url = pathToFileURL(tool).href;
  const frame = frames.find((line) => line.includes(url) || line.includes(tool)) ?? frames[0];
  const place = frame?.match(/(?:\(|at |async )(?:file:\/\/)?(\/.*:\d+:\d+)\)?$/)?.[1];
  return place ? readable(place) : '';
}

async function textOf(thrown) {
  const { inspect } = await import('node:util');
  return inspect(thrown, { depth: 2, breakLength: Infinity }).slice(0, 1000);
}

async function describe(thrown, tool) {
  if (typeof thrown?.message !== 'string') return `the tool threw ${await textOf(thrown)}`;
  const cause = typeof thrown.cause?.message === 'string' ? `: ${thrown.cause.message}` : '';
  return `${thrown.name ?? 'Error'}: ${thrown.message}${cause}${placeOf(String(thrown.stack ?? ''), tool)}`;
}

// node keeps the place of a syntax error in an imported module to itself; its own check prints it.
async function placeOfSyntaxError(tool) {
  const { spawnSync } = await import('node:child_process');
  const checked = spawnSync(process.execPath, ['--check', tool], { encoding: 'utf8', timeout: 5000 });
  const place = checked.stderr?.match(/^(?:file:\/\/)?(\/.*:\d+)$/m)?.[1];
  return place ? readable(place) : '';
}

async function describeImport(thrown, tool) {
  let text = await describe(thrown, tool);
  if (thrown instanceof SyntaxError) {
    const place = String(thrown.stack).match(/^file:\/\/(\/.*:\d+)$/m)?.[1];
    text = `SyntaxError: ${thrown.message}` + (place ? readable(place) : await placeOfSyntaxError(tool));
    if (tool.endsWith('.js') && /import statement|'export'/.test(thrown.message)) {
      text += `; node takes this .js file for CommonJS: name it .mjs, or put {"type": "module"} into a package.json`;
    }
  }
  return `cannot import ${tool}: ${text}`;
}

// --- calls

async function load(tool) {
  let module;
  try {
    module = await import(pathToFileURL(tool).href);
  } catch (thrown) {
    throw new Error(await describeImport(thrown, tool));
  }
  if (!('default' in module)) throw new Error(`${tool} has no default export; add: export default async (input) => ...`);
  if (typeof module.default !== 'function') {
    throw new Error(`the default export of ${tool} is ${kindOf(module.default)} and not a function`);
  }
  tools.set(tool, module.default);
}

function succeed(call, result) {
  try {
    settle(call, { value: valueOf(result) });
  } catch (refused) {
    settle(call, { error: refused.message });
  }
}

async function failWith(call, thrown) {
  settle(call, { error: await describe(thrown, call.tool) });
}

// Promises are what costs while `running` follows them, so there are as few as can be: what a tool returns that is no
// promise goes back a microtask later, behind those that the tool itself left.
const turn = Promise.resolve();
function answer(call, run, input) {
  let result;
  try {
    result = run(input);
    if (typeof result?.then !== 'function') return turn.then(() => succeed(call, result));
  } catch (thrown) {
    return failWith(call, thrown);
  }
  return Promise.resolve(result).then(
    (value) => succeed(call, value),
    (thrown) => failWith(call, thrown),
  );
}

async function begin(call, input) {
  try {
    await load(call.tool);
  } catch (ours) {
    return settle(call, { error: ours.message });
  }
  return answer(call, tools.get(call.tool), input);
}

// One request a turn: what a tool answers at once is sent before the next tool can keep the thread to itself.
const waiting = [];
let turnIsComing = false;
function startNext() {
  const { id, tool, env, input } = JSON.parse(waiting.shift());
  const call = { id, tool, env, printed: '' };
  inFlight.set(id, call);
  const run = tools.get(tool);
  void (run ? running.run(call, answer, call, run, input) : running.run(call, begin, call, input));
  turnIsComing = waiting.length > 0;
  if (turnIsComing) setImmediate(startNext);
}

const pieces = []; // of a line that has not ended yet
function receive(buffer, size) {
  let start = 0;
  for (let end = buffer.indexOf(10); end >= 0 && end < size; end = buffer.indexOf(10, start)) {
    if (pieces.length > 0) waiting.push(Buffer.concat([...pieces.splice(0), buffer.subarray(start, end)]).toString());
    else waiting.push(buffer.toString('utf8', start, end));
    start = end + 1;
  }
  if (start < size) pieces.push(Buffer.from(buffer.subarray(start, size)));
  if (waiting.length > 0 && !turnIsComing) startNext();
}

// Into one buffer: process.stdin would take a new one, and a turn of its own, for each chunk.
function takeRequests() {
  const callback = (size, buffer) => {
    receive(buffer, size);
    return true;
  };
  const onread = { buffer: Buffer.allocUnsafeSlow(kReadSize), callback };
  const requests = new Socket({ fd: 0, readable: true, writable: false, manualStart: true, onread });
  requests.on('end', () => process.exit(0)); // oe is gone
  requests.resume();
}

// --- life

// An error that no await caught: the call that caused it might never end. Where that call is not known the worker has
// to die, and oe repeats the calls apart from each other.
async function stray(thrown) {
  const call = running.getStore() ?? (inFlight.size === 1 ? [...inFlight.values()][0] : undefined);
  if (call && inFlight.has(call.id)) return settle(call, { error: await describe(thrown, call.tool) });
  printUntraced(`uncaught in a tool: ${await describe(thrown, call?.tool ?? '/')}\n`);
  if (!call && inFlight.size > 0) process.exit(1);
}

process.on('uncaughtException', (thrown) => void stray(thrown));
process.on('exit', (status) => {
  const call = running.getStore();
  if (!call || !inFlight.has(call.id)) return;
  flushPrinted(call);
  send({ id: call.id, exit: status });
});
captureStreams();
showIdentity();
takeRequests();
send({ hello: process.version });
