import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { LOCAL_DEFINES } from './local/sealed/local-policy.ts'

// The runtime asks nobody where this machine is.
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'

const inWorkerd = '**/*.{d1,do}.test.ts'

export default defineConfig({
  test: {
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'pure',
          sequence: { groupOrder: 0 },
          include: [
            '{protocol,worker-coordinator,bot,gpu-runner,cli,local,miniapp,bench,sim}/**/*.test.ts',
            'contracts/tests/**/*.spec.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', inWorkerd],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        define: LOCAL_DEFINES,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
                SESSION_KEY: 'test-session-key-of-thirty-two-bytes',
                BOT_TOKEN: '123456:TEST-TOKEN',
                TELEGRAM_WEBHOOK_SECRET: 'test-webhook-secret',
              },
            },
          })),
        ],
        test: {
          name: 'workerd',
          sequence: { groupOrder: 1 },
          include: [`{worker-coordinator,bot}/src/${inWorkerd}`],
          setupFiles: ['./worker-coordinator/test/apply-migrations.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['e2e/**/*.e2e.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
