import { act, nap } from './effect.mjs';

export default async ({ _state }) => {
  act();
  await nap(10);
  return { state_delta: { round: _state.round + 1, rounds: [`round ${_state.round + 1}`] } };
};
