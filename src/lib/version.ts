import { packageManager, version as packageVersion } from '../../package.json'

/** Put in by `ops/build.ts`: the commit that the executable was made of, maybe ''. Absent when run from source. */
declare const BUILD_COMMIT: string | undefined

/** True inside the compiled executable. */
export const isCompiled: boolean = typeof BUILD_COMMIT === 'string'

/** `0.1.0`: of which release. */
export const release: string = packageVersion

/** `0.1.0`, or `0.1.0+1a2b3c4` in an executable made from a repository. */
export const version: string =
  typeof BUILD_COMMIT === 'string' && BUILD_COMMIT !== ''
    ? `${packageVersion}+${BUILD_COMMIT}`
    : packageVersion

/** What people type before a command's name. */
export const program: string = isCompiled ? 'cloudchat' : `npx -y ${packageManager} start`
