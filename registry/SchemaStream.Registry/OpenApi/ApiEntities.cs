namespace SchemaStream.Registry.OpenApi;

/// <summary>The entities of the API, property by property: <c>name:type</c>, a type in brackets is a list of it.</summary>
internal static class ApiEntities
{
    private const string Content =
        "guid:string schemaType:string references:[Reference] metadata:Metadata ruleSet:RuleSet schema:string";

    /// <summary>By name. What is empty is left out of replies; what is unknown is ignored in requests.</summary>
    public static IReadOnlyList<(string Name, string Properties)> All { get; } =
    [
        ("Nothing", ""),
        ("Health", "status:string leader:boolean"),
        ("Error", "error_code:integer message:string"),
        ("Schema", $"subject:string version:integer id:integer {Content} schemaTags:[SchemaTags] ts:integer deleted:boolean"),
        ("ListedSchema",
            $"subject:string version:integer id:integer {Content} schemaTags:[SchemaTags] ts:integer deleted:boolean " +
            "aliases:[string] associations:[Association]"),
        ("SchemaString", $"subject:string version:integer {Content} schemaTags:[SchemaTags] ts:integer deleted:boolean maxId:integer"),
        ("RegisterRequest",
            "version:integer id:integer schemaType:string references:[Reference] metadata:Metadata ruleSet:RuleSet " +
            "schema:string schemaTagsToAdd:[SchemaTags] schemaTagsToRemove:[SchemaTags] propagateSchemaTags:boolean"),
        ("RegisterResponse", $"id:integer version:integer {Content} ts:integer deleted:boolean"),
        ("Reference", "name:string subject:string version:integer"),
        ("Metadata", "tags:object properties:object sensitive:[string]"),
        ("RuleSet", "migrationRules:[Rule] domainRules:[Rule] encodingRules:[Rule] enableAt:string"),
        ("Rule",
            "name:string doc:string kind:string mode:string type:string tags:[string] params:object expr:string " +
            "onSuccess:string onFailure:string disabled:boolean"),
        ("SchemaTags", "schemaEntity:SchemaEntity tags:[string]"),
        ("SchemaEntity", "entityPath:string entityType:string"),
        ("TagRequest",
            "newVersion:integer tagsToAdd:[SchemaTags] tagsToRemove:[SchemaTags] metadata:Metadata ruleSet:RuleSet " +
            "rulesToMerge:RuleSet rulesToRemove:[string]"),
        ("SubjectVersion", "subject:string version:integer"),
        ("ContextId", "context:string id:integer"),
        ("Verdict", "is_compatible:boolean messages:[string]"),
        ("Mode", "mode:string"),
        ("Config", ConfigProperties("compatibilityLevel")),
        ("ConfigUpdate", ConfigProperties("compatibility")),
        ("ServerId", "scope:object"),
        ("ServerVersion", "version:string commitId:string"),
        ("Deployment", "attributes:[string]"),
        ("Association",
            "subject:string guid:string resourceName:string resourceNamespace:string resourceId:string resourceType:string " +
            "associationType:string lifecycle:string frozen:boolean createTs:integer updateTs:integer"),
        ("AssociationRequest",
            "resourceName:string resourceNamespace:string resourceId:string resourceType:string associations:[AssociationClaim]"),
        ("AssociationClaim",
            "subject:string associationType:string lifecycle:string frozen:boolean schema:RegisterRequest normalize:boolean"),
        ("AssociationResponse",
            "resourceName:string resourceNamespace:string resourceId:string resourceType:string associations:[AssociationResult]"),
        ("AssociationResult", "subject:string associationType:string lifecycle:string frozen:boolean schema:Schema"),
        ("AssociationBatchGet", "requests:[object]"),
        ("AssociationBatchMutate", "requests:[object]"),
        ("AssociationBatch", "results:[object]"),
        ("Contract",
            "topic:string key:ContractSlot value:ContractSlot binding:string since:string boundBy:string predecessor:string " +
            "successor:string"),
        ("ContractSlot", "format:string type:string types:[string] subject:string evolution:string"),
        ("ContractFact",
            "event:string key:ContractSlot value:ContractSlot binding:string predecessor:string at:string by:string"),
    ];

    private static string ConfigProperties(string level) =>
        "alias:string aliasForDeks:string normalize:boolean validateFields:boolean validateNewSchemas:boolean " +
        $"validateRules:boolean {level}:string compatibilityPolicy:string compatibilityGroup:string defaultMetadata:Metadata " +
        "overrideMetadata:Metadata defaultRuleSet:RuleSet overrideRuleSet:RuleSet";
}
