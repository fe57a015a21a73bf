/** A table as CSV (RFC 4180). Cells that a spreadsheet would run as a formula begin with an apostrophe. */
export function toCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

function toCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** A caller asks for CSV by `?format=csv`, or by `Accept: text/csv`. */
export function wantsCsv(accept: string | undefined, format: 'json' | 'csv' | undefined): boolean {
  return format === 'csv' || (format === undefined && /\btext\/csv\b/.test(accept ?? ''))
}

/** A table to be saved. `x-next-cursor` names the next page where there is one. */
export function csvResponse(name: string, csv: string, nextCursor: string | null = null): Response {
  return new Response(csv, {
    headers: {
      'cache-control': 'no-store',
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'x-content-type-options': 'nosniff',
      ...(nextCursor === null ? {} : { 'x-next-cursor': nextCursor }),
    },
  })
}
