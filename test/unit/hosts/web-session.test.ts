import { describe, expect, it } from 'vitest';
import { createSessions } from '#main/hosts/web/session.ts';

function sessionsAt(start: number) {
  const clock = { now: start };
  return { clock, sessions: createSessions(() => clock.now) };
}

describe('sessions', () => {
  it('W05 take a code for 60 seconds and no longer', () => {
    const { clock, sessions } = sessionsAt(1000);
    const code = sessions.newCode();
    clock.now = 61_001;
    expect(sessions.exchange(code)).toBeUndefined();
    clock.now = 61_000;
    expect(sessions.exchange(code)).toBeDefined();
  });

  it('W05 take a code once, and only the newest', () => {
    const { sessions } = sessionsAt(0);
    const old = sessions.newCode();
    const code = sessions.newCode();
    expect(sessions.exchange(old)).toBeUndefined();
    expect(sessions.exchange(code)).toBeDefined();
    expect(sessions.exchange(code)).toBeUndefined();
  });

  it('W03 accept each token that was given out and no other', () => {
    const { sessions } = sessionsAt(0);
    const tokens = [1, 2].map(() => sessions.exchange(sessions.newCode()) ?? '');
    expect(tokens.map((token) => sessions.accepts(token))).toEqual([true, true]);
    expect(['', 'x', `${tokens[0]}x`].map((token) => sessions.accepts(token))).toEqual([false, false, false]);
  });

  it('forget the oldest of more than 32 tabs', () => {
    const { sessions } = sessionsAt(0);
    const tokens = Array.from({ length: 33 }, () => sessions.exchange(sessions.newCode()) ?? '');
    expect(tokens.filter((token) => sessions.accepts(token))).toEqual(tokens.slice(1));
  });
});
