/// The simplest value that fits a schema.
export function sample(schema) {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || schema.properties)
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, member]) => [name, sample(member)]));
  if (type === 'array') return schema.items ? [sample(schema.items)] : [];
  return { string: 'text', integer: 1, number: 1.5, boolean: true }[type] ?? null;
}

const kLimits = ['minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf', 'minItems', 'maxItems', 'patternProperties'];

/// What a strict API says against a schema: "at: why", or nothing.
export function strictFault(schema, at = '#') {
  if (typeof schema !== 'object' || schema === null) return `${at}: a schema must be an object`;
  if (at === '#' && schema.type !== 'object') return `${at}: the root must be of type object`;
  const limit = kLimits.find((name) => name in schema);
  if (limit) return `${at}: '${limit}' is not permitted`;
  if (schema.type === 'object' || schema.properties) {
    if (schema.additionalProperties !== false) return `${at}: 'additionalProperties' is required to be supplied and to be false`;
    const missing = Object.keys(schema.properties ?? {}).find((name) => !(schema.required ?? []).includes(name));
    if (missing) return `${at}: 'required' must name every property; '${missing}' is missing`;
  }
  const parts = { ...schema.properties, ...schema.$defs, ...(schema.items && { items: schema.items }), ...(schema.anyOf ?? []) };
  for (const [name, part] of Object.entries(parts)) {
    const fault = strictFault(part, `${at}/${name}`);
    if (fault) return fault;
  }
  return null;
}

/// The first name in `body` that an API does not know.
export const unknownField = (body, known) => Object.keys(body).find((name) => !known.includes(name));
export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/// "Bearer k" -> "k"
export const bearer = (headers) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? null;
export const sse = (data, event) => `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
