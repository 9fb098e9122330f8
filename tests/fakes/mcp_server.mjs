// A server of the Model Context Protocol for tests, on standard input and output. How it behaves is its first argument:
//   list, object, text, blob, many   what resources/read gives; "many" has one content of each kind
//   refuse                           it knows no such resource
//   odd                              an answer without contents
//   deaf                             it never answers resources/read
//   rude                             it will not be initialized
//   chatty                           as list, with lines that are no messages, notifications, a ping that it wants answered
//                                    and a request for what nobody offered, before it answers
//   dies                             it ends when it is asked
// It checks that it is spoken to in order: initialize, notifications/initialized, resources/read.
import { createInterface } from 'node:readline';

const manner = process.argv[2];
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const contents = {
  list: [{ uri: 'u', text: '[{"id":1},{"id":2}]', mimeType: 'application/json' }],
  object: [{ uri: 'u', text: ' {"id":1}' }],
  text: [{ uri: 'u', text: 'hello', mimeType: 'text/plain' }],
  blob: [{ uri: 'u', blob: 'AAEC', mimeType: 'image/png' }],
};
contents.many = [...contents.list, ...contents.object, ...contents.text, ...contents.blob, { uri: 'u', text: '[not json' }];
contents.chatty = contents.list;
let heard = [];

function read(id, uri) {
  if (heard.join() !== 'initialize,notifications/initialized,resources/read') return send({ id, error: { code: -32600, message: `out of order: ${heard}` } });
  if (manner === 'refuse') return send({ id, error: { code: -32002, message: `no such resource: ${uri}` } });
  if (manner === 'odd') return send({ id, result: { contents: 'none' } });
  if (manner === 'dies') { process.stderr.write('out of memory\n'); process.exit(7); }
  if (manner === 'deaf') return undefined;
  if (manner !== 'chatty') return send({ id, result: { contents: contents[manner] } });
  process.stdout.write('this is no message\n[]\n');
  send({ method: 'notifications/message', params: { level: 'info' } });
  send({ id, method: 'roots/list' });
  send({ id: 'p', method: 'ping' });
  return undefined;
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) {
    if (message.error) process.stderr.write(`refused: ${message.error.code}\n`);
    if (message.id === 'p' && message.result) send({ id: 2, result: { contents: contents.chatty } });
    return;
  }
  heard.push(message.method);
  if (message.method === 'initialize') {
    process.stderr.write(`hello ${message.params.clientInfo.name} ${process.env.GREETING ?? ''}\n`);
    if (manner === 'rude') return send({ id: message.id, error: { code: -32603, message: 'come back later' } });
    return send({ id: message.id, result: { protocolVersion: message.params.protocolVersion, capabilities: { resources: {} }, serverInfo: { name: 'fake', version: '1' } } });
  }
  if (message.method === 'resources/read') read(message.id, message.params.uri);
});
