// A change may be merged when nothing that is both real and grave was found.
const GRAVE = ["high", "critical"];

export default function decide({ _state }) {
  const real = (_state.verified ?? []).filter((finding) => finding.is_real);
  const blocking = real.filter((finding) => GRAVE.includes(finding.severity)).map((finding) => finding.title);
  const remarks = real.filter((finding) => !GRAVE.includes(finding.severity)).map((finding) => finding.title);
  return { state_delta: { verdict: { merge: blocking.length === 0, blocking, remarks } } };
}
