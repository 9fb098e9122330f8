import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/// A key and a self-signed certificate for localhost and 127.0.0.1, in a directory that goes when this process does.
export function selfSigned() {
  const directory = mkdtempSync(join(tmpdir(), 'oe-fake-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const key = join(directory, 'key.pem'), file = join(directory, 'certificate.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', file],
    { stdio: ['ignore', 'ignore', 'pipe'] });
  return { key: readFileSync(key), certificate: readFileSync(file), file };
}
