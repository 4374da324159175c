import { describe, expect, it } from '@jest/globals';
import { BadSettings } from '../settings/settings.js';
import { CannotStart, startFailureMessage } from './failures.js';

function systemError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error('it failed'), fields);
}

describe('the sentence for a failure', () => {
  it.each([
    [{ code: 'EADDRINUSE', syscall: 'listen', port: 3000, address: '127.0.0.1' }, /^Port 3000 of 127.0.0.1 is taken/],
    [{ code: 'EACCES', syscall: 'listen', port: 80 }, /^Port 80 may not be listened on/],
    [{ code: 'EADDRNOTAVAIL', syscall: 'listen', address: '10.9.9.9' }, /^HOST 10.9.9.9 is no address of this machine/],
    [{ code: 'EACCES', syscall: 'open', path: '/root/x' }, /^\/root\/x may not be written to/],
    [{ code: 'EROFS', syscall: 'mkdir', path: '/x' }, /^\/x may not be written to/],
    [{ code: 'ENOTDIR', syscall: 'mkdir', path: '/etc/passwd/x' }, /^\/etc\/passwd\/x is not a folder/],
    [{ code: 'ENOSPC', syscall: 'write' }, /^The disk is full/],
  ])('of %j names the cure', (fields, sentence) => {
    const told = startFailureMessage(systemError(fields));
    expect(told).toMatch(sentence);
    expect(told).toMatch(/^[^\n]*\.$/);
  });

  it('is one for each bad setting', () => {
    expect(startFailureMessage(new BadSettings(['PORT is bad.', 'HOST is bad.']))).toBe('PORT is bad.\nHOST is bad.');
  });

  it('is the one that a start was refused with', () => {
    expect(startFailureMessage(new CannotStart('It cannot: do that.'))).toBe('It cannot: do that.');
  });

  it('shows where it happened, where nobody foresaw it', () => {
    expect(startFailureMessage(new Error('odd'))).toMatch(
      /^It could not start, for a reason that nobody foresaw:\nError: odd\n +at /,
    );
  });
});
