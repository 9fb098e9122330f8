import { act, nap } from './effect.mjs';

export default async ({ write, nap: ms = 10 }) => {
  act();
  await nap(ms);
  return { state_delta: write };
};
