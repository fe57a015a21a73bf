import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin } from 'vite'

/** Puts language, direction and theme into the page's head, so that the first paint already has them. */
function beforePaint(): Plugin {
  return {
    name: 'before-paint',
    async transformIndexHtml(html) {
      const built = await build({
        configFile: false,
        logLevel: 'silent',
        build: {
          write: false,
          lib: {
            entry: join(import.meta.dirname, 'src/start/before-paint.ts'),
            formats: ['iife'],
            name: 'beforePaint',
          },
        },
      })
      const output = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
      const chunk = output.find((one) => one.type === 'chunk')
      if (!chunk) throw new Error('before-paint.ts gave no script')
      const tag = `<script>${chunk.code.trim()}</script>`
      return html.replace('<!-- before-paint -->', () => tag)
    },
  }
}

export default defineConfig(({ command }) => {
  // A build that a test starts would inherit NODE_ENV=test, and with it React's development code.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return {
    plugins: [react(), beforePaint()],
    build: { emptyOutDir: true, modulePreload: { polyfill: false } },
  }
})
