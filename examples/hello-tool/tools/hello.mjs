export default function hello({ name }) {
  return { state_delta: { greeting: `Hello, ${name}!` } };
}
