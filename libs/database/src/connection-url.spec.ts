import { describe, expect, it } from '@jest/globals';
import { BadDatabaseUrl, parseConnectionUrl } from './connection-url.js';

const URL = 'postgres://barada@127.0.0.1:5432/barada';

describe('The TLS parameters of a database URL', () => {
  it.each([
    ['', false],
    ['?sslmode=disable', false],
    ['?sslmode=prefer', 'prefer'],
    ['?sslmode=require', { rejectUnauthorized: false }],
  ])('of "%s" are understood', (query, ssl) => {
    expect(parseConnectionUrl(URL + query)).toEqual({ url: URL, ssl });
  });

  it('keep the other parameters of the URL', () => {
    expect(parseConnectionUrl(`${URL}?sslmode=disable&options=x`).url).toBe(`${URL}?options=x`);
  });

  it.each([
    [
      '?sslmode=verify',
      'sslmode=verify is unknown. It is one of disable, allow, prefer, require, verify-ca, verify-full.',
    ],
    ['?sslmode=verify-full&sslrootcert=/nowhere.crt', 'the file /nowhere.crt of sslrootcert cannot be read (ENOENT).'],
    ['?sslrootcert=/nowhere.crt', 'sslrootcert would have no effect with sslmode=disable'],
    ['?sslmode=require&sslcert=/client.crt', 'sslcert and sslkey go together'],
    ['?sslmode=require&sslcrl=/crl', 'sslcrl is not supported'],
  ])('of "%s" are refused with a sentence', (query, sentence) => {
    expect(() => parseConnectionUrl(URL + query)).toThrow(BadDatabaseUrl);
    expect(() => parseConnectionUrl(URL + query)).toThrow(sentence);
  });
});
