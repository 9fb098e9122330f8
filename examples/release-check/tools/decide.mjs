export default function decide({ _state }) {
  const { manifest, changelog_issues, page_issues, coverage_issues, licence_issues = [], missing_files } = _state;
  const blocking = [...changelog_issues, ...licence_issues, ...missing_files.map((file) => `${file} is missing`)];
  const advisory = [...(page_issues ?? []), ...coverage_issues];
  const verdict = { release: `${manifest.name} ${manifest.version}`, go: blocking.length === 0, blocking, advisory };
  return { state_delta: { verdict } };
}
