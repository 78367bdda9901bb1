import type { TestDatabase } from './postgres.ts'

/**
 * All that a statement could have changed and that a look from outside can tell: relations, rows, what
 * sequences gave, large objects, settings, locks, prepared statements and listeners of other sessions.
 */
export async function stateOf({ name, run }: Pick<TestDatabase, 'name' | 'run'>): Promise<string> {
  const tables = await run(
    `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  )
  const rows = tables.map(
    ([table]) =>
      `SELECT '${String(table)}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${String(table)} t`,
  )
  const facts = [
    ...rows,
    `SELECT 'relations', string_agg(oid::text || relname || relkind::text, ',' ORDER BY oid) FROM pg_class WHERE oid >= 16384`,
    `SELECT 'functions', count(*)::text FROM pg_proc`,
    `SELECT 'roles', string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles WHERE rolname !~ 'vitrine_test'`,
    `SELECT 'sequences', string_agg(sequencename || coalesce(last_value, 0)::text, ',' ORDER BY sequencename) FROM pg_sequences`,
    `SELECT 'large objects', count(*)::text FROM pg_largeobject_metadata`,
    `SELECT 'settings', md5(string_agg(name || setting, ',' ORDER BY name)) FROM pg_file_settings`,
    `SELECT 'locks', string_agg(locktype || mode, ',') FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE d.datname = '${name}' AND locktype = 'advisory'`,
    `SELECT 'prepared', count(*)::text FROM pg_prepared_xacts`,
    `SELECT 'slots', count(*)::text FROM pg_replication_slots`,
  ]
  return JSON.stringify(await run(facts.join(' UNION ALL ')))
}
