import { buildAlpineApp } from './alpine-app.ts';
import { LINUX_AMD64 } from './platforms.ts';
import { describeSample, type Sample } from './sample.ts';

const ESCAPE = '\u001b';
const RIGHT_TO_LEFT_OVERRIDE = '\u202e';
const POP_DIRECTION = '\u202c';
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * Text that tries to run, to style or to fool. Gantry shows it as text with visible escapes; this image is where a
 * person, a screenshot or a test can see that.
 */
export const oddText: Sample = {
  repository: 'samples/odd-text',
  *build() {
    const description = 'A display test: its labels hold markup, control and bidirectional characters on purpose';
    const labels = {
      ...describeSample('odd-text', '1.0', description),
      'com.example.markup': '<img src=x onerror="alert(1)"><script>alert(2)</script>',
      'com.example.terminal': `${ESCAPE}[31mred${ESCAPE}[0m${ESCAPE}]0;title\u0007`,
      'com.example.direction': `invoice${RIGHT_TO_LEFT_OVERRIDE}fdp.exe${POP_DIRECTION}`,
      'com.example.invisible': `admin${ZERO_WIDTH_SPACE}istrator`,
      'com.example.lines': 'first line\r\nsecond line\ttabbed\u0000end',
      'com.example.link': 'javascript:alert(3)',
      'com.example.long': 'wide '.repeat(400).trim(),
      '': 'a label with no name',
    };
    const content = buildAlpineApp({
      name: 'odd',
      version: '1.0',
      created: '2026-02-28T23:59:00Z',
      platform: LINUX_AMD64,
      labels,
      annotations: labels,
    });
    yield { content, tags: ['latest', 'UPPER.Case_and-more', `${'long-'.repeat(25)}tag`] };
  },
};
