/**
 * System variables that tell how the server reads, compares and limits
 * (https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html); where tables or columns are
 * closed, only these may be read.
 */
const plain =
  `version character_set_ collation_ sql_mode time_zone system_time_zone lc_ max_ min_ tx_
  transaction_ auto_increment_ lower_case_ group_concat_ div_precision default_week_format timestamp
  autocommit big_tables cte_ foreign_key_checks ft_ wait_timeout lock_wait_timeout innodb_version
  warning_count error_count read_only license protocol_version`.split(/\s+/)

/** What may hold a password or a key, or says where one lies. */
const secrets = /passw|auth|secret|_key|keyring|ssl_|tls_|token|wsrep_|init_/

const harmless = /^key_|^init_connect$|foreign_key|_key_block|primary_key/

/** The same for the rows of SHOW VARIABLES: a condition that the server applies. */
export function openVariablesSql(isRestricted: boolean): string {
  if (isRestricted) return `Variable_name RLIKE '^(?:${plain.join('|')})'`
  return `(Variable_name NOT RLIKE '${secrets.source}' OR Variable_name RLIKE '${harmless.source}')`
}

/** May this variable be read? A name, or the pattern of a LIKE that names many. */
export function isOpenVariable(name: string, isRestricted: boolean): boolean {
  const lower = name.toLowerCase().replaceAll('\\_', '_')
  if (isRestricted) return plain.some((family) => lower.startsWith(family))
  return !secrets.test(lower) || harmless.test(lower)
}
