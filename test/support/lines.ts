/** The lines of a streamed answer, one at a time, as they arrive. */
export interface Lines {
  /** null at the end. Throws when the stream was cut. */
  next(): Promise<string | null>
  leave(): Promise<void>
}

/** The answer may be yet to come: a chat's begins with its first word. */
export function openLines(coming: Promise<Response>): Lines {
  const reading = coming.then((response) => {
    if (!response.body) throw new Error('no body')
    return response.body.pipeThrough(new TextDecoderStream()).getReader()
  })
  reading.catch(() => {})
  let rest = ''
  let isEnded = false
  return {
    async next() {
      while (!rest.includes('\n') && !isEnded) {
        const { done, value } = await (await reading).read()
        if (done) isEnded = true
        else rest += value
      }
      if (rest === '') return null
      const end = rest.includes('\n') ? rest.indexOf('\n') : rest.length
      const line = rest.slice(0, end)
      rest = rest.slice(end + 1)
      return line
    },
    leave: async () => (await reading).cancel(),
  }
}
