/**
 * The nodes of PostgreSQL's grammar that reading needs, each with the fields it may have
 * (https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/nodes/parsenodes.h and
 * primnodes.h). A node or a field that is not here is refused: INTO, FOR UPDATE and everything that
 * a later grammar brings are among those. `field:Kind` is a struct that stands there without its name.
 */
const shapes = `
  SelectStmt distinctClause targetList fromClause whereClause groupClause groupDistinct havingClause
    windowClause valuesLists sortClause limitOffset limitCount limitOption withClause:WithClause op all
    larg:SelectStmt rarg:SelectStmt
  WithClause ctes recursive
  CommonTableExpr ctename aliascolnames ctematerialized ctequery search_clause:CTESearchClause
    cycle_clause:CTECycleClause
  CTESearchClause search_col_list search_breadth_first search_seq_column
  CTECycleClause cycle_col_list cycle_mark_column cycle_mark_value cycle_mark_default cycle_path_column
  ResTarget name indirection val
  RangeVar catalogname schemaname relname inh relpersistence alias:Alias
  Alias aliasname colnames
  RangeSubselect lateral subquery alias:Alias
  RangeFunction lateral ordinality is_rowsfrom functions alias:Alias coldeflist
  ColumnDef colname typeName:TypeName is_local collClause:CollateClause
  RangeTableSample relation method args repeatable
  RangeTableFunc lateral docexpr rowexpr namespaces columns alias:Alias
  RangeTableFuncCol colname typeName:TypeName for_ordinality is_not_null colexpr coldefexpr
  JoinExpr jointype isNatural larg rarg usingClause join_using_alias:Alias quals alias:Alias
  ColumnRef fields
  A_Star
  A_Const ival:Integer fval:Float boolval:Boolean sval:String bsval:BitString isnull
  A_Expr kind name lexpr rexpr rexpr_list_start rexpr_list_end
  A_Indirection arg indirection
  A_Indices is_slice lidx uidx
  A_ArrayExpr elements list_start list_end
  BoolExpr boolop args
  NullTest arg nulltesttype argisrow
  BooleanTest arg booltesttype
  CaseExpr arg args defresult
  CaseWhen expr result
  CoalesceExpr args
  MinMaxExpr op args
  RowExpr args row_format colnames
  SubLink subLinkType testexpr operName subselect
  FuncCall funcname args agg_order agg_filter over:WindowDef agg_within_group agg_star agg_distinct
    func_variadic funcformat
  NamedArgExpr arg name argnumber
  WindowDef name refname partitionClause orderClause frameOptions startOffset endOffset
  SortBy node sortby_dir sortby_nulls useOp
  GroupingSet kind content
  GroupingFunc args
  TypeCast arg typeName:TypeName
  TypeName names setof pct_type typmods typemod arrayBounds
  CollateClause arg collname
  SQLValueFunction op typmod
  XmlExpr op name named_args arg_names args xmloption indent
  XmlSerialize xmloption expr typeName:TypeName indent
  JsonOutput typeName:TypeName returning:JsonReturning
  JsonReturning format:JsonFormat
  JsonFormat format_type encoding
  JsonValueExpr raw_expr formatted_expr format:JsonFormat
  JsonArgument val:JsonValueExpr name
  JsonKeyValue key value:JsonValueExpr
  JsonObjectConstructor exprs output:JsonOutput absent_on_null unique
  JsonArrayConstructor exprs output:JsonOutput absent_on_null
  JsonArrayQueryConstructor query output:JsonOutput format:JsonFormat absent_on_null
  JsonAggConstructor output:JsonOutput agg_filter agg_order over:WindowDef
  JsonObjectAgg constructor:JsonAggConstructor arg:JsonKeyValue absent_on_null unique
  JsonArrayAgg constructor:JsonAggConstructor arg:JsonValueExpr absent_on_null
  JsonIsPredicate expr format:JsonFormat item_type unique_keys
  JsonFuncExpr op column_name context_item:JsonValueExpr pathspec passing output:JsonOutput
    on_empty:JsonBehavior on_error:JsonBehavior wrapper quotes
  JsonBehavior btype expr coerce
  JsonTable context_item:JsonValueExpr pathspec:JsonTablePathSpec passing columns on_error:JsonBehavior
    alias:Alias lateral
  JsonTableColumn coltype name typeName:TypeName pathspec:JsonTablePathSpec format:JsonFormat wrapper quotes
    columns on_empty:JsonBehavior on_error:JsonBehavior
  JsonTablePathSpec string name name_location
  JsonParseExpr expr:JsonValueExpr output:JsonOutput unique_keys
  JsonScalarExpr expr output:JsonOutput
  JsonSerializeExpr expr:JsonValueExpr output:JsonOutput
  List items
  String sval
  Integer ival
  Float fval
  Boolean boolval
  BitString bsval
  ExplainStmt query options
  DefElem defname arg defaction
  VariableShowStmt name`

/** Field → the kind of struct that stands there, or undefined for nodes and plain values. */
export type Shape = ReadonlyMap<string, string | undefined>

export const nodeShapes: ReadonlyMap<string, Shape> = new Map(
  shapes
    .trim()
    .split(/\n {2}(?=\S)/)
    .map((line) => {
      const [kind = '', ...fields] = line.trim().split(/\s+/)
      return [kind, new Map(['location', ...fields].map(toField))] as const
    }),
)

function toField(field: string): [string, string | undefined] {
  const [name = '', kind] = field.split(':')
  return [name, kind]
}
