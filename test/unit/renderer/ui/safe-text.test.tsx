import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { SafeText } from '#renderer/ui/safe-text.tsx';

describe('SafeText', () => {
  it('draws a bounded part of a text of millions of hidden characters, and says so (M12)', () => {
    const html = renderToStaticMarkup(<SafeText text={'a\u200B'.repeat(500_000)} />);
    expect(html.length).toBeLessThan(200_000);
    expect(html).toContain('cut here');
  });

  it('draws a text of usual length as it is', () => {
    expect(renderToStaticMarkup(<SafeText text="v1.2" />)).toBe('<bdi>v1.2</bdi>');
  });
});
