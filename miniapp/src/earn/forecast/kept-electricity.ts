import { isRecord } from '../../session/session.ts'
import type { Keep } from '../device-storage.ts'
import type { ElectricityText } from './forecast-math.ts'

/** What a person typed about electricity, with their own currency. */
export type KeptElectricity = ElectricityText & { readonly currency: string }

const KEPT_AS = 'sharnaqa-electricity'
const USUAL: KeptElectricity = { watts: '150', hours: '24', price: '', currency: '' }
const TEXT_MAX_CHARS = 12

/** What was typed last; the usual figures where nothing was. */
export function readElectricityText(storage: Keep): KeptElectricity {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEPT_AS) ?? 'null')
    if (!isRecord(kept)) return USUAL
    const text = (name: keyof KeptElectricity) => {
      const value = kept[name]
      return typeof value === 'string' ? value.slice(0, TEXT_MAX_CHARS) : USUAL[name]
    }
    return { watts: text('watts'), hours: text('hours'), price: text('price'), currency: text('currency') }
  } catch {
    return USUAL // not ours, or forbidden
  }
}

/** Keeps it on this device, nowhere else. */
export function keepElectricityText(storage: Keep, text: KeptElectricity): void {
  try {
    storage.setItem(KEPT_AS, JSON.stringify(text))
  } catch {
    // No storage, or none left: the figures last as long as the page.
  }
}
