import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/store/schema.ts', './src/lists/schemas.ts'],
  out: './migrations',
  schemaFilter: ['llamacloud', 'llamacloud_sync'],
})
