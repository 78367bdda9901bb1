/**
 * Functions that read nothing but their arguments, and the session they run in, and change nothing.
 * MySQL: https://dev.mysql.com/doc/refman/8.4/en/built-in-function-reference.html. MariaDB:
 * https://mariadb.com/kb/en/built-in-functions/; each was seen to be built in there (10.11).
 *
 * Left out on purpose: those that wait, lock or hold up (SLEEP, BENCHMARK, GET_LOCK, RELEASE_LOCK,
 * RELEASE_ALL_LOCKS, IS_FREE_LOCK, IS_USED_LOCK, MASTER_POS_WAIT, MASTER_GTID_WAIT, SOURCE_POS_WAIT,
 * WAIT_FOR_EXECUTED_GTID_SET, WSREP_*), that read files or keys of the server (LOAD_FILE, DES_*,
 * KEYRING_*), that hold up the server by what they are told (ENCRYPT, KDF: rounds without end, which no
 * KILL reaches), that count on (NEXTVAL, SETVAL, LASTVAL, UUID_SHORT), and MySQL's internal ones.
 */
const everywhere = `
  abs acos adddate addtime aes_decrypt aes_encrypt ascii asin atan atan2 avg bin bit_and bit_count
  bit_length bit_or bit_xor cast ceil ceiling char char_length character_length charset coalesce
  coercibility collation compress concat concat_ws connection_id conv convert convert_tz cos cot count
  crc32 cume_dist curdate current_date current_role current_time current_timestamp current_user curtime
  database date date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear
  default degrees dense_rank elt exp export_set extract extractvalue field find_in_set first_value floor
  format found_rows from_base64 from_days from_unixtime get_format greatest group_concat hex hour if
  ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa insert instr interval is_ipv4 is_ipv4_compat
  is_ipv4_mapped is_ipv6 isnull json_array json_array_append json_array_insert json_arrayagg
  json_contains json_contains_path json_depth json_extract json_insert json_keys json_length json_merge
  json_merge_patch json_merge_preserve json_object json_objectagg json_overlaps json_pretty json_quote
  json_remove json_replace json_search json_set json_table json_type json_unquote json_valid json_value
  lag last_day last_insert_id last_value lcase lead least left length ln localtime localtimestamp locate
  log log10 log2 lower lpad ltrim make_set makedate maketime match max md5 microsecond mid min minute mod
  month monthname name_const now nth_value ntile nullif oct octet_length ord percent_rank period_add
  period_diff pi position pow power quarter quote radians rand random_bytes rank regexp_instr
  regexp_replace regexp_substr repeat replace reverse right round row row_count row_number rpad rtrim
  schema sec_to_time second session_user sha sha1 sha2 sign sin soundex space sqrt std stddev stddev_pop
  stddev_samp str_to_date strcmp subdate substr substring substring_index subtime sum sysdate system_user
  tan time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_base64 to_days
  to_seconds trim truncate ucase uncompress uncompressed_length unhex unix_timestamp updatexml upper user
  utc_date utc_time utc_timestamp uuid values var_pop var_samp variance version week weekday weekofyear
  weight_string year yearweek
  geometrycollection linestring mbrcontains mbrdisjoint mbrequals mbrintersects mbroverlaps mbrtouches
  mbrwithin multilinestring multipoint multipolygon point polygon st_area st_asbinary st_asgeojson
  st_astext st_aswkb st_aswkt st_buffer st_centroid st_contains st_convexhull st_crosses st_difference
  st_dimension st_disjoint st_distance st_distance_sphere st_endpoint st_envelope st_equals st_exteriorring
  st_geomcollfromtext st_geomcollfromwkb st_geometrycollectionfromtext st_geometrycollectionfromwkb
  st_geometryfromtext st_geometryfromwkb st_geometryn st_geometrytype st_geomfromgeojson st_geomfromtext
  st_geomfromwkb st_interiorringn st_intersection st_intersects st_isclosed st_isempty st_issimple
  st_length st_linefromtext st_linefromwkb st_linestringfromtext st_linestringfromwkb st_numgeometries
  st_numinteriorrings st_numpoints st_overlaps st_pointfromtext st_pointfromwkb st_pointn
  st_polyfromtext st_polyfromwkb st_polygonfromtext st_polygonfromwkb st_srid st_startpoint
  st_symdifference st_touches st_union st_within st_x st_y 
  st_mlinefromtext st_mpointfromtext st_mpolyfromtext st_mpointfromwkb st_multipointfromtext
  st_multipointfromwkb st_mlinefromwkb st_multilinestringfromtext st_multilinestringfromwkb st_mpolyfromwkb
  st_multipolygonfromtext st_multipolygonfromwkb`

const mariadb = `
  add_months chr column_check column_exists column_get column_json column_list column_add column_create
  column_delete crc32c decode decode_histogram encode json_compact json_detailed json_equals json_exists
  json_loose json_normalize json_query lengthb median natural_sort_key nvl nvl2 old_password password
  percentile_cont percentile_disc schemas sformat sys_guid to_char json_array_intersect
  json_object_filter_keys json_object_to_array json_key_value json_schema_valid trim_oracle
  area asbinary astext aswkb aswkt boundary buffer centroid contains convexhull crosses dimension
  disjoint endpoint envelope equals exteriorring geomcollfromtext geomcollfromwkb geometrycollectionfromtext
  geometryfromtext geometryfromwkb geometryn geometrytype geomfromtext geomfromwkb glength interiorringn
  intersects isclosed isempty isring issimple linefromtext linefromwkb mbrequal mlinefromtext mpointfromtext
  mpolyfromtext numgeometries numinteriorrings numpoints overlaps pointfromtext pointfromwkb pointn
  pointonsurface polyfromtext polyfromwkb srid st_boundary st_isring st_pointonsurface st_relate startpoint
  touches within x y uuid_v4 uuid_v7 value vec_distance vec_distance_cosine vec_distance_euclidean
  vec_fromtext vec_totext rownum linestringfromtext linestringfromwkb polygonfromtext polygonfromwkb
  mpointfromwkb multipointfromtext multipointfromwkb mlinefromwkb multilinestringfromtext
  multilinestringfromwkb mpolyfromwkb multipolygonfromtext multipolygonfromwkb geometrycollectionfromwkb
  concat_operator_oracle decode_oracle lpad_oracle ltrim_oracle rpad_oracle rtrim_oracle replace_oracle
  substr_oracle`

const mysql = `
  any_value bin_to_uuid uuid_to_bin is_uuid grouping regexp_like json_schema_valid
  json_schema_validation_report json_storage_free json_storage_size format_bytes format_pico_time
  gtid_subset gtid_subtract icu_version statement_digest statement_digest_text mbrcoveredby mbrcovers
  st_frechetdistance st_hausdorffdistance st_latitude st_longitude st_lineinterpolatepoint
  st_lineinterpolatepoints st_makeenvelope st_pointatdistance st_swapxy st_transform validate_password_strength
  st_numinteriorring st_simplify st_isvalid st_latfromgeohash st_longfromgeohash
  st_geohash st_pointfromgeohash st_validate st_collect
  string_to_vector to_vector vector_to_string from_vector vector_dim distance`

const toSet = (...texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => text.trim().split(/\s+/)))

export const openFunctions: Readonly<Record<'MariaDB' | 'MySQL', ReadonlySet<string>>> = {
  MariaDB: toSet(everywhere, mariadb),
  MySQL: toSet(everywhere, mysql),
}

/** Those that only tell without an argument: with one they set something. */
export const bareFunctions: ReadonlySet<string> = new Set(['last_insert_id'])

/** Real ones that may not be called: refused, where any other unknown name is a mistake. */
export const closedFunctions: ReadonlySet<string> = toSet(`
  sleep benchmark get_lock release_lock release_all_locks is_free_lock is_used_lock master_pos_wait
  master_gtid_wait source_pos_wait wait_for_executed_gtid_set wsrep_sync_wait_upto_gtid
  wsrep_last_seen_gtid wsrep_last_written_gtid load_file des_encrypt des_decrypt nextval setval lastval
  encrypt kdf uuid_short binlog_gtid_pos ps_current_thread_id ps_thread_id roles_graphml sys_exec sys_eval`)
