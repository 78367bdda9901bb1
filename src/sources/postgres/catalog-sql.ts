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
    pg_catalog.array_to_json(pg_catalog.current_schemas(false)), pg_catalog.current_database(),
    pg_catalog.pg_encoding_max_length(pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))`

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

export const enumsSql = `
  SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder`

/** Objects below 16384 came with the server (transam.h, FirstNormalObjectId). */
const firstOfOurs = 16384

/**
 * How volatile the most volatile one of each name is: 'v' sorts after 's' and 'i'. Up to PostgreSQL 14 `timezone`, which is
 * AT TIME ZONE, is 'v' for reading the clock. What the parser makes of EXTRACT and SIMILAR TO is no function up to 13 and 12.
 */
export const builtinsSql = `
  SELECT proname, max(CASE proname WHEN 'timezone' THEN 's' ELSE provolatile::text END) FROM pg_proc
  WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < ${firstOfOurs} AND prokind <> 'p'
  GROUP BY proname
  UNION SELECT 'extract', 's' UNION SELECT 'similar_to_escape', 'i'`

/** Types of ours in a list of numbers: what a fact is about. */
const oursIn = (types: string): string =>
  `(SELECT array_to_json(array_agg(DISTINCT t)) FROM unnest(${types}) t WHERE t >= ${firstOfOurs})`

const ofOurs = (...types: readonly string[]): string => oursIn(`ARRAY[${types.join(', ')}]::oid[]`)

/**
 * Internal functions outside pg_catalog came with a type: constructors of ranges. A text in SQL is told
 * where it is all that a call runs: no settings, no defaults, no rights of its own, no type with code.
 */
export const functionsSql = `
  SELECT n.nspname, p.proname, x.extname, p.provolatile, l.lanname = 'internal' AND x.extname IS NULL
      AND p.prosrc ~ '^(multi)?range_constructor[0-9]$',
    CASE WHEN l.lanname = 'sql' AND x.extname IS NULL AND p.prokind = 'f' AND NOT p.prosecdef
      AND p.proconfig IS NULL AND p.pronargdefaults = 0 AND NOT EXISTS (
        SELECT FROM unnest(p.prorettype || coalesce(p.proallargtypes, p.proargtypes::oid[])) a(oid)
        JOIN pg_type t ON t.oid = a.oid
        WHERE t.typtype = 'p' OR (t.oid >= ${firstOfOurs} AND t.typtype <> 'e'))
      THEN p.prosrc END,
    ${oursIn('p.prorettype || coalesce(p.proallargtypes, p.proargtypes::oid[])')}
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  LEFT JOIN pg_depend d
    ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension x ON x.oid = d.refobjid
  WHERE p.prokind <> 'p' AND n.nspname <> 'information_schema'
    AND (n.nspname <> 'pg_catalog' OR p.oid >= ${firstOfOurs})
  ORDER BY 1, 2, p.oid`

export const operatorsSql = `
  SELECT m.nspname, o.oprname, n.nspname || '.' || p.proname, ${ofOurs('o.oprleft', 'o.oprright')}
  FROM pg_operator o JOIN pg_namespace m ON m.oid = o.oprnamespace
  JOIN pg_proc p ON p.oid = o.oprcode JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE o.oid >= ${firstOfOurs}
  ORDER BY 1, 2, 3`

export const castsSql = `
  SELECT c.casttarget, t.typname, n.nspname || '.' || p.proname, ${ofOurs('c.castsource')}, c.castcontext = 'i'
  FROM pg_cast c JOIN pg_type t ON t.oid = c.casttarget
  JOIN pg_proc p ON p.oid = c.castfunc JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE c.oid >= ${firstOfOurs}
  ORDER BY 1, 2, 3`

/** Of a range; as JSON, because PostgreSQL 12 and 13 have neither multiranges nor this column. */
const multirangeOf = (range: string): string => `(to_jsonb(${range}) ->> 'rngmultitypid')::oid`

/**
 * A class of operators for a type compares its values wherever they are sorted, grouped or made distinct, and
 * a range compares its bounds by one. For types of the server, with the functions that give such values.
 */
export const comparersSql = `
  WITH comparer AS (
    SELECT n.nspname || '.' || p.proname AS name, o.oid AS class, o.opcintype AS type, o.opcdefault AS standard
    FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash')
    JOIN pg_amproc a ON a.amprocfamily = o.opcfamily AND o.opcintype IN (a.amproclefttype, a.amprocrighttype)
    JOIN pg_proc p ON p.oid = a.amproc JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid >= ${firstOfOurs} OR a.oid >= ${firstOfOurs})
  SELECT name, ${ofOurs('type')}, t.typname, (
    SELECT array_to_json(array_agg(DISTINCT proname)) FROM pg_proc
    WHERE t.oid < ${firstOfOurs} AND t.oid = ANY (prorettype || coalesce(proallargtypes, '{}')))
  FROM comparer JOIN pg_type t ON t.oid = comparer.type WHERE standard
  UNION ALL SELECT name, ${ofOurs('r.rngtypid', multirangeOf('r'))}, NULL, NULL
  FROM comparer JOIN pg_range r ON r.rngsubopc = comparer.class
  ORDER BY 1`

export const checksSql = `
  SELECT contypid, pg_get_expr(conbin, 0) FROM pg_constraint
  WHERE contypid >= ${firstOfOurs} AND contype = 'c' ORDER BY contypid, conname`

/**
 * Types of ours. Those of tables only where a column is of such a type too, for the others are made of
 * the server's own alone.
 */
export const userTypesSql = `
  WITH made AS (
    SELECT attrelid, array_agg(DISTINCT atttypid) AS parts FROM pg_attribute
    WHERE atttypid >= ${firstOfOurs} AND attnum > 0 AND NOT attisdropped GROUP BY attrelid)
  SELECT t.oid, n.nspname, t.typname, format_type(t.oid, NULL),
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    array_to_json(array_remove(array_remove(
      ARRAY[t.typbasetype, t.typelem, r.rngsubtype, m.rngtypid]::oid[] || coalesce(made.parts, '{}'),
      0::oid), NULL))
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_range r ON r.rngtypid = t.oid
  LEFT JOIN pg_range m ON ${multirangeOf('m')} = t.oid
  LEFT JOIN pg_class c ON c.oid = t.typrelid LEFT JOIN made ON made.attrelid = t.typrelid
  LEFT JOIN pg_type e ON e.oid = t.typelem LEFT JOIN made AS element ON element.attrelid = e.typrelid
  WHERE t.oid >= ${firstOfOurs} AND (c.relkind IS NULL OR c.relkind = 'c' OR made.parts IS NOT NULL)
    AND (coalesce(e.typrelid, 0) = 0 OR element.parts IS NOT NULL)
  ORDER BY t.oid`

/** Of partitions and of tables that inherit. */
export const childrenSql = 'SELECT inhparent, inhrelid FROM pg_inherits ORDER BY 1, 2'

export const generatedSql = `
  SELECT a.attrelid, a.attname, pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attgenerated <> ''
  ORDER BY 1, 2`

export const sequencesSql = `
  SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND ${isOurs('n')} ORDER BY 1`

/** What planning a query of a table computes where it can: of indexes, and of what its rows are checked by. */
export const plannedSql = `
  SELECT indrelid, pg_get_expr(coalesce(e, p), indrelid) FROM pg_index, LATERAL (
    VALUES (indexprs, NULL), (NULL, indpred)) v(e, p) WHERE coalesce(e, p) IS NOT NULL
  UNION ALL SELECT conrelid, pg_get_expr(conbin, conrelid) FROM pg_constraint
  WHERE contype = 'c' AND conrelid >= ${firstOfOurs}
  ORDER BY 1, 2`

/** What indexes are searched by, where somebody wrote it. */
export const searchersSql = `
  SELECT DISTINCT i.indrelid, n.nspname || '.' || p.proname
  FROM pg_index i, unnest(i.indclass::oid[]) class, pg_opclass o, pg_amproc a, pg_proc p, pg_namespace n
  WHERE o.oid = class AND a.amprocfamily = o.opcfamily AND p.oid = a.amproc AND n.oid = p.pronamespace
    AND p.oid >= ${firstOfOurs}
  ORDER BY 1, 2`

/** Settings with a dot in their names that a module of the server has; the others are somebody's own. */
export const moduleSettingsSql = `
  SELECT lower(name) FROM pg_settings WHERE strpos(name, '.') > 0 ORDER BY 1`

export const policiesSql = `
  SELECT p.polrelid, pg_get_expr(p.polqual, p.polrelid)
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  WHERE c.relrowsecurity AND p.polqual IS NOT NULL AND p.polcmd IN ('r', '*')
  ORDER BY p.polrelid, p.polname`
