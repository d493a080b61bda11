import { TLSSocket } from 'node:tls';
import { certificateChain } from './certificate-info.ts';
import type { CertificateInfo } from './registry-error.ts';

/** A TLS handshake failed. `cause` is Node's error; this adds what a person needs to judge it. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  /** What the server showed before it failed. */
  readonly certificates: readonly CertificateInfo[];
  /** Both sides had agreed on keys: no version or cipher is at fault any more. */
  readonly hadKeys: boolean;

  constructor(cause: Error, handshake: Handshake) {
    super(cause.message, { cause });
    this.certificates = handshake.certificates;
    this.hadKeys = handshake.hadKeys;
  }
}

type Handshake = { certificates: readonly CertificateInfo[]; hadKeys: boolean };

/**
 * Notes what a handshake shows while it runs, and changes nothing about it. The chain is read just before Node judges
 * it, since a refused socket is gone by the time its error is told. Should Node stop telling that moment, errors only
 * lose their certificates.
 */
export function watchHandshake(socket: unknown): Handshake {
  const handshake: Handshake = { certificates: [], hadKeys: false };
  if (!(socket instanceof TLSSocket)) return handshake;
  const look = () => {
    if (handshake.certificates.length === 0) handshake.certificates = certificateChain(socket);
  };
  socket.once('keylog', () => {
    // The line itself is secret and is left alone.
    handshake.hadKeys = true;
    look();
  });
  socket.prependOnceListener('secure', look);
  return handshake;
}
