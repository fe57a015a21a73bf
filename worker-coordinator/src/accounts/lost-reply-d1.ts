/** A D1 for tests: batches and `run` commit, and then their replies are lost. Reads answer as they should. */
export function lostReplyD1(db: D1Database): D1Database {
  const lose = async (written: Promise<unknown>): Promise<never> => {
    await written
    throw new Error('D1_ERROR: Network connection lost.')
  }
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    override(statement, {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      run: () => lose(statement.run()),
    })
  return override(db, {
    prepare: (query: string) => wrap(db.prepare(query)),
    batch: (statements: D1PreparedStatement[]) => lose(db.batch(statements.map(unwrap))),
  })
}

const inner = new WeakMap<object, D1PreparedStatement>()

function override<Target extends object>(target: Target, own: Record<string, unknown>): Target {
  const proxy = new Proxy(target, {
    get(of, name) {
      if (typeof name === 'string' && name in own) return own[name]
      const value: unknown = Reflect.get(of, name)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
  inner.set(proxy, target as unknown as D1PreparedStatement)
  return proxy
}

function unwrap(statement: D1PreparedStatement): D1PreparedStatement {
  return inner.get(statement) ?? statement
}
