export interface DocQuery {
  readonly sql: string
  /** The plain text table that is printed below it. */
  readonly answer: string
}

const QUERY = /```sql\n(.*?)\n```\n\n```text\n(.*?)\n?```/gs

/** The queries of a Markdown page that have their answer below them. */
export function queriesIn(markdown: string): DocQuery[] {
  return [...markdown.matchAll(QUERY)].map(([, sql = '', answer = '']) => ({ sql, answer }))
}

/** The page with these answers, in the order of its queries. */
export function withAnswers(markdown: string, answers: readonly string[]): string {
  const next = answers.values()
  return markdown.replaceAll(
    QUERY,
    (_, sql: string) => `\`\`\`sql\n${sql}\n\`\`\`\n\n\`\`\`text\n${next.next().value ?? ''}\n\`\`\``,
  )
}
