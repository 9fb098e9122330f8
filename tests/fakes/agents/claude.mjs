import { act, parse, refuse, standardInput } from './agent.mjs';

const kOptions = {
  '-p': '--print', '--print': 'flag', '--output-format': 'value', '--input-format': 'value', '--model': 'value', '--fallback-model': 'value', '--verbose': 'flag',
  '--max-turns': 'value', '--max-budget-usd': 'value', '--permission-mode': 'value', '--dangerously-skip-permissions': 'flag', '--append-system-prompt': 'value',
  '--system-prompt': 'value', '--allowedTools': 'values', '--allowed-tools': 'values', '--disallowedTools': 'values', '--add-dir': 'values', '--tools': 'values',
  '--mcp-config': 'values', '--settings': 'value', '--json-schema': 'value', '-c': '--continue', '--continue': 'flag', '-r': '--resume', '--resume': 'value',
  '--session-id': 'value', '--no-session-persistence': 'flag',
};

const usageOf = (usage) => ({ input_tokens: usage.input, cache_creation_input_tokens: usage.cache_write, cache_read_input_tokens: usage.cache_read,
                              output_tokens: usage.output, server_tool_use: { web_search_requests: 0 }, service_tier: 'standard' });

function envelope(said, model) {
  const usd = said.usd ?? 0;
  const per = { inputTokens: said.usage.input, outputTokens: said.usage.output, cacheReadInputTokens: said.usage.cache_read, cacheCreationInputTokens: said.usage.cache_write, webSearchRequests: 0, costUSD: usd };
  return { type: 'result', subtype: said.error ? 'error_during_execution' : 'success', is_error: said.error !== null, duration_ms: 1200, duration_api_ms: 1100, num_turns: 1,
           ...(said.error ? { errors: [said.error] } : { result: said.text }), session_id: '00000000-0000-4000-8000-000000000000', total_cost_usd: usd,
           usage: usageOf(said.usage), modelUsage: { [model]: per }, permission_denials: [], uuid: '00000000-0000-4000-8000-000000000001' };
}

/// Claude Code in print mode: -p is a flag, the prompt a word or standard input (both: one after the other).
export async function main(argv) {
  const { options, words } = parse(argv, kOptions, (name, why) => refuse(why ? `error: option '${name}' ${why}` : `error: unknown option '${name}'`, 1));
  const format = options['--output-format'] ?? 'text';
  if (!['text', 'json', 'stream-json'].includes(format)) refuse(`error: option '--output-format <format>' argument '${format}' is invalid. Allowed choices are text, json, stream-json.`, 1);
  if (!options['--print']) refuse('this fake has no interactive mode: use -p', 1);
  if (format === 'stream-json' && !options['--verbose']) refuse('Error: When using --print, --output-format=stream-json requires --verbose', 1);
  const stdin = standardInput();
  const prompt = [words.join(' '), stdin].filter((part) => part.trim()).join('\n');
  if (!prompt) refuse('Error: Input must be provided either through stdin or as a prompt argument when using --print', 1);
  const model = options['--model'] ?? 'claude-sonnet-fake';
  const said = await act({ agent: 'claude', model, prompt, stdin });
  if (!said) return;
  if (said.error) process.exitCode = 1;
  process.stdout.write(format === 'text' ? `${said.error ?? said.text}\n` : `${JSON.stringify(envelope(said, model))}\n`);
}
