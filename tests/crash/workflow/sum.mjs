import { act } from './effect.mjs';

export default ({ _state }) => {
  act();
  return { state_delta: { sum: Object.fromEntries(Object.entries(_state).map(([k, v]) => [k, v.length])) } };
};
