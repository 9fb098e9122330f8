import { act, isFirst, nap } from './effect.mjs';

// Fails the first time that it is called with a key.
export default async () => {
  act();
  await nap(10);
  if (isFirst()) throw new Error('not yet');
  return { state_delta: { flaky: 'at last' } };
};
