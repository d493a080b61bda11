import { GantryError } from '../gantry-error.ts';

export type LayerErrorReason =
  /** The thread that reads the layer ended: out of its memory, or by a fault of ours. */
  | 'worker-died'
  /** No such path in the layer. */
  | 'no-such-file'
  /** A directory, link, device or marker: it has no bytes. */
  | 'not-a-file'
  /** Where the bytes of the file are is not known, or they cannot be had one by one. */
  | 'not-readable'
  /** The bytes are other than those that were there when the whole layer was verified. */
  | 'changed';

/** A layer, or a file in it, cannot be read. What the registry does wrong is a `RegistryError` as ever. */
export class LayerError extends GantryError {
  override readonly name = 'LayerError';
  readonly kind = 'layer';
  readonly reason: LayerErrorReason;

  constructor(reason: LayerErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
