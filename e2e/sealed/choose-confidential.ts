import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Chooses a model in the confidential tier, as a person does. */
export async function chooseConfidential(page: Page, model: string): Promise<void> {
  await page.getByTestId('model-pill').click()
  await page.locator(`[data-testid=choice][data-model="${model}"][data-tier=confidential]`).click()
  await expect.poll(() => page.getByTestId('model-pill').innerText()).toContain(model)
}
