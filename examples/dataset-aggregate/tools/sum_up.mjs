export default function sumUp({ _state }) {
  const totals = {};
  for (const order of _state.orders) {
    const cents = Math.round(Number(order.price) * 100) * Number(order.quantity);
    totals[order.region] = (totals[order.region] ?? 0) + cents;
  }
  for (const region of Object.keys(totals)) totals[region] /= 100;
  return { state_delta: { totals } };
}
