import { GantryError } from '../../gantry-error.ts';

/** The reasons that come from the tar itself. */
export type TarProblemReason = 'truncated' | 'not-tar' | 'bad-tar' | 'ambiguous-tar' | 'entry-limit';

/** The tar cannot be read on from here. `message` holds nothing that stands in the archive. */
export class TarProblem extends GantryError {
  override readonly name = 'TarProblem';
  readonly kind = 'tar';
  readonly reason: TarProblemReason;

  constructor(reason: TarProblemReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}
