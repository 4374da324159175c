import { describe, expect, it } from '@jest/globals';
import { BadSettings } from '../settings/settings.js';
import { CannotStart, startFailureMessage } from './failures.js';

function systemError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error('it failed'), fields);
}

describe('the message of a failed start', () => {
  it.each([
    [{ code: 'EADDRINUSE', syscall: 'listen', port: 3000, address: '127.0.0.1' }, /^Port 3000 of 127.0.0.1 is in use/],
    [{ code: 'EACCES', syscall: 'listen', port: 80 }, /^Port 80 needs privileges/],
    [
      { code: 'EADDRNOTAVAIL', syscall: 'listen', address: '10.9.9.9' },
      /^HOST 10.9.9.9 is not an address of this machine/,
    ],
    [{ code: 'EACCES', syscall: 'open', path: '/root/x' }, /^\/root\/x is not writable/],
    [{ code: 'EROFS', syscall: 'mkdir', path: '/x' }, /^\/x is not writable/],
    [{ code: 'ENOTDIR', syscall: 'mkdir', path: '/etc/passwd/x' }, /^\/etc\/passwd\/x is not a folder/],
    [{ code: 'ENOSPC', syscall: 'write' }, /^The disk is full/],
  ])('names the remedy for %j', (fields, sentence) => {
    const message = startFailureMessage(systemError(fields));
    expect(message).toMatch(sentence);
    expect(message).toMatch(/^[^\n]*\.$/);
  });

  it('has one line per bad setting', () => {
    expect(startFailureMessage(new BadSettings(['PORT is bad.', 'HOST is bad.']))).toBe('PORT is bad.\nHOST is bad.');
  });

  it('is that of an error that already explains itself', () => {
    expect(startFailureMessage(new CannotStart('It cannot: do that.'))).toBe('It cannot: do that.');
  });

  it('includes the stack of an unexpected error', () => {
    expect(startFailureMessage(new Error('odd'))).toMatch(
      /^Cannot start because of an unexpected error:\nError: odd\n +at /,
    );
  });
});
