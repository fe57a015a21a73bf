import type { Choice, ModelOffer } from '../bot-deps.ts'

/**
 * What answers now. Without a choice the first open one, and a confidential one only where nothing else is served; what was
 * chosen is never replaced by another model, nor by another tier.
 */
export function findOffer(models: readonly ModelOffer[], choice: Choice | undefined): ModelOffer | undefined {
  if (!choice) return models.find(({ tier }) => tier === 'open') ?? models[0]
  return models.find(({ id, tier }) => id === choice.model && tier === choice.tier)
}
