import type { MessageTable } from "./table.ts";

/** Machine learning: known by name so that it can be refused by name. */
export const ML_MESSAGES: MessageTable = {
  MlParams: "params% 1 Expression.Literal",
  MlOperator: "name 1 string; uid 2 string; type 3 .OperatorType",
  ObjectRef: "id 1 string",
  MlCommand:
    "command { fit 1 .Fit; fetch 2 Fetch; delete 3 .Delete; write 4 .Write; read 5 .Read; " +
    "evaluate 6 .Evaluate; clean_cache 7 .CleanCache; get_cache_info 8 .GetCacheInfo; " +
    "create_summary 9 .CreateSummary; get_model_size 10 .GetModelSize }",
  "MlCommand.Fit": "estimator 1 MlOperator; params? 2 MlParams; dataset 3 Relation",
  "MlCommand.Delete": "obj_refs* 1 ObjectRef; evict_only? 2 bool",
  "MlCommand.CleanCache": "",
  "MlCommand.GetCacheInfo": "",
  "MlCommand.Write":
    "type { operator 1 MlOperator; obj_ref 2 ObjectRef }; params? 3 MlParams; path 4 string; " +
    "should_overwrite? 5 bool; options% 6 string",
  "MlCommand.Read": "operator 1 MlOperator; path 2 string",
  "MlCommand.Evaluate": "evaluator 1 MlOperator; params? 2 MlParams; dataset 3 Relation",
  "MlCommand.CreateSummary": "model_ref 1 ObjectRef; dataset 2 Relation",
  "MlCommand.GetModelSize": "model_ref 1 ObjectRef",
  MlCommandResult:
    "result_type { param 1 Expression.Literal; summary 2 string; operator_info 3 .MlOperatorInfo }",
  "MlCommandResult.MlOperatorInfo":
    "type { obj_ref 1 ObjectRef; name 2 string }; uid? 3 string; params? 4 MlParams; " +
    "warning_message? 5 string",
};
