import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { startEngine } from './engine.ts';

// `node ping-child.ts HOST`: asks a registry over TLS whether it is there, in a process of its own, since which
// authorities the system trusts is read once. Prints `there`, or the reason why not.
await using engine = startEngine(process.argv[2] ?? '', { connection: { plainHttp: false } });
try {
  await engine.client.ping();
  console.log('there');
} catch (error) {
  const failure = error instanceof RegistryError ? error.failure : undefined;
  console.log(failure?.kind === 'tls' ? failure.reason : String(error));
}
