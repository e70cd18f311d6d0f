import { expect, test } from 'bun:test'
import { addressBucket } from '../../src/lib/address-bucket.ts'

test('IPv4 counts as it is', () => {
  expect(addressBucket('203.0.113.7')).toBe('203.0.113.7')
})

test('IPv6 counts by its first 64 bits', () => {
  const cases = {
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:db8:1:2::9': '2001:db8:1:2::/64',
    '2001:db8::9': '2001:db8:0:0::/64',
    '2001:db8::1:0:0:0:1': '2001:db8:0:1::/64',
    '::1': '0:0:0:0::/64',
    'fe80::': 'fe80:0:0:0::/64',
  }
  for (const [ip, bucket] of Object.entries(cases)) expect(addressBucket(ip)).toBe(bucket)
})
