import { chooseEncoding, type Encoding } from './encoding.ts'
import { isKnownByClient } from './etag.ts'

/** A file that is ready to be sent: its copies were compressed when it was built. */
export interface StaticFile {
  contentType: string
  /** Of the content. */
  hash: string
  /** Where the copies are: on disk or inside the executable. */
  copies: { identity: string } & Partial<Record<Encoding, string>>
}

/** The file, compressed as the client wants it; 304 when it has it already. `headers` are sent besides, 304 included. */
export async function sendFile(
  file: StaticFile,
  request: Request,
  headers: Record<string, string>,
): Promise<Response> {
  const encoding = chooseEncoding(request.headers.get('accept-encoding'), file.copies)
  const etag = `"${file.hash}${encoding === null ? '' : `-${encoding}`}"`
  const all: Record<string, string> = { ...headers, etag, vary: 'Accept-Encoding' }
  if (isKnownByClient(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers: all })
  }
  all['content-type'] = file.contentType
  if (encoding !== null) all['content-encoding'] = encoding
  return new Response(await contentOf(file.copies[encoding ?? 'identity'] as string), { headers: all })
}

const contents = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

/** Read once and kept: a few hundred kilobytes in all, and a file in the executable is memory anyway. */
function contentOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const known = contents.get(path)
  if (known !== undefined) return known
  const content = Bun.file(path).bytes()
  contents.set(path, content)
  return content
}
