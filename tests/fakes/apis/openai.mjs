import { authorizeKey, errorOf, headersOf, invalid } from './openai_error.mjs';
import { bearer, isObject, sse, strictFault, unknownField } from './schema.mjs';

const kKnown = ['model', 'input', 'instructions', 'max_output_tokens', 'text', 'tools', 'tool_choice', 'temperature', 'top_p', 'stream', 'stream_options',
  'store', 'metadata', 'reasoning', 'prompt_cache_key', 'prompt_cache_retention', 'parallel_tool_calls', 'include', 'user', 'truncation',
  'previous_response_id', 'service_tier', 'safety_identifier'];

const textOf = (content) => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''));
const items = (body) => (typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input);
const isSystem = ({ role }) => role === 'developer' || role === 'system';

function check({ headers, body }) {
  if (!/^application\/json/.test(headers['content-type'] ?? '')) return invalid('Unsupported content type', null);
  if (!isObject(body)) return invalid('the body must be an object');
  const unknown = unknownField(body, kKnown);
  if (unknown) return invalid(`Unknown parameter: '${unknown}'.`, unknown);
  if (typeof body.model !== 'string' || !body.model) return invalid("Missing required parameter: 'model'.", 'model');
  if (body.input === undefined || items(body).length === 0) return invalid("Missing required parameter: 'input'.", 'input');
  const wrong = items(body).findIndex((item) => !['user', 'assistant', 'developer', 'system'].includes(item.role));
  if (wrong >= 0) return invalid(`Invalid value: '${items(body)[wrong].role}'.`, `input[${wrong}].role`);
  if (body.max_output_tokens !== undefined && !(body.max_output_tokens >= 16)) return invalid("Invalid 'max_output_tokens': minimum is 16.", 'max_output_tokens');
  const format = body.text?.format;
  if (format?.type !== 'json_schema') return null;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(format.name ?? '')) return invalid("Missing required parameter: 'text.format.name'.", 'text.format.name');
  const fault = format.strict && strictFault(format.schema);
  return fault ? { ...invalid(`Invalid schema for response_format '${format.name}': ${fault}`, 'text.format.schema'), code: 'invalid_json_schema' } : null;
}

function contentOf(answer) {
  return answer.ending === 'refused' ? { type: 'refusal', refusal: answer.text } : { type: 'output_text', text: answer.text, annotations: [], logprobs: [] };
}

function response(answer, status, output, usage) {
  return { id: 'resp_fake', object: 'response', created_at: 1700000000, status, error: null, model: answer.model, output, usage,
           incomplete_details: status === 'incomplete' ? { reason: answer.stop ?? 'max_output_tokens' } : null };
}

function whole(answer) {
  const { usage } = answer;
  const status = answer.ending === 'truncated' || answer.stop === 'content_filter' ? 'incomplete' : 'completed';
  const reasoning = answer.thinking ? [{ id: 'rs_fake', type: 'reasoning', summary: [{ type: 'summary_text', text: answer.thinking }] }] : [];
  const input = usage.input + usage.cache_read + usage.cache_write;
  return response(answer, status, [...reasoning, { id: 'msg_fake', type: 'message', status, role: 'assistant', content: [contentOf(answer)] }], {
    input_tokens: input, input_tokens_details: { cached_tokens: usage.cache_read, cache_write_tokens: usage.cache_write },
    output_tokens: usage.output, output_tokens_details: { reasoning_tokens: usage.reasoning }, total_tokens: input + usage.output });
}

export const openai = {
  name: 'openai',
  streamType: 'text/event-stream; charset=utf-8',
  route: ({ path }) => path === '/v1/responses' || path === '/openai/v1/responses',
  headers: headersOf,
  authorize: ({ path, headers }, script) => authorizeKey(path.startsWith('/openai/') ? headers['api-key'] ?? bearer(headers) : bearer(headers), script),
  check,
  whole,
  error: errorOf,

  read: ({ body }) => ({
    model: body.model, stream: body.stream === true, schema: body.text?.format?.type === 'json_schema' ? body.text.format.schema : null,
    system: [body.instructions, ...items(body).filter(isSystem).map((item) => textOf(item.content))].filter(Boolean).join('\n'),
    turns: items(body).filter((item) => !isSystem(item)).map((item) => ({ role: item.role, text: textOf(item.content) })),
  }),

  *events(answer) {
    let number = 0;
    const event = (type, data) => sse({ type, sequence_number: number++, ...data }, type);
    const at = { item_id: 'msg_fake', output_index: 0, content_index: 0 };
    const name = answer.ending === 'refused' ? 'refusal' : 'output_text';
    const part = contentOf(answer);
    const done = answer.huge ? { ...whole(answer), output: [] } : whole(answer);
    yield event('response.created', { response: response(answer, 'in_progress', [], null) });
    yield event('response.in_progress', { response: response(answer, 'in_progress', [], null) });
    yield event('response.output_item.added', { output_index: 0, item: { id: 'msg_fake', type: 'message', status: 'in_progress', role: 'assistant', content: [] } });
    yield event('response.content_part.added', { ...at, part: { ...part, [name === 'refusal' ? 'refusal' : 'text']: '' } });
    for (const piece of answer.pieces()) yield event(`response.${name}.delta`, { ...at, delta: piece });
    yield event(`response.${name}.done`, { ...at, [name === 'refusal' ? 'refusal' : 'text']: answer.text });
    yield event('response.content_part.done', { ...at, part });
    yield event('response.output_item.done', { output_index: 0, item: done.output.at(-1) ?? null });
    yield event(`response.${done.status}`, { response: done });
  },

  errorEvent: (fault) => sse({ type: 'error', sequence_number: 9, code: fault.code ?? 'server_error', message: fault.message ?? 'The server had an error', param: null }, 'error'),
};
