import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What a build of the Mini App loads, and when. `dist`: its folder. */
export type PageChunks = {
  /** The text of a script. */
  readonly read: (name: string) => Promise<string>
  /** The script whose name begins so. */
  readonly find: (prefix: string) => Promise<string>
  /** The shell, the SDK and the chat, with all that they import. */
  readonly initial: () => Promise<ReadonlySet<string>>
  /** What is loaded beyond that when something is first sealed. */
  readonly sealing: () => Promise<ReadonlySet<string>>
  readonly gzipBytes: (names: Iterable<string>) => Promise<number>
}

export function readPageChunks(dist: string): PageChunks {
  const read = (name: string) => readFile(join(dist, 'assets', name), 'utf8')

  const find = async (prefix: string): Promise<string> => {
    const names = await readdir(join(dist, 'assets'))
    const found = names.find((name) => name.startsWith(prefix) && name.endsWith('.js'))
    if (found === undefined) throw new Error(`the build has no chunk ${prefix}`)
    return found
  }

  /** A chunk and what it imports before it runs. What is imported later, on demand, is not among it. */
  const withImports = async (name: string, seen = new Set<string>()): Promise<ReadonlySet<string>> => {
    if (seen.has(name)) return seen
    seen.add(name)
    const code = await read(name)
    for (const [, imported = ''] of code.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) {
      await withImports(imported, seen)
    }
    return seen
  }

  const initial = async (): Promise<ReadonlySet<string>> => {
    const page = await readFile(join(dist, 'index.html'), 'utf8')
    const [, entry = ''] = /src="\/assets\/([\w.-]+\.js)"/.exec(page) ?? []
    const names = new Set<string>()
    for (const chunk of [entry, await find('sdk-'), await find('chat-page-')]) {
      for (const name of await withImports(chunk)) names.add(name)
    }
    return names
  }

  return {
    read,
    find,
    initial,
    sealing: async () => {
      const first = await initial()
      const added = new Set<string>()
      for (const prefix of ['sealed-client-', 'http-network-', 'remember-network-']) {
        const chunk = await find(prefix).catch(() => undefined) // the bundler joined it with another
        for (const name of chunk ? await withImports(chunk) : []) if (!first.has(name)) added.add(name)
      }
      return added
    },
    gzipBytes: async (names) => {
      let bytes = 0
      for (const name of names) bytes += gzipSync(await read(name), { level: 9 }).length
      return bytes
    },
  }
}
