/** The lines of a streamed answer, one at a time, as they arrive. */
export interface Lines {
  /** null at the end. Throws when the stream was cut. */
  next(): Promise<string | null>
  leave(): Promise<void>
}

export function openLines(response: Response): Lines {
  if (!response.body) throw new Error('no body')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  let isEnded = false
  return {
    async next() {
      while (!rest.includes('\n') && !isEnded) {
        const { done, value } = await reader.read()
        if (done) isEnded = true
        else rest += value
      }
      if (rest === '') return null
      const end = rest.includes('\n') ? rest.indexOf('\n') : rest.length
      const line = rest.slice(0, end)
      rest = rest.slice(end + 1)
      return line
    },
    leave: () => reader.cancel(),
  }
}
