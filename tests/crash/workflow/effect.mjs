import { appendFileSync, mkdirSync } from 'node:fs';

const effects = process.env.CRASH_EFFECTS;

// Notes the attempt with one write and does its side effect once, whatever comes.
export function act() {
  const { OE_IDEMPOTENCY_KEY: key, OE_ATTEMPT: attempt } = process.env;
  appendFileSync(`${effects}/attempts`, `${key} ${attempt}\n`);
  mkdirSync(`${effects}/done/${key}/+`, { recursive: true });
}

// True for the first call of a key ever.
export function isFirst() {
  return mkdirSync(`${effects}/tried/${process.env.OE_IDEMPOTENCY_KEY}/+`, { recursive: true }) !== undefined;
}

export const nap = (ms) => new Promise((awake) => setTimeout(awake, ms));
