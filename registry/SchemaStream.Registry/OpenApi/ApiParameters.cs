namespace SchemaStream.Registry.OpenApi;

/// <summary>What each parameter of a path or a query means; the same name means the same everywhere.</summary>
internal static class ApiParameters
{
    private static readonly Dictionary<string, (string Type, string Meaning)> Known = new(StringComparer.Ordinal)
    {
        ["aliases"] = ("boolean", "Whether aliases are searched too."),
        ["associationType"] = ("string", "key or value."),
        ["cascadeLifecycle"] = ("boolean", "Whether a subject that is bound strongly goes with its association."),
        ["context"] = ("string", "A context's name; colons and the leading dot may be left out."),
        ["contextPrefix"] = ("string", "How the names of contexts begin."),
        ["defaultToGlobal"] = ("boolean", "Whether to show what holds, where nothing was set here."),
        ["deleted"] = ("boolean", "Whether soft-deleted ones are seen."),
        ["deletedAsNegative"] = ("boolean", "Shows soft-deleted versions as negative numbers."),
        ["deletedOnly"] = ("boolean", "Whether only soft-deleted ones are seen."),
        ["dryRun"] = ("boolean", "Decides without doing."),
        ["fetchMaxId"] = ("boolean", "Adds the largest id of the context."),
        ["findTags"] = ("string", "Tags to show with the parts of the schema that carry them; * is any."),
        ["force"] = ("boolean", "Does without the check that would stand in the way."),
        ["format"] = ("string", "resolved (Avro), ignore_extensions or serialized (Protobuf); otherwise the stored text."),
        ["guid"] = ("string", "A schema's GUID."),
        ["id"] = ("integer", "A schema's id in its context."),
        ["includeSchemas"] = ("boolean", "Whether schemas are shown."),
        ["key"] = ("string", "A property's name; each goes with a value."),
        ["latestOnly"] = ("boolean", "Only the latest version of each subject."),
        ["lifecycle"] = ("string", "STRONG, WEAK, or NONE for subjects without an association."),
        ["limit"] = ("integer", "How many; 0 or less means the default."),
        ["name"] = ("string", "A resource's name, or - for any."),
        ["namespace"] = ("string", "A resource's namespace, or - for any."),
        ["normalize"] = ("boolean", "Brings the schema to its normal form first."),
        ["offset"] = ("integer", "How many to leave out at the beginning."),
        ["permanent"] = ("boolean", "Deletes for good what was deleted softly."),
        ["recursive"] = ("boolean", "Everything below as well."),
        ["referenceFormat"] = ("string", "qualified: references name their context."),
        ["resourceId"] = ("string", "A resource's id."),
        ["resourceType"] = ("string", "The kind of resource: topic."),
        ["ruleType"] = ("string", "Only schemas with a rule of this type."),
        ["subject"] = ("string", "A subject, or an alias of one; :.context:name is in a context."),
        ["subjectPrefix"] = ("string", "How the names of subjects begin; :*: is any context."),
        ["topicPrefix"] = ("string", "How the names of topics begin."),
        ["topic"] = ("string", "A topic's name."),
        ["value"] = ("string", "A property's value."),
        ["verbose"] = ("boolean", "Adds the reasons."),
        ["version"] = ("string", "A number from 1, or latest."),
    };

    public static (string Type, string Meaning) Of(string name) => Known.GetValueOrDefault(name, ("string", ""));

    public static bool IsKnown(string name) => Known.ContainsKey(name);
}
