/**
 * Extensions whose immutable and stable functions compute from their arguments, and nothing else
 * (https://www.postgresql.org/docs/current/contrib.html and the extensions' own manuals). Left out:
 * those that run a text as SQL (dblink, tablefunc, xml2), reach files or other servers (file_fdw,
 * postgis_raster, adminpack), or tell of other sessions (pg_stat_statements, pageinspect).
 */
const computing = new Set(
  `btree_gin btree_gist citext cube earthdistance fuzzystrmatch h3 hll hstore intarray ip4r isn ltree
  pg_trgm pg_uuidv7 pgcrypto postgis postgis_sfcgal seg semver tdigest timescaledb
  topn tsm_system_rows tsm_system_time unaccent unit uuid-ossp vector`.split(/\s+/),
)

/** Their functions that are volatile because they draw a number or a row. */
const drawing = new Set(
  `gen_random_bytes gen_random_uuid gen_salt pgp_pub_encrypt pgp_pub_encrypt_bytea pgp_sym_encrypt
  pgp_sym_encrypt_bytea uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
  uuid_generate_v7 system_rows system_time`.split(/\s+/),
)

/** Called stable or less, and yet more than a computation: keeps a setting, reads statistics or tables, builds SQL. */
const telling = new Set([
  '_postgis_index_extent',
  'approximate_row_count',
  'find_srid',
  'isn_weak',
  'st_estimatedextent',
  'st_findextent',
  'postgis_extensions_upgrade',
  'show_chunks',
])

export interface ExtensionFunction {
  readonly extension: string
  readonly name: string
  readonly volatile: boolean
}

export function isOpenExtensionFunction({ extension, name, volatile }: ExtensionFunction): boolean {
  if (!computing.has(extension) || telling.has(name)) return false
  if (/^(hypertable|chunks?)_/.test(name)) return false
  return !volatile || drawing.has(name)
}
