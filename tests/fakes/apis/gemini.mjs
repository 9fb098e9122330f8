import { isObject, sse, unknownField } from './schema.mjs';

const kPath = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;
const kKnown = ['contents', 'systemInstruction', 'generationConfig', 'tools', 'toolConfig', 'safetySettings', 'cachedContent', 'labels'];
const kConfig = ['maxOutputTokens', 'temperature', 'topP', 'topK', 'seed', 'stopSequences', 'responseMimeType', 'responseJsonSchema', 'responseSchema',
  'candidateCount', 'thinkingConfig', 'responseModalities'];
const kStatus = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 402: 'FAILED_PRECONDITION', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL', 503: 'UNAVAILABLE', 504: 'DEADLINE_EXCEEDED' };

const invalid = (message) => ({ status: 400, message });
const textOf = (content) => (content?.parts ?? []).map((part) => part.text ?? '').join('');
const unknownName = (name, at) => invalid(`Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`);

function check({ path, query, body }) {
  if (kPath.exec(path)[2] === 'streamGenerateContent' && query.alt !== 'sse') return invalid('this server streams with alt=sse only');
  if (!isObject(body)) return invalid('Invalid JSON payload received.');
  const unknown = unknownField(body, kKnown);
  if (unknown) return unknownName(unknown, '');
  const config = body.generationConfig ?? {};
  const wrong = unknownField(config, kConfig);
  if (wrong) return unknownName(wrong, ' at \'generation_config\'');
  if (!Array.isArray(body.contents) || body.contents.length === 0) return invalid('* GenerateContentRequest.contents: contents is not specified');
  if (body.contents.some(({ role }) => !['user', 'model'].includes(role))) return invalid('Please use a valid role: user, model.');
  if (config.responseJsonSchema && config.responseMimeType !== 'application/json')
    return invalid('Response schema requires response_mime_type application/json');
  return null;
}

const usageOf = ({ usage }) => ({
  promptTokenCount: usage.input + usage.cache_read, cachedContentTokenCount: usage.cache_read, candidatesTokenCount: usage.output - usage.reasoning,
  thoughtsTokenCount: usage.reasoning, totalTokenCount: usage.input + usage.cache_read + usage.output,
});
const finishOf = (answer) => answer.stop ?? { done: 'STOP', refused: 'SAFETY', truncated: 'MAX_TOKENS' }[answer.ending];
const rest = (answer) => ({ usageMetadata: usageOf(answer), modelVersion: answer.model, responseId: 'resp-fake' });
const blocked = (answer) => ({ promptFeedback: { blockReason: 'SAFETY', safetyRatings: [] }, ...rest(answer) });

function partsOf(answer) {
  const thought = answer.thinking ? [{ text: answer.thinking, thought: true }] : [];
  return [...thought, { text: answer.text }];
}

function whole(answer) {
  if (answer.stop === 'blocked') return blocked(answer);
  const content = answer.ending === 'refused' ? {} : { content: { parts: partsOf(answer), role: 'model' } };
  return { candidates: [{ ...content, finishReason: finishOf(answer), index: 0 }], ...rest(answer) };
}

export const gemini = {
  name: 'gemini',
  streamType: 'text/event-stream',
  route: ({ path }) => kPath.test(path),
  check,
  whole,

  authorize({ headers, query }, script) {
    const key = headers['x-goog-api-key'] ?? query.key;
    if (!key) return { status: 403, message: "Method doesn't allow unregistered callers (callers without established identity)." };
    return script.key !== null && key !== script.key ? { status: 400, message: 'API key not valid. Please pass a valid API key.', code: 'API_KEY_INVALID' } : null;
  },

  read: ({ path, body }) => ({
    model: kPath.exec(path)[1], stream: kPath.exec(path)[2] === 'streamGenerateContent', system: textOf(body.systemInstruction),
    schema: body.generationConfig?.responseJsonSchema ?? null,
    turns: body.contents.map((content) => ({ role: content.role, text: textOf(content) })),
  }),

  *events(answer) {
    const event = (data) => sse(data).replaceAll('\n', '\r\n');
    if (answer.stop === 'blocked' || answer.ending === 'refused') return yield event(whole(answer));
    const chunk = (parts, finish) => event({ candidates: [{ content: { parts, role: 'model' }, ...finish, index: 0 }], ...rest(answer) });
    if (answer.thinking) yield chunk([{ text: answer.thinking, thought: true }]);
    let held = '';
    for (const piece of answer.pieces()) {
      if (held) yield chunk([{ text: held }]);
      held = piece;
    }
    yield chunk([{ text: held }], { finishReason: finishOf(answer) });
  },

  error: (fault) => ({
    error: { code: fault.status, message: fault.message ?? `status ${fault.status}`, status: fault.type ?? kStatus[fault.status] ?? 'INTERNAL',
             ...(fault.code && { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: fault.code, domain: 'googleapis.com' }] }) },
  }),
  errorEvent: (fault) => sse(gemini.error({ message: 'Internal error encountered.', ...fault })),
};
