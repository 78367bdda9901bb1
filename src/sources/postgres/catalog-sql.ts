/**
 * What is asked of the system catalogs (https://www.postgresql.org/docs/current/catalogs.html): a few
 * questions about the whole database at once, none of them about one table.
 */

/** Namespaces of the system itself. */
const system = `('pg_catalog', 'information_schema', 'pg_toast')`
const isOurs = (namespace: string): string =>
  `${namespace}.nspname NOT IN ${system} AND ${namespace}.nspname !~ '^pg_(toast_)?temp_'`

/**
 * Asked before `confineSql`, so that names mean what they mean to a statement: with the schema before
 * every function and no operator at all, as anybody's may come first in the search path.
 */
export const settingsSql = `
  SELECT pg_catalog.current_setting('server_version'),
    pg_catalog.array_to_json(pg_catalog.current_schemas(false))`

/** Relations that need no schema before their name. */
export const visibleSql = `
  SELECT c.oid FROM pg_catalog.pg_class c WHERE pg_catalog.pg_table_is_visible(c.oid)`

export const typeNamesSql = `
  SELECT t.oid, pg_catalog.format_type(t.oid, NULL) FROM pg_catalog.pg_type t`

/** From here on a function or an operator is the system's own; what is read back names its schemas. */
export const confineSql = 'SET LOCAL search_path = pg_catalog, pg_temp'

/** With a count of rows where the server has an estimate. */
export const relationsSql = `
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,
    CASE WHEN c.reltuples > 0 OR (c.reltuples = 0 AND c.relpages > 0) THEN c.reltuples::int8 END,
    obj_description(c.oid, 'pg_class'),
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
    has_any_column_privilege(c.oid, 'SELECT'), w.fdwname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
  LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${isOurs('n')}
  ORDER BY n.nspname, c.relname`

/** With a type's name only where it has a length or a scale of its own; the others go by number. */
export const columnsSql = `
  SELECT a.attrelid, a.attnum, a.attname, a.atttypid,
    CASE WHEN a.atttypmod >= 0 THEN format_type(a.atttypid, a.atttypmod) END,
    a.attnotnull, a.attgenerated <> '', d.description
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND ${isOurs('n')}
  ORDER BY a.attrelid, a.attnum`

export const keysSql = `
  SELECT conrelid, contype, array_to_json(conkey), confrelid, array_to_json(confkey)
  FROM pg_constraint
  WHERE contype IN ('p', 'f') AND conrelid <> 0 AND conparentid = 0
  ORDER BY conrelid, conname`

/** Without what primary keys make for themselves; 0 stands for an expression. */
export const indexesSql = `
  SELECT i.indrelid, i.indisunique AND i.indpred IS NULL,
    array_to_json((string_to_array(i.indkey::text, ' '))[1:i.indnkeyatts])
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE i.indisvalid AND NOT i.indisprimary AND ${isOurs('n')}
  ORDER BY i.indrelid, i.indexrelid`

/** Domains and what they are made from. */
export const domainsSql = `
  SELECT oid, typname, typbasetype FROM pg_type WHERE typtype = 'd' ORDER BY oid`

/** The parts of types that somebody composed; those of tables are in the catalog. */
export const compositesSql = `
  SELECT c.relname, format_type(a.atttypid, NULL)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND ${isOurs('n')}
  ORDER BY c.oid, a.attnum`

export const enumsSql = `
  SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder`

/** Objects below 16384 came with the server (transam.h, FirstNormalObjectId). */
const firstOfOurs = 16384

/** How volatile the most volatile one of each name is: 'v' sorts after 's' and 'i'. */
export const builtinsSql = `
  SELECT proname, max(provolatile::text) FROM pg_proc
  WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < ${firstOfOurs} AND prokind <> 'p'
  GROUP BY proname`

/**
 * `alias.name` calls a function that can be called with one row: of a composite type, of any type,
 * or of a domain over a composite one; what has a default need not be said.
 */
export const functionsSql = `
  SELECT n.nspname, p.proname, x.extname, p.provolatile,
    p.pronargs > 0 AND p.pronargs - p.pronargdefaults <= 1
      AND (t.typtype IN ('c', 'p') OR b.typtype = 'c')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_type t ON t.oid = p.proargtypes[0]
  LEFT JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_depend d
    ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension x ON x.oid = d.refobjid
  WHERE p.prokind <> 'p' AND n.nspname <> 'information_schema'
    AND (n.nspname <> 'pg_catalog' OR p.oid >= ${firstOfOurs})
  ORDER BY 1, 2`

export const operatorsSql = `
  SELECT o.oprname, n.nspname || '.' || p.proname
  FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE o.oprnamespace <> 'pg_catalog'::regnamespace OR o.oid >= ${firstOfOurs}
  ORDER BY 1, 2`

export const castsSql = `
  SELECT s.typname, t.typname, n.nspname || '.' || p.proname
  FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget
  JOIN pg_proc p ON p.oid = c.castfunc JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE c.oid >= ${firstOfOurs}
  ORDER BY 1, 2, 3`

export const checksSql = `
  SELECT contypid, pg_get_expr(conbin, 0) FROM pg_constraint
  WHERE contypid >= ${firstOfOurs} AND contype = 'c' ORDER BY contypid, conname`

export const policiesSql = `
  SELECT p.polrelid, pg_get_expr(p.polqual, p.polrelid)
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  WHERE c.relrowsecurity AND p.polqual IS NOT NULL AND p.polcmd IN ('r', '*')
  ORDER BY p.polrelid, p.polname`
