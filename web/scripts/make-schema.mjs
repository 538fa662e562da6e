/**
 * Writes src/api/schema.d.ts from the query language itself. Run it after the language changes:
 * `npm run schema` (PYTHON names an interpreter that has passerby; the default is the checkout's own).
 */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compile } from 'json-schema-to-typescript'

const ROOT = resolve(import.meta.dirname, '../..')
const PROGRAM = `
import sys, msgspec
from passerby.query.grammar import INTERNAL
from passerby.query.schema import query_schema
sys.stdout.buffer.write(msgspec.json.encode(query_schema(INTERNAL), order="sorted"))
`

const python = process.env.PYTHON ?? resolve(ROOT, '.venv/bin/python')
const bytes = execFileSync(python, ['-c', PROGRAM], { cwd: ROOT })
const schema = { ...JSON.parse(bytes.toString('utf-8')), title: 'Question' }
delete schema.properties.metrics.minItems // A tuple type of one or more would only get in the way.
const types = await compile(schema, 'Question', {
  bannerComment: `/* Made by scripts/make-schema.mjs from the query language; never edited.\n * schema ${createHash('sha256').update(bytes).digest('hex')}\n */`,
  maxItems: 4, // Filters are short tuples; longer lists are plain arrays.
  unreachableDefinitions: false,
  style: { semi: false, singleQuote: true, printWidth: 110 },
})
writeFileSync(resolve(import.meta.dirname, '../src/api/schema.d.ts'), types)
