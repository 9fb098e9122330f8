import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { act, parse, refuse, standardInput } from './agent.mjs';

const kOptions = {
  '--json': 'flag', '--experimental-json': '--json', '--skip-git-repo-check': 'flag', '-m': '--model', '--model': 'value', '-C': '--cd', '--cd': 'value',
  '-s': '--sandbox', '--sandbox': 'value', '--full-auto': 'flag', '--dangerously-bypass-approvals-and-sandbox': 'flag', '--yolo': 'flag', '-c': '--config', '--config': 'value',
  '-p': '--profile', '--profile': 'value', '--output-schema': 'value', '-o': '--output-last-message', '--output-last-message': 'value', '--color': 'value', '--add-dir': 'value',
  '-i': '--image', '--image': 'value', '--oss': 'flag', '--ephemeral': 'flag',
};

const isInRepository = (directory) => existsSync(join(directory, '.git')) || (dirname(directory) !== directory && isInRepository(dirname(directory)));
const line = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

function printEvents(said) {
  line({ type: 'thread.started', thread_id: '00000000-0000-7000-8000-000000000000' });
  line({ type: 'turn.started' });
  if (said.error) {
    line({ type: 'error', message: said.error });
    return line({ type: 'turn.failed', error: { message: said.error } });
  }
  line({ type: 'item.completed', item: { id: 'item_0', type: 'reasoning', text: '**Thinking about it**' } });
  line({ type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text: said.text } });
  const { usage } = said;
  line({ type: 'turn.completed', usage: { input_tokens: usage.input + usage.cache_read, cached_input_tokens: usage.cache_read, output_tokens: usage.output, reasoning_output_tokens: usage.reasoning } });
}

/// codex exec: the prompt is the one word after it, or standard input when there is none or it is "-".
export async function main([command, ...argv]) {
  if (command !== 'exec' && command !== 'e') refuse('this fake knows "codex exec" only', 2);
  const { options, words } = parse(argv, kOptions, (name, why) => refuse(why ? `error: a value is required for '${name} <VALUE>' but none was supplied` : `error: unexpected argument '${name}' found`, 2));
  if (words.length > 1) refuse(`error: unexpected argument '${words[1]}' found`, 2);
  if (options['--sandbox'] && !['read-only', 'workspace-write', 'danger-full-access'].includes(options['--sandbox'])) refuse(`error: invalid value '${options['--sandbox']}' for '--sandbox <SANDBOX_MODE>'`, 2);
  if (!options['--skip-git-repo-check'] && !isInRepository(options['--cd'] ?? process.cwd())) refuse('Not inside a trusted directory and --skip-git-repo-check was not specified.', 1);
  const stdin = words.length === 0 || words[0] === '-' ? standardInput() : '';
  const prompt = words.length === 0 || words[0] === '-' ? stdin : words[0];
  if (!prompt.trim()) refuse('No prompt provided via stdin.', 1);
  const said = await act({ agent: 'codex', model: options['--model'] ?? 'gpt-fake-codex', prompt, stdin });
  if (!said) return;
  if (said.error) process.exitCode = 1;
  if (options['--json']) return printEvents(said);
  process.stderr.write(`OpenAI Codex (fake)\n--------\nuser\n${prompt}\n\ncodex\n`);
  if (said.error) process.stderr.write(`ERROR: ${said.error}\n`);
  else process.stdout.write(`${said.text}\n`);
}
