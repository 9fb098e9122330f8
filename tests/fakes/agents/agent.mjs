// What the fake coding agents of tests/fakes/bin (claude, codex, gemini) have in common. They refuse arguments as the
// real ones do, take the prompt where those take it, and print their envelopes; put the directory in front of PATH.
//
// FAKE_AGENT_SCRIPT names a file {"rules": [RULE...]}; the first rule that fits answers, without one: "You said: PROMPT".
//   "when": {"api": "claude" | "codex" | "gemini", "prompt": "substring" or "/regex/i", "model": "m", "call": 2 or [1, 3]}
//   "times": 2                               used so often, then passed over
//   "reply": {"text": "..."} | {"json": ...}
//   "usage": {"input", "cache_read", "cache_write", "output", "reasoning"}, "usd": 0.0123
//   "error": "why"                           the agent's own way of saying that it failed (exit 1)
//   "exit": 3, "stderr": "...", "stdout": "in place of the envelope"
//   "delay_ms": 100, "hang": true, "files": {"name": "content"}  written into the working directory
// Each call adds a line to FAKE_AGENT_SCRIPT.log: {"agent","argv","prompt","stdin","cwd","environment": [names],"rule"};
// calls are counted by it, over all agents; two at the same moment may get the same number.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { setTimeout as sleep } from 'node:timers/promises';
import { Script } from '../script.mjs';

/// Ends as a program does that was started wrongly.
export function refuse(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/// Sorts arguments by a table {"--model": "value" | "flag" | "values" (all up to the next option)}; "-m" may name another
/// row. `unknown` is called with an option that the table lacks.
export function parse(argv, table, unknown) {
  const options = {}, words = [];
  for (let at = 0; at < argv.length; ++at) {
    const [given, inline] = argv[at].startsWith('--') && argv[at].includes('=') ? argv[at].split(/=(.*)/s) : [argv[at]];
    if (!given.startsWith('-') || given === '-') { words.push(given); continue; }
    const name = table[given]?.startsWith('-') ? table[given] : given;
    if (table[name] === undefined) unknown(given);
    else if (table[name] === 'flag') options[name] = true;
    else if (table[name] === 'values') { options[name] = []; while (at + 1 < argv.length && !argv[at + 1].startsWith('-')) options[name].push(argv[++at]); }
    else if (inline === undefined && (at + 1 >= argv.length || argv[at + 1].startsWith('--'))) unknown(given, 'argument missing');
    else options[name] = inline ?? argv[++at];
  }
  return { options, words };
}

/// All of standard input; "" from a terminal.
export function standardInput() {
  if (isatty(0)) return '';
  try { return readFileSync(0, 'utf8'); } catch { return ''; }
}

function scripted(call) {
  const file = process.env.FAKE_AGENT_SCRIPT;
  if (!file) return {};
  const past = existsSync(`${file}.log`) ? readFileSync(`${file}.log`, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
  const { rule, index } = new Script(JSON.parse(readFileSync(file, 'utf8')), past).pick(call.agent, { model: call.model, stream: false, schema: null }, call.prompt);
  appendFileSync(`${file}.log`, `${JSON.stringify({ ...call, argv: process.argv.slice(2), cwd: process.cwd(), environment: Object.keys(process.env).sort(), rule: index })}\n`);
  return rule;
}

const tokens = (text) => Math.ceil(text.length / 4);

/// What the script says to a prompt: {text, usage, usd, error, model}; ends the program where it says so.
export async function act(call) {
  const rule = scripted(call);
  if (rule.delay_ms) await sleep(rule.delay_ms);
  if (rule.hang) await new Promise(() => setInterval(() => {}, 1000));
  for (const [name, content] of Object.entries(rule.files ?? {})) writeFileSync(name, content);
  if (rule.stderr) process.stderr.write(rule.stderr);
  if (rule.stdout !== undefined) process.stdout.write(rule.stdout);
  if (rule.exit !== undefined || rule.stdout !== undefined) { process.exitCode = rule.exit ?? 0; return null; }
  const text = rule.reply?.text ?? (rule.reply?.json === undefined ? `You said: ${call.prompt}` : JSON.stringify(rule.reply.json));
  const usage = { input: tokens(call.prompt), cache_read: 0, cache_write: 0, output: tokens(text), reasoning: 0, ...rule.usage };
  return { text, usage, usd: rule.usd ?? null, error: rule.error ?? null };
}
