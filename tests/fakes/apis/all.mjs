import { anthropic } from './anthropic.mjs';
import { openai } from './openai.mjs';
import { chat } from './chat.mjs';
import { gemini } from './gemini.mjs';
import { ollama } from './ollama.mjs';

/// Each API: name; route(call): true when the path is its own; authorize(call, script) and check(call): a fault
/// {status, type, message} or nothing; read(call): {model, system, turns, stream, schema}; whole(answer): the body of
/// an answer that does not stream; events(answer, asked): the texts of a stream, in order; streamType; error(fault): the
/// body of an error; errorEvent(fault): the same in the middle of a stream; headers(): its own.
export const apis = [anthropic, openai, chat, gemini, ollama];
