// Lists the components of a CycloneDX bill of materials.
import { readFile } from 'node:fs/promises';

export default async function readMaterials({ file }) {
  const bom = JSON.parse(await readFile(file, 'utf8'));
  const dependencies = bom.components.map(({ name, version, licenses }) => ({
    name,
    version,
    licence: licenses?.[0]?.license.id ?? null,
  }));
  return { state_delta: { dependencies } };
}
