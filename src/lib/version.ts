import { version as packageVersion } from '../../package.json'

/** As in package.json: the one place where it is written. */
export const version: string = packageVersion
