import { act, parse, refuse, standardInput } from './agent.mjs';

const kOptions = {
  '-p': '--prompt', '--prompt': 'value', '-m': '--model', '--model': 'value', '-o': '--output-format', '--output-format': 'value', '-y': '--yolo', '--yolo': 'flag',
  '--approval-mode': 'value', '-s': '--sandbox', '--sandbox': 'flag', '-d': '--debug', '--debug': 'flag', '--include-directories': 'value', '-e': '--extensions', '--extensions': 'values',
  '--allowed-tools': 'values', '--allowed-mcp-server-names': 'values',
};

function stats({ usage }, model) {
  const prompt = usage.input + usage.cache_read, candidates = usage.output - usage.reasoning;
  const tokens = { input: usage.input, prompt, candidates, total: prompt + usage.output, cached: usage.cache_read, thoughts: usage.reasoning, tool: 0 };
  return { models: { [model]: { api: { totalRequests: 1, totalErrors: 0, totalLatencyMs: 1100 }, tokens } },
           tools: { totalCalls: 0, totalSuccess: 0, totalFail: 0, totalDurationMs: 0, byName: {} }, files: { totalLinesAdded: 0, totalLinesRemoved: 0 } };
}

/// Gemini CLI without a terminal: the prompt is --prompt or a word, with standard input in front of it, or that alone.
export async function main(argv) {
  const { options, words } = parse(argv, kOptions, (name, why) => refuse(why ? `Not enough arguments following: ${name.replace(/^-+/, '')}` : `Unknown argument: ${name.replace(/^-+/, '')}`, 1));
  const format = options['--output-format'] ?? 'text';
  if (!['text', 'json', 'stream-json'].includes(format)) refuse(`Invalid values:\n  Argument: output-format, Given: "${format}", Choices: "text", "json", "stream-json"`, 1);
  if (options['--prompt'] !== undefined && words.length > 0) refuse('Cannot use both a positional prompt and the --prompt (-p) flag together', 1);
  if (options['--yolo'] && options['--approval-mode']) refuse('Cannot use both --yolo (-y) and --approval-mode together. Use --approval-mode=yolo instead.', 1);
  const stdin = standardInput();
  const prompt = [stdin, options['--prompt'] ?? words.join(' ')].filter((part) => part.trim()).join('\n\n');
  if (!prompt) refuse('No input provided via stdin. Input can be provided by piping data into gemini or using the --prompt option.', 42);
  const model = options['--model'] ?? 'gemini-fake-pro';
  const said = await act({ agent: 'gemini', model, prompt, stdin });
  if (!said) return;
  if (said.error) {
    process.exitCode = 1;
    const told = format === 'json' ? JSON.stringify({ session_id: 'fake', error: { type: 'Error', message: said.error, code: 1 } }, null, 2) : said.error;
    return process.stderr.write(`${told}\n`);
  }
  process.stdout.write(format === 'text' ? `${said.text}\n` : `${JSON.stringify({ session_id: 'fake', response: said.text, stats: stats(said, model) }, null, 2)}\n`);
}
