import { describe, expect, it } from 'vitest';
import { bytesPaceText, bytesWait, stepsWait } from '#renderer/lib/pace.ts';

const KIB = 1024;

describe('bytesPaceText', () => {
  it('tells speed and time left once there has been a second to judge by', () => {
    const half = { doneBytes: 50 * KIB, totalBytes: 100 * KIB };
    expect(bytesPaceText({ ...half, elapsedMs: 999 })).toBe('50.0 KiB of 100 KiB');
    expect(bytesPaceText({ ...half, elapsedMs: 5000 })).toBe('50.0 KiB of 100 KiB · 10.0 KiB/s · 5 s left');
    expect(bytesPaceText({ ...half, doneBytes: 0, elapsedMs: 5000 })).toBe('0 B of 100 KiB');
  });
});

describe('bytesWait', () => {
  it('says nothing before it is known that there is anything to read', () => {
    expect(bytesWait(undefined)).toBeUndefined();
    expect(bytesWait({ event: { readBytes: 0, totalBytes: 0 }, elapsedMs: 10 })).toBeUndefined();
  });

  it('gives the share and the words', () => {
    expect(bytesWait({ event: { readBytes: 25 * KIB, totalBytes: 100 * KIB }, elapsedMs: 2500 })).toEqual({
      share: 0.25,
      text: '25.0 KiB of 100 KiB · 10.0 KiB/s · 8 s left',
    });
  });
});

describe('stepsWait', () => {
  it('tells how much of work without bytes is done, and how long the rest takes', () => {
    expect(stepsWait(undefined)).toBeUndefined();
    expect(stepsWait({ event: { doneCount: 1, totalCount: 4 }, elapsedMs: 10 })).toEqual({ share: 0.25, text: '25 %' });
    expect(stepsWait({ event: { doneCount: 1, totalCount: 4 }, elapsedMs: 2000 })).toEqual({
      share: 0.25,
      text: '25 % · 6 s left',
    });
    expect(stepsWait({ event: { doneCount: 0, totalCount: 4 }, elapsedMs: 2000 })?.text).toBe('0 %');
  });
});
