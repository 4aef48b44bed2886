namespace SchemaStream.Cli.Kafka.Acls;

/// <summary>Resources that rules are about, by name.</summary>
/// <param name="Type">Such as a topic.</param>
/// <param name="Name">The name, or how names begin.</param>
/// <param name="Pattern">Which of the two; or, where rules are looked for, any.</param>
internal sealed record AclResource(sbyte Type, string Name, sbyte Pattern)
{
    public static AclResource Cluster { get; } = new(AclNames.Cluster, "kafka-cluster", AclNames.Literal);

    public override string ToString() =>
        $"ResourcePattern(resourceType={AclNames.ResourceOf(Type)}, name={Name}, patternType={AclNames.PatternOf(Pattern)})";
}

/// <summary>Who may do what, or may not.</summary>
internal sealed record AclRule(string Principal, string Host, sbyte Operation, sbyte Permission)
{
    public override string ToString() =>
        $"(principal={Principal}, host={Host}, operation={AclNames.OperationOf(Operation)}, permissionType={AclNames.PermissionOf(Permission)})";
}
