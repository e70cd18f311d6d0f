/** A stream whose first bytes have come. */
export async function readLines(asked: Promise<Response>) {
  const response = await asked
  const reader = response.body?.getReader()
  const utf8 = new TextDecoder()
  const first = utf8.decode((await reader?.read())?.value)
  return {
    response,
    first,
    reader,
    /** All that follows, however it ends. */
    async rest(): Promise<string> {
      let text = ''
      try {
        for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
          text += utf8.decode(read.value)
        }
      } catch {
        // Cut.
      }
      return text
    },
  }
}
