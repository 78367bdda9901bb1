/**
 * Every kind of node that a query's tree may have, with all its parts, of DuckDB 1.5: the files
 * `parsed_expression.json`, `tableref.json`, `query_node.json` and `nodes.json` of its source
 * (https://github.com/duckdb/duckdb/tree/main/src/include/duckdb/storage/serialization). A kind or a
 * part that a later version adds is refused until it stands here.
 */
const table = 'type alias sample query_location'
const expression = 'class type alias query_location'
const query = 'type modifiers cte_map'

const parts: Readonly<Record<string, string>> = {
  // Queries
  SELECT_NODE: `${query} select_list from_table where_clause group_expressions group_sets
    aggregate_handling having sample qualify`,
  SET_OPERATION_NODE: `${query} setop_type left right setop_all children`,
  RECURSIVE_CTE_NODE: `${query} cte_name union_all left right aliases key_targets payload_aggregates`,

  // What stands in FROM
  BASE_TABLE: `${table} schema_name table_name column_name_alias catalog_name at_clause`,
  EMPTY: table,
  EXPRESSION_LIST: `${table} expected_names expected_types values`,
  JOIN: `${table} left right condition join_type ref_type using_columns delim_flipped
    duplicate_eliminated_columns`,
  PIVOT: `${table} source aggregates unpivot_names pivots groups column_name_alias include_nulls`,
  SHOW_REF: `${table} table_name query show_type catalog_name schema_name`,
  // of a query, and of an expression
  SUBQUERY: `${table} subquery column_name_alias ${expression} subquery_type child comparison_type`,
  TABLE_FUNCTION: `${table} function column_name_alias with_ordinality`,

  // Expressions
  BETWEEN: `${expression} input lower upper`,
  CASE: `${expression} case_checks else_expr`,
  CAST: `${expression} child cast_type try_cast`,
  COLLATE: `${expression} child collation`,
  COLUMN_REF: `${expression} column_names`,
  COMPARISON: `${expression} left right`,
  CONJUNCTION: `${expression} children`,
  CONSTANT: `${expression} value`,
  DEFAULT: expression,
  FUNCTION: `${expression} function_name schema children filter order_bys distinct is_operator
    export_state catalog`,
  LAMBDA: `${expression} lhs expr syntax_type`,
  LAMBDA_REF: `${expression} lambda_idx column_name`,
  OPERATOR: `${expression} children`,
  PARAMETER: `${expression} identifier`,
  POSITIONAL_REFERENCE: `${expression} index`,
  STAR: `${expression} relation_name exclude_list replace_list columns expr unpacked
    qualified_exclude_list rename_list`,
  TYPE: `${expression} catalog schema type_name children`,
  WINDOW: `${expression} function_name schema catalog children partitions orders start end start_expr
    end_expr offset_expr default_expr ignore_nulls filter_expr exclude_clause distinct arg_orders`,

  // What comes after a query, and orders
  LIMIT_MODIFIER: 'type limit offset',
  LIMIT_PERCENT_MODIFIER: 'type limit offset',
  ORDER_MODIFIER: 'type orders',
  DISTINCT_MODIFIER: 'type distinct_on_targets',
  ORDER_DEFAULT: 'type null_order expression',
  ASCENDING: 'type null_order expression',
  DESCENDING: 'type null_order expression',

  // Groups of parts that have no kind of their own
  PARTS: `node named_param_map map key value aliases query materialized key_targets when_expr then_expr
    catalog schema table column pivot_expressions unpivot_names entries pivot_enum values star_expr
    alias sample_size is_percentage method seed type is_null id type_info`,
}

export const shapes: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(parts).map(([kind, names]) => [kind, new Set(names.split(/\s+/))]),
)
