import { describe, expect, test } from 'bun:test'
import { addressMatcher, canonicalAddress, isAddressRange } from '../../src/lib/addresses.ts'

describe('canonicalAddress', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1::', '1::'],
    ['fe80::1%eth0', 'fe80::1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical)
    expect(canonicalAddress(canonical)).toBe(canonical)
  })

  test.each(['::ffff:192.0.2.1', '::FFFF:c000:0201', '0:0:0:0:0:ffff:c000:201', '0::ffff:192.0.2.1'])(
    '%s is an IPv4 address',
    (text) => {
      expect(canonicalAddress(text)).toBe('192.0.2.1')
    },
  )

  test.each([
    '',
    'x',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.4:80',
    '[::1]',
    ':::',
    '1:2',
    ' 1.2.3.4',
  ])('%p is none', (text) => {
    expect(canonicalAddress(text)).toBeNull()
  })
})

describe('addressMatcher', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.128/25', '192.0.2.128', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['::ffff:10.0.0.0/104', '10.0.0.1', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '8.8.8.8', false],
    ['::1', '::1', true],
    ['::1', '127.0.0.1', false],
    ['fd00::/7', 'fcff::1', true],
    ['fd00::/8', 'fc00::1', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['10.0.0.0/8', 'junk', false],
  ])('%s and %s: %p', (range, ip, isIn) => {
    expect(addressMatcher([range])(ip)).toBe(isIn)
  })

  test('any of several, none of none', () => {
    expect(addressMatcher(['::1', '127.0.0.0/8'])('127.1.2.3')).toBe(true)
    expect(addressMatcher([])('127.0.0.1')).toBe(false)
  })

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', '/8', 'localhost', '10.0.0.0/8/8'])(
    '%s is no range',
    (text) => {
      expect(isAddressRange(text)).toBe(false)
      expect(() => addressMatcher([text])).toThrow('not an address or a range')
    },
  )
})
