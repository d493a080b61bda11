import { describe, expect, it } from 'vitest';
import { classifyAddress, mayReach } from '#main/core/registry/transport/address-policy.ts';

describe('classifyAddress', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['[::1]', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['[::ffff:7f00:1]', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::808:808', 'public'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:808:808::1', 'public'],
    ['169.254.169.254', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['::', 'forbidden'],
    ['::127.0.0.1', 'forbidden'],
    ['::ffff:0:127.0.0.1', 'forbidden'],
    ['64:ff9b:1::7f00:1', 'forbidden'],
    ['2001:0:4136:e378:8000:63bf:80ff:fffe', 'forbidden'],
    ['2001:4860:4860::8888', 'public'],
    ['fe80::1%eth0', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['not an address', 'forbidden'],
  ] as const)('%s is %s (A03)', (address, reach) => {
    expect(classifyAddress(address)).toBe(reach);
  });

  it.each(['127.1', '2130706433', '0x7f.1', '017700000001'])('%s is loopback once a URL has read it (A03)', (text) => {
    expect(classifyAddress(new URL(`http://${text}/`).hostname)).toBe('loopback');
  });
});

describe('mayReach', () => {
  it('lets a server send us as far in as it lies itself, and never to a reserved address', () => {
    expect(mayReach('public', 'public')).toBe(true);
    expect(mayReach('public', 'private')).toBe(false);
    expect(mayReach('private', 'private')).toBe(true);
    expect(mayReach('private', 'loopback')).toBe(false);
    expect(mayReach('loopback', 'private')).toBe(true);
    expect(mayReach('loopback', 'forbidden')).toBe(false);
  });
});
