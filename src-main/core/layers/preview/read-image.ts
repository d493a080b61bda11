/** A picture that a page may show, by its own header. */
export type PictureInfo = {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  readonly width: number;
  readonly height: number;
};

/** As much as a browser can be asked to unpack: a small file may claim a huge picture. */
const MAX_PIXELS = 16_000_000;

/** What picture the bytes begin, if they do, and it is no larger than 16 million pixels. SVG is text, and shown as that. */
export function readPicture(bytes: Buffer): PictureInfo | undefined {
  const info = readPng(bytes) ?? readGif(bytes) ?? readWebp(bytes) ?? readJpeg(bytes);
  if (info === undefined) return undefined;
  const pixels = info.width * info.height;
  return pixels > 0 && pixels <= MAX_PIXELS ? info : undefined;
}

function readPng(bytes: Buffer): PictureInfo | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 0, 8) !== '\u0089PNG\r\n\u001A\n') return undefined;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { mediaType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function readGif(bytes: Buffer): PictureInfo | undefined {
  if (bytes.length < 10 || !/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return undefined;
  return { mediaType: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** Spec: WebP container, "VP8 ", "VP8L" and "VP8X" chunks. */
function readWebp(bytes: Buffer): PictureInfo | undefined {
  const isWebp =
    bytes.length >= 30 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
  if (!isWebp) return undefined;
  const size = webpSize(bytes, bytes.toString('latin1', 12, 16));
  return size === undefined ? undefined : { mediaType: 'image/webp', ...size };
}

function webpSize(bytes: Buffer, chunk: string): Pick<PictureInfo, 'width' | 'height'> | undefined {
  if (chunk === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk === 'VP8L') {
    const bits = bytes.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 'VP8X') return undefined;
  return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
}

/** Walks the segments up to the one that says how large the picture is. Spec: ITU-T T.81, B.1 and B.2. */
function readJpeg(bytes: Buffer): PictureInfo | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    if (isFrameStart(marker)) {
      return { mediaType: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function isFrameStart(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
