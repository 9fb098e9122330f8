import { isObject, sse, strictFault, unknownField } from './schema.mjs';

const kKnown = ['model', 'max_tokens', 'system', 'messages', 'output_config', 'tools', 'tool_choice', 'temperature', 'top_p', 'top_k',
  'stop_sequences', 'stream', 'metadata', 'thinking', 'service_tier', 'cache_control'];
const kTypes = { 400: 'invalid_request_error', 401: 'authentication_error', 402: 'billing_error', 403: 'permission_error', 404: 'not_found_error',
  413: 'request_too_large', 429: 'rate_limit_error', 500: 'api_error', 504: 'gateway_timeout_error', 529: 'overloaded_error' };
const invalid = (message) => ({ status: 400, type: 'invalid_request_error', message });
const textOf = (content) => (typeof content === 'string' ? content : (content ?? []).map((block) => block.text ?? '').join(''));
const breakpoints = (body) => JSON.stringify(body).split('"cache_control"').length - 1;

function checkMessages(messages) {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  for (const [index, message] of messages.entries()) {
    if (!['user', 'assistant'].includes(message?.role)) return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    if (textOf(message.content) === '') return `messages.${index}: all messages must have non-empty content`;
  }
  return null;
}

function check({ headers, body }) {
  if (!headers['anthropic-version']) return invalid('anthropic-version: header is required');
  if (headers['anthropic-version'] !== '2023-06-01') return invalid('anthropic-version: "' + headers['anthropic-version'] + '" is not a valid version');
  if (!/^application\/json/.test(headers['content-type'] ?? '')) return invalid('content-type: must be application/json');
  if (!isObject(body)) return invalid('the body must be an object');
  const unknown = unknownField(body, kKnown);
  if (unknown) return invalid(`${unknown}: Extra inputs are not permitted`);
  if (typeof body.model !== 'string' || !body.model) return invalid('model: Field required');
  if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1) return invalid('max_tokens: Field required');
  if (body.temperature !== undefined && !(body.temperature >= 0 && body.temperature <= 1)) return invalid('temperature: range: 0..1');
  const wrong = checkMessages(body.messages);
  if (wrong) return invalid(wrong);
  if (breakpoints(body) > 4) return invalid(`A maximum of 4 blocks with cache_control may be provided. Found ${breakpoints(body)}.`);
  const schema = schemaOf(body);
  const fault = schema && strictFault(schema);
  return fault ? invalid(`output schema: ${fault}`) : null;
}

const forcedTool = (body) => (body.tool_choice?.type === 'tool' ? body.tools?.find((tool) => tool.name === body.tool_choice.name) : null);
const schemaOf = (body) => body.output_config?.format?.schema ?? forcedTool(body)?.input_schema ?? null;
const stopOf = (answer, tool) => answer.stop ?? { done: tool ? 'tool_use' : 'end_turn', refused: 'refusal', truncated: 'max_tokens' }[answer.ending];

const usageOf = ({ usage }) => ({
  input_tokens: usage.input, cache_creation_input_tokens: usage.cache_write, cache_read_input_tokens: usage.cache_read,
  cache_creation: { ephemeral_5m_input_tokens: usage.cache_write, ephemeral_1h_input_tokens: 0 }, output_tokens: usage.output, service_tier: 'standard',
});
const message = (answer, content, stop, usage) => ({ id: 'msg_fake', type: 'message', role: 'assistant', model: answer.model, content, stop_reason: stop, stop_sequence: null, usage });
const parsed = (text) => { try { return JSON.parse(text); } catch { return {}; } };

export const anthropic = {
  name: 'anthropic',
  streamType: 'text/event-stream; charset=utf-8',
  route: ({ path }) => path === '/v1/messages',
  headers: () => ({ 'request-id': 'req_fake' }),
  check,

  authorize({ headers }, script) {
    const key = headers['x-api-key'];
    if (!key) return { status: 401, type: 'authentication_error', message: 'x-api-key header is required' };
    return script.key !== null && key !== script.key ? { status: 401, type: 'authentication_error', message: 'invalid x-api-key' } : null;
  },

  read: ({ body }) => ({
    model: body.model, system: textOf(body.system), stream: body.stream === true, schema: schemaOf(body), tool: forcedTool(body)?.name ?? null,
    turns: body.messages.map(({ role, content }) => ({ role, text: textOf(content) })),
  }),

  whole(answer, asked) {
    const content = answer.thinking ? [{ type: 'thinking', thinking: answer.thinking, signature: 'c2ln' }] : [];
    if (asked?.tool && answer.ending !== 'refused') content.push({ type: 'tool_use', id: 'toolu_fake', name: asked.tool, input: parsed(answer.text) });
    else if (answer.text) content.push({ type: 'text', text: answer.text });
    return message(answer, content, stopOf(answer, asked?.tool), usageOf(answer));
  },

  *events(answer, asked) {
    const event = (data) => sse(data, data.type);
    yield event({ type: 'message_start', message: message(answer, [], null, { ...usageOf(answer), output_tokens: 1 }) });
    let index = 0;
    if (answer.thinking) {
      yield event({ type: 'content_block_start', index, content_block: { type: 'thinking', thinking: '', signature: '' } });
      yield event({ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking: answer.thinking } });
      yield event({ type: 'content_block_delta', index, delta: { type: 'signature_delta', signature: 'c2ln' } });
      yield event({ type: 'content_block_stop', index: index++ });
    }
    const tool = answer.ending === 'refused' ? null : asked.tool;
    yield event({ type: 'content_block_start', index, content_block: tool ? { type: 'tool_use', id: 'toolu_fake', name: tool, input: {} } : { type: 'text', text: '' } });
    yield event({ type: 'ping' });
    for (const piece of answer.pieces())
      yield event({ type: 'content_block_delta', index, delta: tool ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece } });
    yield event({ type: 'content_block_stop', index });
    yield event({ type: 'message_delta', delta: { stop_reason: stopOf(answer, tool), stop_sequence: null }, usage: { output_tokens: answer.usage.output } });
    yield event({ type: 'message_stop' });
  },

  error: (fault) => ({ type: 'error', error: { type: fault.type ?? kTypes[fault.status] ?? 'api_error', message: fault.message ?? `status ${fault.status}` }, request_id: 'req_fake' }),
  errorEvent: (fault) => sse({ type: 'error', error: { type: fault.type ?? 'overloaded_error', message: fault.message ?? 'Overloaded' } }, 'error'),
};
