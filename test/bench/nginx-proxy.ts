import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/ports.ts'
import type { Program } from './programs.ts'

/** nginx before a program, as a stream must be passed on: connections kept, nothing buffered. */
export async function startNginxProxy(toPort: number): Promise<Program> {
  const port = await freePort()
  return { ...(await startNginx(port, proxyTo(toPort, port))), port }
}

function proxyTo(upstreamPort: number, port: number): string {
  return `
  upstream model { server 127.0.0.1:${upstreamPort}; keepalive 64; }
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://model;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }`
}
