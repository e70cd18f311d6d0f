import { createInterface } from 'node:readline'

/**
 * A password that somebody types, twice and unseen; or, where there is no terminal, the first line of what comes in.
 * null: it was broken off, or the two were not the same.
 */
export async function readPassword(): Promise<string | null> {
  if (!process.stdin.isTTY) return firstLine()
  const password = await typeUnseen('Password · 密码: ')
  if (password === null) return null
  const again = await typeUnseen('Once more · 再次输入: ')
  return again === password ? password : null
}

async function firstLine(): Promise<string | null> {
  for await (const line of createInterface({ input: process.stdin })) return line
  return null
}

const [enter, newline, backspace, del, endOfText, endOfInput] = ['\r', '\n', '\b', '\x7f', '\x03', '\x04']

function typeUnseen(question: string): Promise<string | null> {
  const { stdin, stderr } = process
  const { promise, resolve } = Promise.withResolvers<string | null>()
  let typed: string[] = []
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  stdin.on('data', hear)
  return promise

  function hear(text: string): void {
    for (const character of text) {
      if (character === enter || character === newline) end(typed.join(''))
      else if (character === endOfText || character === endOfInput) end(null)
      else if (character === backspace || character === del) typed = typed.slice(0, -1)
      else typed.push(character)
    }
  }

  function end(answer: string | null): void {
    stdin.off('data', hear)
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
    resolve(answer)
  }
}
