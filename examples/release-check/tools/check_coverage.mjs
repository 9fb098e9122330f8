export default function checkCoverage({ least_percent, _state }) {
  const coverage_issues = _state.coverage
    .map((row) => ({ ...row, percent: (100 * Number(row.lines_hit)) / Number(row.lines) }))
    .filter((row) => row.percent < least_percent)
    .map((row) => `${row.file}: ${row.percent.toFixed(1)} % of lines are covered, ${least_percent} % are asked for`);
  return { state_delta: { coverage_issues } };
}
