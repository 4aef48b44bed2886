using System.Globalization;

namespace SchemaStream.Cli.Kafka.Acls;

/// <summary>What the protocol has numbers for, by Kafka's names.</summary>
internal static class AclNames
{
    public const sbyte Any = 1;
    public const sbyte Literal = 3;

    public const sbyte Topic = 2;
    public const sbyte Group = 3;
    public const sbyte Cluster = 4;
    public const sbyte TransactionalId = 5;
    public const sbyte DelegationToken = 6;
    public const sbyte User = 7;

    public const sbyte Deny = 2;
    public const sbyte Allow = 3;

    public const sbyte All = 2;
    public const sbyte Read = 3;
    public const sbyte Write = 4;
    public const sbyte Create = 5;
    public const sbyte Describe = 8;
    public const sbyte IdempotentWrite = 12;

    private static readonly string[] Operations =
    [
        "UNKNOWN", "ANY", "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION", "DESCRIBE_CONFIGS", "ALTER_CONFIGS",
        "IDEMPOTENT_WRITE", "CREATE_TOKENS", "DESCRIBE_TOKENS",
    ];

    private static readonly string[] Resources = ["UNKNOWN", "ANY", "TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER"];
    private static readonly string[] Patterns = ["UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED"];
    private static readonly string[] Permissions = ["UNKNOWN", "ANY", "DENY", "ALLOW"];

    /// <summary>The names of all operations that a rule can allow or deny, as they are typed.</summary>
    public static IEnumerable<string> OperationNames => Operations.Skip(All).Select(Pascal);

    public static string OperationOf(sbyte code) => Name(Operations, code);

    public static string ResourceOf(sbyte code) => Name(Resources, code);

    public static string PatternOf(sbyte code) => Name(Patterns, code);

    public static string PermissionOf(sbyte code) => Name(Permissions, code);

    /// <summary>An operation as it is typed, such as <c>DescribeConfigs</c>; null: there is none such.</summary>
    public static sbyte? FindOperation(string typed) =>
        Array.FindIndex(Operations, name => Pascal(name).Equals(typed, StringComparison.OrdinalIgnoreCase)) is > 0 and var code ? (sbyte)code : null;

    /// <summary>A pattern type as it is typed, in any case; null: there is none such.</summary>
    public static sbyte? FindPattern(string typed) =>
        Array.FindIndex(Patterns, name => name.Equals(typed, StringComparison.OrdinalIgnoreCase)) is > 0 and var code ? (sbyte)code : null;

    /// <summary>An operation as it is typed.</summary>
    public static string Typed(sbyte operation) => Pascal(OperationOf(operation));

    /// <summary>The operations that rules on a kind of resource can have.</summary>
    public static IReadOnlyList<sbyte> SupportedBy(sbyte resource) => resource switch
    {
        Topic => [Read, Write, Create, Describe, 6, 7, 10, 11, All],
        Group => [Read, Describe, 6, 10, 11, All],
        Cluster => [Create, 9, 10, 11, IdempotentWrite, 7, Describe, All],
        TransactionalId => [Describe, Write, All],
        DelegationToken => [Describe, All],
        _ => [13, 14, All],
    };

    private static string Name(string[] names, sbyte code) => code >= 0 && code < names.Length ? names[code] : names[0];

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word =>
        word[..1] + word[1..].ToLower(CultureInfo.InvariantCulture)));
}
