import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/store/schema.ts', './src/lists/classify/schema.ts'],
  out: './migrations',
  schemaFilter: ['llamacloud', 'llamacloud_sync'],
})
