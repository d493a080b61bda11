const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Binary units with three significant figures: `0 B`, `1.21 KiB`, `68.2 MiB`, `512 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  // Rounding is looked at before the unit is chosen: 1023.99 KiB is 1 MiB, never "1024 KiB".
  while (Math.round(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${threeFigures(value)} ${UNITS[unit] ?? 'PiB'}`;
}

function threeFigures(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

const EXACT = new Intl.NumberFormat('en-US');

/** `71,512,345 bytes`. */
export function formatExactBytes(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${EXACT.format(bytes)} bytes`;
}

/** `12,345`. */
export function formatCount(count: number): string {
  return EXACT.format(count);
}
