import { expect, test } from 'bun:test'
import { openPage } from './page-language.ts'

const failed = { ok: false, models: null }
const cut = {
  ...failed,
  code: 'provider_unavailable',
  status: null,
  reason: 'the connection failed (ECONNREFUSED)',
}
const moved = { ...failed, code: 'provider_rejected', status: 302, reason: 'a redirect' }

test('why a key does not work is said in the language of the page, what the server says stands behind it', async () => {
  using page = await openPage()
  const { wordsOfCheck } = await import('../../src/web/pages/admin/key-check-words.ts')
  page.speak('zh')
  expect(wordsOfCheck(cut)).toEqual({ text: '无法连接服务商，或其响应异常。', detail: cut.reason })
  expect(wordsOfCheck(moved)).toEqual({
    text: '该地址会跳转，请填写跳转后的地址（HTTP 302）。',
    detail: moved.reason,
  })
  expect(wordsOfCheck({ ...failed, code: 'rate_limited', status: 429, reason: 'refused' })).toEqual({
    text: '该密钥的调用过于频繁（HTTP 429）。',
    detail: null,
  })
  expect(wordsOfCheck({ ...cut, code: 'toString' }).text).toBe('服务商拒绝了该密钥。')
  page.speak('en')
  expect(wordsOfCheck({ ...failed, code: 'provider_timeout', status: null, reason: null })).toEqual({
    text: 'The provider has not answered in time.',
    detail: null,
  })
})
