import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createSpeech } from '../../../src/modules/chat/speech.ts'

describe('speech', () => {
  test('the first word goes on at once; what follows at its heels is joined', async () => {
    const pieces: string[] = []
    const speech = createSpeech(({ data }) => pieces.push(data.text))
    speech.say('delta', 'a')
    expect(pieces).toEqual(['a'])
    for (const letter of 'bcd') speech.say('delta', letter)
    expect(pieces).toEqual(['a'])
    while (pieces.length < 2) await Bun.sleep(1)
    expect(pieces).toEqual(['a', 'bcd'])
  })

  test('thought and answer are never joined, and come in their order', () => {
    const pieces: string[] = []
    const speech = createSpeech(({ type, data }) => pieces.push(`${type} ${data.text}`))
    speech.say('reasoning', 'hm')
    speech.say('reasoning', '…')
    speech.say('delta', 'yes')
    speech.flush()
    expect(pieces).toEqual(['reasoning hm', 'reasoning …', 'delta yes'])
  })

  test('nothing is lost or changed, however it is cut; half characters are put together again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(5)), (text, cuts) => {
        const clean = text.replaceAll('\0', '')
        let said = ''
        const speech = createSpeech(({ data }) => {
          expect(data.text.isWellFormed()).toBe(true)
          said += data.text
        })
        let from = 0
        for (const cut of cuts) {
          speech.say('delta', clean.slice(from, from + cut))
          from += cut
        }
        speech.say('delta', clean.slice(from))
        speech.flush()
        expect(said).toBe(clean)
      }),
    )
  })

  test('drops what no database keeps', () => {
    let said = ''
    const speech = createSpeech(({ data }) => {
      said += data.text
    })
    speech.say('delta', 'a\0b\udc00c')
    speech.say('delta', 'd\ud800')
    speech.flush()
    expect(said).toBe('ab\ufffdcd')
  })
})
