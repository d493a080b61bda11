/** One element of DER: its tag, and where its content is. */
type Element = { readonly tag: number; readonly start: number; readonly end: number };

const SEQUENCE = 0x30;
const OBJECT_ID = 0x06;
const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
/** `[3]`, in which a certificate has its extensions. */
const EXTENSIONS = 0xa3;

/**
 * The extensions of a certificate by object id, each with its bytes; nothing for what is no certificate. node:crypto has
 * no way to ask for them. Spec: RFC 5280, 4.1 and 4.2; X.690 for DER.
 */
export function readExtensions(certificate: Uint8Array): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(certificate.buffer, certificate.byteOffset, certificate.byteLength);
  const found = new Map<string, Buffer>();
  const whole = readElement(bytes, 0, bytes.length);
  const [signed] = whole?.tag === SEQUENCE ? elementsOf(bytes, whole) : [];
  const holder = signed === undefined ? undefined : elementsOf(bytes, signed).find(({ tag }) => tag === EXTENSIONS);
  const [list] = holder === undefined ? [] : elementsOf(bytes, holder);
  for (const extension of list === undefined ? [] : elementsOf(bytes, list)) {
    const parts = elementsOf(bytes, extension);
    const id = parts.find(({ tag }) => tag === OBJECT_ID);
    const value = parts.find(({ tag }) => tag === OCTET_STRING);
    if (id !== undefined && value !== undefined) {
      found.set(objectId(bytes.subarray(id.start, id.end)), bytes.subarray(value.start, value.end));
    }
  }
  return found;
}

/** The text of a UTF8String; undefined for anything else. */
export function readUtf8String(bytes: Buffer): string | undefined {
  const element = readElement(bytes, 0, bytes.length);
  return element?.tag === UTF8_STRING ? bytes.toString('utf8', element.start, element.end) : undefined;
}

function elementsOf(bytes: Buffer, { start, end }: Element): readonly Element[] {
  const elements: Element[] = [];
  for (let at = start; at < end;) {
    const element = readElement(bytes, at, end);
    if (element === undefined) break;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** Undefined for what reaches over `limit`, or has a length or tag that certificates do not use. */
function readElement(bytes: Buffer, at: number, limit: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || at + 2 > limit) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 3 || first === 0x80 || at + 2 + lengthBytes > limit) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const start = at + 2 + lengthBytes;
  return start + length > limit ? undefined : { tag, start, end: start + length };
}

function objectId(bytes: Buffer): string {
  const [first = 0, ...rest] = bytes;
  const numbers = [Math.min(Math.floor(first / 40), 2), first - Math.min(Math.floor(first / 40), 2) * 40];
  let value = 0;
  for (const byte of rest) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  return numbers.join('.');
}
