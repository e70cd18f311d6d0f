/** The header that has an answer saved as a file of this name, in the two spellings of RFC 6266. */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^ -~]+/g, '_').replace(/["\\%]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encode(fileName)}`
}

/** RFC 5987. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
