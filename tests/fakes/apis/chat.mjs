import { authorizeKey, errorOf, headersOf, invalid } from './openai_error.mjs';
import { bearer, isObject, sse, strictFault, unknownField } from './schema.mjs';

const kKnown = ['model', 'messages', 'max_completion_tokens', 'max_tokens', 'seed', 'response_format', 'stream', 'stream_options', 'temperature', 'top_p', 'n',
  'stop', 'tools', 'tool_choice', 'parallel_tool_calls', 'user', 'metadata', 'store', 'reasoning_effort', 'prediction', 'prompt_cache_key', 'service_tier',
  'logprobs', 'presence_penalty', 'frequency_penalty'];
const kRoles = ['system', 'developer', 'user', 'assistant', 'tool'];
const kAzure = /^\/openai\/deployments\/([^/]+)\/chat\/completions$/;

const textOf = (content) => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''));
const isSystem = ({ role }) => role === 'developer' || role === 'system';
const isAzure = ({ path }) => path.startsWith('/openai/');

function checkFormat(format) {
  if (format?.type !== 'json_schema') return null;
  const { name, strict, schema } = format.json_schema ?? {};
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name ?? '')) return invalid("Missing required parameter: 'response_format.json_schema.name'.", 'response_format.json_schema.name');
  const fault = strict && strictFault(schema);
  return fault ? { ...invalid(`Invalid schema for response_format '${name}': ${fault}`, 'response_format'), code: 'invalid_json_schema' } : null;
}

function check(call) {
  const { path, query, headers, body } = call;
  if (kAzure.test(path) && !query['api-version']) return { status: 404, message: 'Resource not found', code: '404' };
  if (!/^application\/json/.test(headers['content-type'] ?? '')) return invalid('Unsupported content type', null);
  if (!isObject(body)) return invalid('the body must be an object');
  const unknown = unknownField(body, kKnown);
  if (unknown) return invalid(`Unrecognized request argument supplied: ${unknown}`, unknown);
  if (!kAzure.test(path) && !body.model) return invalid('you must provide a model parameter', 'model');
  if (!Array.isArray(body.messages) || body.messages.length === 0) return invalid("Missing required parameter: 'messages'.", 'messages');
  const wrong = body.messages.findIndex((message) => !kRoles.includes(message.role));
  if (wrong >= 0) return invalid(`Invalid value: '${body.messages[wrong].role}'.`, `messages[${wrong}].role`);
  if (body.max_tokens !== undefined && body.max_completion_tokens !== undefined)
    return invalid("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", 'max_tokens');
  if (body.stream_options !== undefined && body.stream !== true) return invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  return checkFormat(body.response_format);
}

function usageOf({ usage }) {
  const prompt = usage.input + usage.cache_read + usage.cache_write;
  return { prompt_tokens: prompt, completion_tokens: usage.output, total_tokens: prompt + usage.output,
           prompt_tokens_details: { cached_tokens: usage.cache_read, cache_write_tokens: usage.cache_write },
           completion_tokens_details: { reasoning_tokens: usage.reasoning, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 } };
}

const finishOf = (answer) => answer.stop ?? { done: 'stop', refused: 'stop', truncated: 'length' }[answer.ending];
const said = (answer, text) => (answer.ending === 'refused' ? { content: null, refusal: text } : { content: text });

export const chat = {
  name: 'chat',
  streamType: 'text/event-stream',
  route: ({ path }) => path === '/v1/chat/completions' || path === '/openai/v1/chat/completions' || kAzure.test(path),
  headers: headersOf,
  check,
  error: errorOf,

  authorize(call, script) {
    if (script.keyless) return null;
    return authorizeKey(isAzure(call) ? call.headers['api-key'] ?? bearer(call.headers) : bearer(call.headers), script);
  },

  read: ({ path, body }) => ({
    model: body.model ?? kAzure.exec(path)[1], stream: body.stream === true, with_usage: body.stream_options?.include_usage === true,
    schema: body.response_format?.json_schema?.schema ?? null,
    system: body.messages.filter(isSystem).map((message) => textOf(message.content)).join('\n'),
    turns: body.messages.filter((message) => !isSystem(message)).map((message) => ({ role: message.role, text: textOf(message.content) })),
  }),

  whole: (answer) => ({
    id: 'chatcmpl-fake', object: 'chat.completion', created: 1700000000, model: answer.model, system_fingerprint: 'fp_fake', usage: usageOf(answer),
    choices: [{ index: 0, logprobs: null, finish_reason: finishOf(answer), message: { role: 'assistant', refusal: null, ...said(answer, answer.text),
      ...(answer.thinking && { reasoning_content: answer.thinking }) } }],
  }),

  *events(answer, asked) {
    const chunk = (rest) => sse({ id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: 1700000000, model: answer.model, ...(asked.with_usage && { usage: null }), ...rest });
    const choice = (delta, finish = null) => chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
    yield choice({ role: 'assistant', ...said(answer, '') });
    if (answer.thinking) yield choice({ reasoning_content: answer.thinking });
    for (const piece of answer.pieces()) yield choice(said(answer, piece));
    yield choice({}, finishOf(answer));
    if (asked.with_usage) yield chunk({ choices: [], usage: usageOf(answer) });
    yield sse('[DONE]');
  },

  errorEvent: (fault) => sse(errorOf({ type: 'server_error', message: 'The server had an error', ...fault })),
};
