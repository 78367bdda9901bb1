/**
 * Functions that read nothing but their arguments and change nothing, of SQLite 3.53 with its JSON,
 * math, date, FTS and R-Tree parts (https://sqlite.org/lang_corefunc.html and its neighbours). Left
 * out on purpose: load_extension, fts3_tokenizer, fts5, optimize, sqlite_log, geopoly_debug, rtreecheck.
 */
const text = `
  abs changes char coalesce concat concat_ws format glob hex if ifnull iif instr last_insert_rowid
  length like likelihood likely lower ltrim max min nullif octet_length printf quote random randomblob
  replace round rtrim sign soundex sqlite_compileoption_get sqlite_compileoption_used sqlite_offset
  sqlite_source_id sqlite_version substr substring subtype total_changes trim typeof unhex unicode
  unistr unistr_quote unlikely upper zeroblob -> ->>
  match regexp
  current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch
  avg count group_concat median percentile percentile_cont percentile_disc string_agg sum total
  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
  acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod
  pi pow power radians sin sinh sqrt tan tanh trunc
  json json_array json_array_insert json_array_length json_error_position json_extract json_group_array
  json_group_object json_insert json_object json_patch json_pretty json_quote json_remove json_replace
  json_set json_type json_valid jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array
  jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set
  bm25 highlight snippet offsets matchinfo fts5_source_id fts5_get_locale fts5_locale fts5_insttoken
  geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point geopoly_group_bbox
  geopoly_json geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform rtreedepth
  rtreenode`

export const openFunctions: ReadonlySet<string> = new Set(text.trim().split(/\s+/))
