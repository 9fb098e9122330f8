// Is the licence of one dependency among those that are cleared? "MIT OR Apache-2.0" is fine when either is.
export default function checkLicence({ $item: dependency, _state }) {
  const cleared = new Set(_state.licences.map((row) => row.id));
  const choices = dependency.licence.split(' OR ');
  if (choices.some((choice) => cleared.has(choice))) return {};
  const issue = `${dependency.name} ${dependency.version} is under ${dependency.licence}, which is not cleared`;
  return { state_delta: { licence_issues: [issue] } };
}
