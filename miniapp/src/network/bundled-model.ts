/** The model that comes with Sharnaqa: small, always named so, and there when no other is. */
export const BUNDLED_MODEL = 'silkworm'
