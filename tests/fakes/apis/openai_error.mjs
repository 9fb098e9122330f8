const kTypes = { 401: 'invalid_request_error', 403: 'insufficient_permissions', 429: 'rate_limit_error', 500: 'server_error', 503: 'server_error' };
const kCodes = { 401: 'invalid_api_key', 404: 'model_not_found', 429: 'rate_limit_exceeded' };

/// The error body of OpenAI's two APIs.
export const errorOf = (fault) => ({
  error: { message: fault.message ?? `status ${fault.status}`, type: fault.type ?? kTypes[fault.status] ?? 'invalid_request_error',
           param: fault.param ?? null, code: fault.code ?? kCodes[fault.status] ?? null },
});
export const invalid = (message, param) => ({ status: 400, type: 'invalid_request_error', message, param });

export function authorizeKey(key, script) {
  if (!key) return { status: 401, message: "You didn't provide an API key.", code: null };
  return script.key !== null && key !== script.key ? { status: 401, message: 'Incorrect API key provided.' } : null;
}
export const headersOf = () => ({ 'x-request-id': 'req_fake', 'openai-processing-ms': '5' });
