import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { readMigrations } from '../local/build.ts'

let migrated: Promise<readonly string[]> | undefined

/** A D1 in this process's memory, with this project's migrations applied: the real SQL, CHECKs and triggers included. */
export async function openSqliteD1(): Promise<D1Database> {
  migrated ??= readMigrations().then((all) => all.flatMap(({ statements }) => statements))
  const sqlite = new DatabaseSync(':memory:')
  for (const statement of await migrated) sqlite.exec(statement)
  return toD1(sqlite)
}

type Statement = { readonly sql: string; readonly values: readonly SQLInputValue[] }

const statements = new WeakMap<object, Statement>()

/** What drizzle uses of D1: `prepare`, `bind`, `run`, `all`, `raw`, `first`, and `batch`, which is one transaction. */
function toD1(sqlite: DatabaseSync): D1Database {
  const cache = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const prepare = (sql: string) => {
    const known = cache.get(sql) ?? sqlite.prepare(sql)
    cache.set(sql, known)
    return known
  }
  const all = ({ sql, values }: Statement) => {
    const statement = prepare(sql)
    statement.setReturnArrays(false)
    return statement.all(...values)
  }
  const raw = ({ sql, values }: Statement) => {
    const statement = prepare(sql)
    statement.setReturnArrays(true)
    return statement.all(...values)
  }
  const answer = (results: unknown) => ({ success: true as const, results, meta: {} })
  const bound = (statement: Statement): D1PreparedStatement => {
    const made = {
      bind: (...values: unknown[]) => bound({ sql: statement.sql, values: values.map(toInput) }),
      run: async () => orThrow(() => answer(all(statement))),
      all: async () => orThrow(() => answer(all(statement))),
      raw: async () => orThrow(() => raw(statement)),
      first: async () => orThrow(() => all(statement)[0] ?? null),
    }
    statements.set(made, statement)
    return made as unknown as D1PreparedStatement
  }
  const database = {
    prepare: (sql: string) => bound({ sql, values: [] }),
    batch: async (batch: readonly D1PreparedStatement[]) =>
      orThrow(() => {
        sqlite.exec('BEGIN')
        try {
          const results = batch.map((one) => answer(all(statementOf(one))))
          sqlite.exec('COMMIT')
          return results
        } catch (error) {
          if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
          throw error
        }
      }),
  }
  return database as unknown as D1Database
}

function statementOf(prepared: D1PreparedStatement): Statement {
  const statement = statements.get(prepared)
  if (!statement) throw new Error('a statement of another database')
  return statement
}

/** D1 binds what SQLite binds, but no bigint. */
function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  throw new TypeError(`D1_TYPE_ERROR: Type '${typeof value}' not supported`)
}

/** Errors read as D1's do. */
function orThrow<Value>(run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    throw new Error(`D1_ERROR: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
