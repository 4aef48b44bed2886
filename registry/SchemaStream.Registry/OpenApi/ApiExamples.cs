namespace SchemaStream.Registry.OpenApi;

/// <summary>A body for each operation that takes one, which a registry accepts as it is; a test sends them all.</summary>
/// <remarks>They tell one story: the topic <c>orders</c> and its value, of the type <c>com.acme.OrderPlaced</c>.</remarks>
internal static class ApiExamples
{
    private static readonly Dictionary<string, string> ByEntity = new(StringComparer.Ordinal)
    {
        ["RegisterRequest"] =
            """{"schemaType":"AVRO","schema":"{\"type\":\"record\",\"name\":\"OrderPlaced\",\"namespace\":\"com.acme\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}"}""",
        ["TagRequest"] = """{"tagsToAdd":[{"schemaEntity":{"entityPath":"com.acme.OrderPlaced.id","entityType":"sr_field"},"tags":["PII"]}]}""",
        ["ConfigUpdate"] = """{"compatibility":"BACKWARD"}""",
        ["Mode"] = """{"mode":"READWRITE"}""",
        ["AssociationBatchGet"] = """{"requests":[{"resourceName":"orders","resourceNamespace":"kafka","resourceType":"topic"}]}""",
        ["AssociationBatchMutate"] =
            """{"requests":[{"resourceName":"orders","resourceNamespace":"kafka","resourceId":"orders-id","resourceType":"topic","associations":[{"opType":"UPSERT","subject":"orders-value","associationType":"value","lifecycle":"WEAK"}]}]}""",
        ["Contract"] = """{"value":{"format":"AVRO","type":"com.acme.OrderPlaced"}}""",
    };

    private static readonly Dictionary<string, string> ByPath = new(StringComparer.Ordinal)
    {
        ["/associations"] = """{"resourceName":"orders","resourceNamespace":"kafka","resourceId":"orders-id","resourceType":"topic","associations":[{"subject":"orders-value","associationType":"value","lifecycle":"WEAK"}]}""",
        ["/associations/resources/{resourceId}"] = """{"resourceName":"orders","resourceNamespace":"kafka","resourceType":"topic","associations":[{"subject":"orders-value","associationType":"value","lifecycle":"WEAK"}]}""",
        ["/contracts/topics/{topic}/successor"] = """{"topic":"orders.v2","value":{"format":"AVRO","type":"com.acme.OrderAccepted"}}""",
    };

    /// <summary>The example, as JSON.</summary>
    public static string Of(ApiOperation operation) => ByPath.GetValueOrDefault(operation.Path) ?? ByEntity[operation.Body];
}
