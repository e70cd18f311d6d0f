import { FormatRegistry } from '@sinclair/typebox'
import { TransformDecodeError } from '@sinclair/typebox/value'
import { isId } from '../lib/ids.ts'

/** What the framework's schemas get wrong, put right for all routes. To be called before there are any. */
export function mendFramework(): void {
  // It knows this error by the name of its class alone. The executable's names are shortened, and without this one a
  // number in a query that is out of bounds would reach the route, as the text that it came as.
  Object.defineProperty(TransformDecodeError, 'name', { value: 'TransformDecodeError' })
  // Its own form lets `urn:uuid:…` in, which the database does not read.
  FormatRegistry.Set('uuid', isId)
}
