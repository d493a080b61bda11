/** What a pure parser in `oci/` refuses. `kind` is stable; `message` is for logs; `input` is the offending text, cut to 200 characters. */
export type OciErrorKind =
  | 'digest-syntax'
  | 'reference-syntax'
  | 'host-syntax'
  | 'platform-syntax'
  | 'not-json'
  | 'too-deep'
  | 'bad-shape'
  | 'bad-size'
  | 'ambiguous'
  | 'limit';

/** The only error thrown by `src-shared/oci`. */
export class OciError extends Error {
  override readonly name = 'OciError';
  readonly kind: OciErrorKind;
  readonly input: string;

  constructor(kind: OciErrorKind, message: string, input = '') {
    super(message);
    this.kind = kind;
    this.input = input.slice(0, 200);
  }
}
