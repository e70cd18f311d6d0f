import { spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { tempFolder } from '../support/temp-folder.ts'

/** An account that nobody has. */
const accountId = 64_123

export interface Sandbox {
  /** Put before a command. */
  prefix: string[]
  /** The only place where the command may write. */
  folder: string
}

/**
 * What the systemd unit lays around the service, by hand: an account without rights, the system read-only, its own
 * /dev and /proc, 128 threads, files for itself alone. Without root only what anybody may do.
 */
export function createSandbox(): Sandbox {
  const folder = tempFolder('sandbox')
  if (process.getuid?.() !== 0) return { folder, prefix: shell('exec setpriv --no-new-privs "$@"', folder) }
  chownSync(folder, accountId, accountId)
  const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0
  return { folder, prefix: mayMount ? ['unshare', '--mount', ...shell(closed, folder)] : shell(bare, folder) }
}

function shell(commands: string, folder: string): string[] {
  return ['/bin/sh', '-euc', `umask 077\n${commands}`, folder]
}

const bare = `exec prlimit --nproc=128 setpriv --reuid=${accountId} --regid=${accountId} --clear-groups \
  --no-new-privs --bounding-set=-all --inh-caps=-all "$@"`

/** `$0` is the folder, `$1` the executable, which may be where that account cannot go. */
const closed = `
mount --bind "$0" "$0"
touch "$0/program"
mount --bind "$1" "$0/program"
shift
set -- "$0/program" "$@"
mount -t tmpfs -o mode=755 tmpfs /mnt
for name in null zero full random urandom; do
  touch /mnt/$name
  mount --bind /dev/$name /mnt/$name
done
mount --rbind /mnt /dev
mount -t proc -o hidepid=invisible proc /proc
mount -o remount,bind,ro /
cd "$0"
${bare}`
