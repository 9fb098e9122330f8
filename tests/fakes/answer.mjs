import { sample } from './apis/schema.mjs';

const tokens = (text) => Math.ceil(text.length / 4);

function* cutUp(text, size) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

function* filler(bytes) {
  const piece = 'a'.repeat(65_536);
  for (let left = bytes; left > 0; left -= piece.length) yield left < piece.length ? piece.slice(0, left) : piece;
}

/// What a rule makes of a request, in no API's own words: ending is "done", "refused" or "truncated".
export function answerOf(asked, rule) {
  const reply = rule.reply ?? {};
  const plain = asked.schema ? JSON.stringify(sample(asked.schema)) : `You said: ${asked.turns.at(-1)?.text ?? ''}`;
  const text = reply.refusal ?? reply.truncated ?? reply.text ?? (reply.json === undefined ? plain : JSON.stringify(reply.json));
  const prompt = [asked.system ?? '', ...asked.turns.map((turn) => turn.text)].join('');
  const usage = { input: tokens(prompt), cache_read: 0, cache_write: 0, output: tokens(text), reasoning: 0, ...rule.usage };
  const huge = (rule.huge_mb ?? 0) * 1024 * 1024;
  return {
    text, huge, usage, thinking: reply.thinking ?? null, stop: reply.stop ?? null, model: reply.model ?? asked.model,
    ending: reply.refusal !== undefined ? 'refused' : reply.truncated !== undefined ? 'truncated' : 'done',
    pieces: () => (huge ? filler(huge) : cutUp(text, rule.piece ?? 8)),
  };
}
