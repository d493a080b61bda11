/** What a person knows a certificate by. Names come from whoever made it: show them as registry text. */
export type CertificateSummary = {
  /** The common name, else the organisation, else nothing. */
  readonly subject: string;
  /** Milliseconds since 1970; undefined when the date cannot be read. */
  readonly validTo: number | undefined;
};

type Node = { readonly tag: number; readonly body: Uint8Array; readonly end: number };

const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_ID = 0x06;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** X.520 attribute types that name somebody, the best first: common name, organisation, organisational unit. */
const NAMING = ['550403', '55040a', '55040b'] as const;

/** The length of a DER element, and where its body begins. Spec: X.690, 8.1.3. */
function readLength(bytes: Uint8Array, at: number): { readonly length: number; readonly start: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  // Nothing that is read here takes more than three bytes of length (16 MiB).
  if (count === 0 || count > 3 || at + 1 + count > bytes.length) return undefined;
  const length = bytes.subarray(at + 1, at + 1 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return { length, start: at + 1 + count };
}

function readNode(bytes: Uint8Array, at: number): Node | undefined {
  const tag = bytes[at];
  const size = readLength(bytes, at + 1);
  if (tag === undefined || size === undefined) return undefined;
  const end = size.start + size.length;
  return end > bytes.length ? undefined : { tag, body: bytes.subarray(size.start, end), end };
}

/** The elements inside one; what cannot be read ends the list. */
function children(body: Uint8Array): readonly Node[] {
  const found: Node[] = [];
  for (let at = 0; at < body.length;) {
    const node = readNode(body, at);
    if (node === undefined) return found;
    found.push(node);
    at = node.end;
  }
  return found;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Spec: RFC 5280, 4.1.2.4 "Issuer": a sequence of sets of pairs of type and value. */
function readName(name: Node): string {
  const pairs = children(name.body)
    .filter(({ tag }) => tag === SET)
    .flatMap((set) => children(set.body))
    .flatMap((pair) => {
      const [type, value] = children(pair.body);
      if (type?.tag !== OBJECT_ID || value === undefined) return [];
      return [{ type: hex(type.body), text: new TextDecoder().decode(value.body) }];
    });
  const best = NAMING.map((type) => pairs.find((pair) => pair.type === type)).find((pair) => pair !== undefined);
  return best?.text ?? '';
}

/** Spec: RFC 5280, 4.1.2.5: two digits of year mean 1950 to 2049. */
function readTime(node: Node | undefined): number | undefined {
  if (node === undefined) return undefined;
  const text = new TextDecoder().decode(node.body);
  const century = node.tag === UTC_TIME ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') : '';
  const isTime = node.tag === UTC_TIME || node.tag === GENERALIZED_TIME;
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  if (!isTime || digits === null) return undefined;
  const [, year, month, day, hour, minute, second] = digits;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** The parts of a sequence that has at least `count` of them, the first ones sequences themselves. */
function sequences(body: Uint8Array, count: number): readonly Node[] | undefined {
  const found = children(body);
  const isWhole = found.length >= count && found.slice(0, count).every(({ tag }) => tag === SEQUENCE);
  return isWhole ? found : undefined;
}

/** Reads the few fields a person wants. Undefined for bytes that are no X.509 certificate. Spec: RFC 5280, 4.1. */
export function readCertificate(der: Uint8Array): CertificateSummary | undefined {
  const whole = readNode(der, 0);
  if (whole?.tag !== SEQUENCE || whole.end !== der.length) return undefined;
  const signed = sequences(whole.body, 2)?.[0];
  const fields = signed === undefined ? [] : children(signed.body);
  // The version is left out of certificates of version 1; then come serial number, algorithm and issuer.
  const [validity, subject] = fields.slice(fields[0]?.tag === VERSION ? 4 : 3);
  if (validity?.tag !== SEQUENCE || subject?.tag !== SEQUENCE) return undefined;
  return { subject: readName(subject), validTo: readTime(children(validity.body)[1]) };
}
