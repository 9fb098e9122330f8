import { readFile } from 'node:fs/promises';

export default async function readManifest({ file }) {
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  return { state_delta: { manifest } };
}
