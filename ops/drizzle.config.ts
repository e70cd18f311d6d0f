import { defineConfig } from 'drizzle-kit'

// Paths are relative to the working directory, which is the project's root.
export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/db/tables.ts',
    './src/db/chat-tables.ts',
    './src/db/library-tables.ts',
    './src/db/admin-tables.ts',
    './src/db/usage-tables.ts',
    './src/db/key-tables.ts',
    './src/db/model-tables.ts',
    './src/db/image-tables.ts',
  ],
  out: './drizzle',
})
