import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  driver: 'd1-http',
  schema: './worker-coordinator/src/**/*-schema.ts',
  out: './migrations',
})
