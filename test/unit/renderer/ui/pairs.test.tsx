import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Pairs } from '#renderer/ui/pairs.tsx';

const HIDDEN = /[\p{Cc}\p{Cf}]/u;

function markup(name: string, value: string): string {
  return renderToStaticMarkup(<Pairs label="Labels" pairs={[[name, value]]} />);
}

describe('Pairs', () => {
  it('escapes names and values wherever they stand, accessible names included (N02)', () => {
    const html = markup('a\u202Eb\u001B[31m', 'c\u2066d\u200B');
    expect(html).toContain(String.raw`aria-label="Copy value of a\u202Eb\u001B[31m"`);
    expect(html).not.toMatch(HIDDEN);
  });

  it('cuts a name of a megabyte (B08)', () => {
    expect(markup('n'.repeat(1_000_000), 'v').length).toBeLessThan(20_000);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'smb://host/share', 'https://attacker.example/x.png'])(
    'shows the address %s as text that opens and fetches nothing (N03)',
    (address) => {
      const html = markup('org.opencontainers.image.url', `![remote](${address})`);
      expect(html).toContain(address);
      expect(html).not.toMatch(/<a\b|<img\b|href=|src=/);
    },
  );

  it('writes markup as text (I04)', () => {
    expect(markup('<img src=x onerror=alert(1)>', '"><script>alert(1)</script>')).not.toMatch(/<img|<script/);
  });
});
