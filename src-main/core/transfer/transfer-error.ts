import { GantryError } from '../gantry-error.ts';

export type TransferReason =
  | 'same-destination'
  | 'bad-name'
  | 'no-platform'
  | 'cycle'
  | 'too-deep'
  | 'too-many'
  | 'source-gone'
  | 'destination-gone'
  | 'changed-after'
  | 'schema1-refused';

/** Something cannot be copied as it was asked for. `detail` names what is meant: text from outside, without secrets. */
export class TransferError extends GantryError {
  override readonly name = 'TransferError';
  readonly kind = 'transfer';
  readonly reason: TransferReason;
  readonly detail: string;

  constructor(reason: TransferReason, detail: string, options?: ErrorOptions) {
    super(`transfer/${reason}: ${detail}`, options);
    this.reason = reason;
    this.detail = detail;
  }
}
