import mermaid from 'mermaid'
import type { DiagramAnswer, DiagramOrder } from './draw-diagram.ts'

// Draws diagrams for the page that has opened it. Apart from it because Mermaid puts style sheets into what it draws,
// which the page itself forbids.

addEventListener('message', ({ source, origin, data }: MessageEvent<DiagramOrder>) => {
  if (source === parent && origin === location.origin) void draw(data)
})
answer('ready')

async function draw({ code, isDark }: DiagramOrder): Promise<void> {
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      suppressErrorRendering: true,
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      // The other way is as large as all the rest together, and left out.
      layout: 'dagre',
      theme: isDark ? 'dark' : 'default',
      fontFamily: 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
      // What a diagram may not choose for itself.
      secure: [
        'secure',
        'securityLevel',
        'startOnLoad',
        'maxTextSize',
        'maxEdges',
        'htmlLabels',
        'layout',
        'themeCSS',
      ],
      maxTextSize: 20_000,
      maxEdges: 300,
    })
    const { svg } = await mermaid.render('diagram', code)
    answer({ svg: withSize(svg) })
  } catch {
    answer({ svg: null })
  }
}

/** As a picture it has no place that says how wide it is. */
function withSize(svg: string): string {
  const root = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg')
  if (root === null) throw new Error('Mermaid has drawn nothing')
  const { width, height } = root.viewBox.baseVal
  root.setAttribute('width', `${Math.ceil(width)}`)
  root.setAttribute('height', `${Math.ceil(height)}`)
  root.style.maxWidth = ''
  return new XMLSerializer().serializeToString(root)
}

function answer(data: DiagramAnswer): void {
  parent.postMessage(data, location.origin)
}
