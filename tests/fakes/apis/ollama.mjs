import { isObject } from './schema.mjs';

const kRoles = ['system', 'user', 'assistant', 'tool'];

function check({ body }) {
  if (!isObject(body)) return { status: 400, message: 'invalid character in the body' };
  if (!body.model) return { status: 400, message: 'model is required' };
  if (!Array.isArray(body.messages)) return { status: 400, message: 'messages must be a list' };
  const wrong = body.messages.find((message) => !kRoles.includes(message.role));
  return wrong ? { status: 400, message: `invalid role: ${wrong.role}` } : null;
}

const line = (data) => `${JSON.stringify(data)}\n`;
const chunk = (answer, content, more) => ({ model: answer.model, created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content }, done: false, ...more });
const ended = (answer) => ({
  done: true, done_reason: answer.stop ?? (answer.ending === 'truncated' ? 'length' : 'stop'), total_duration: 5_000_000, load_duration: 1_000_000,
  prompt_eval_count: answer.usage.input, prompt_eval_duration: 1_000_000, eval_count: answer.usage.output, eval_duration: 3_000_000,
});
const thought = (answer) => (answer.thinking ? { thinking: answer.thinking } : {});

/// Native API of Ollama. It has no refusals of its own: they are text.
export const ollama = {
  name: 'ollama',
  streamType: 'application/x-ndjson',
  route: ({ path }) => path === '/api/chat',
  authorize: () => null,
  check,

  read: ({ body }) => ({
    model: body.model, stream: body.stream !== false, schema: isObject(body.format) ? body.format : null,
    system: body.messages.filter(({ role }) => role === 'system').map(({ content }) => content).join('\n'),
    turns: body.messages.filter(({ role }) => role !== 'system').map(({ role, content }) => ({ role, text: content })),
  }),

  whole: (answer) => chunk(answer, '', { message: { role: 'assistant', content: answer.text, ...thought(answer) }, ...ended(answer) }),

  *events(answer) {
    if (answer.thinking) yield line(chunk(answer, '', { message: { role: 'assistant', content: '', ...thought(answer) } }));
    for (const piece of answer.pieces()) yield line(chunk(answer, piece));
    yield line(chunk(answer, '', ended(answer)));
  },

  error: (fault) => ({ error: fault.message ?? `status ${fault.status}` }),
  errorEvent: (fault) => line({ error: fault.message ?? 'an error was encountered while running the model' }),
};
