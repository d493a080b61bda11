import { GantryError } from '../gantry-error.ts';

export type LayerErrorReason =
  /** The thread that reads the layer ended: out of its memory, or by a fault of ours. */
  'worker-died';

/** A layer cannot be read by a fault of ours. What the registry does wrong is a `RegistryError` as ever. */
export class LayerError extends GantryError {
  override readonly name = 'LayerError';
  readonly kind = 'layer';
  readonly reason: LayerErrorReason;

  constructor(reason: LayerErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
