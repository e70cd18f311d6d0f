import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isListening } from './ports.ts'
import { requireProgram } from './programs.ts'
import { type Server, startServer } from './server.ts'
import { tempFolder } from './temp-folder.ts'

/**
 * A private nginx. `conf` is what stands inside `http { … }`; `port` is one that it listens on (see `freePort`).
 * Files it refers to may be put beside it: `conf` may be a function of the folder.
 */
export async function startNginx(port: number, conf: string | ((folder: string) => string)): Promise<Server> {
  const folder = tempFolder('nginx')
  mkdirSync(join(folder, 'temp'))
  writeFileSync(join(folder, 'nginx.conf'), wholeConf(folder, typeof conf === 'string' ? conf : conf(folder)))
  return startServer({
    name: 'nginx',
    command: [requireProgram('nginx'), '-p', folder, '-c', join(folder, 'nginx.conf')],
    cwd: folder,
    stopSignal: 'SIGQUIT',
    isReady: () => isListening(port),
  })
}

function wholeConf(folder: string, conf: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 2048; }
http {
  access_log off;
  ${kinds.map((kind) => `${kind}_temp_path ${folder}/temp/${kind};`).join('\n  ')}
${conf}
}
`
}
