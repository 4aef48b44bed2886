using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Acls;

/// <summary>The resources and rules that a command line of <c>kafka-acls</c> is about.</summary>
internal sealed class AclArguments(ToolArguments arguments)
{
    private const string AnyHost = "*";

    private static readonly string[] Actions = ["add", "remove", "list"];

    private static readonly (string Option, sbyte Type)[] Resources =
    [
        ("topic", AclNames.Topic), ("group", AclNames.Group), ("transactional-id", AclNames.TransactionalId),
        ("delegation-token", AclNames.DelegationToken), ("user-principal", AclNames.User),
    ];

    /// <summary>Whether names are whole or beginnings; or, where rules are looked for, either.</summary>
    /// <exception cref="ToolUsageException">There is no such type.</exception>
    public sbyte Pattern => arguments.Value("resource-pattern-type") is not { } typed
        ? AclNames.Literal
        : AclNames.FindPattern(typed) ?? throw Wrong($"Unknown resource-pattern-type: {typed}");

    /// <exception cref="ToolUsageException">Options do not fit together.</exception>
    public void Check()
    {
        if (!arguments.Has("bootstrap-server"))
        {
            throw Wrong("One of --bootstrap-server or --bootstrap-controller must be specified");
        }

        Demand(Actions.Count(arguments.Has) == 1, "Command must include exactly one action: --list, --add, --remove. ");
        arguments.Refuse("list", "producer", "consumer", "allow-host", "allow-principal", "deny-host", "deny-principal");
        arguments.Refuse("producer", "operation", "deny-principal", "deny-host");
        arguments.Refuse("consumer", "operation", "deny-principal", "deny-host");
        Demand(!arguments.Has("principal") || arguments.Has("list"), "The --principal option is only available if --list is set");
        Demand(!arguments.Has("producer") || arguments.Has("topic"), "With --producer you must specify a --topic");
        Demand(!arguments.Has("idempotent") || arguments.Has("producer"), "The --idempotent option is only available if --producer is set");
        Demand(
            !arguments.Has("consumer") || (arguments.Has("topic") && arguments.Has("group")
                && (arguments.Has("producer") || !(arguments.Has("cluster") || arguments.Has("transactional-id")))),
            "With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.");
        Demand(!arguments.Has("add") || Pattern is AclNames.Literal or 4,
            $"A '--resource-pattern-type' value of '{arguments.Value("resource-pattern-type")}' is not valid when adding acls.");
    }

    /// <summary>The resources that are named.</summary>
    public List<AclResource> FindResources()
    {
        var pattern = Pattern;
        var found = new List<AclResource>();
        foreach (var (option, type) in Resources)
        {
            found.AddRange(arguments.Values(option).Select(name => new AclResource(type, name.Trim(), pattern)));
            if (type == AclNames.Topic && pattern == AclNames.Literal && (arguments.Has("cluster") || arguments.Has("idempotent")))
            {
                found.Add(AclResource.Cluster);
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>The principals of an option.</summary>
    /// <exception cref="ToolUsageException">One has no type.</exception>
    public IReadOnlyList<string> Principals(string option) => [.. arguments.Values(option).Select(each => each.Trim()).Select(each =>
        each.Contains(':', StringComparison.Ordinal)
            ? each
            : throw new ToolUsageException($"expected a string in format principalType:principalName but got {each}")).Distinct()];

    /// <summary>The rules of each resource; none where all are meant.</summary>
    /// <exception cref="ToolUsageException">No resource is named, or it has no such operation.</exception>
    public List<(AclResource Resource, List<AclRule> Rules)> FindRules()
    {
        var resources = FindResources();
        Demand(resources.Count > 0,
            "You must provide at least one resource: --topic <topic> or --cluster or --group <group> or --delegation-token <Delegation Token ID>");
        var rules = new Dictionary<AclResource, List<AclRule>>();
        if (!arguments.Has("producer") && !arguments.Has("consumer"))
        {
            var typed = Rules([.. (arguments.Has("operation") ? arguments.Values("operation") : ["All"]).Select(Operation)]);
            resources.ForEach(resource => rules.Add(resource, typed));
        }

        if (arguments.Has("producer"))
        {
            Grant(rules, resources, AclNames.Topic, AclNames.Write, AclNames.Describe, AclNames.Create);
            Grant(rules, resources, AclNames.TransactionalId, AclNames.Write, AclNames.Describe);
            if (arguments.Has("idempotent"))
            {
                Grant(rules, [AclResource.Cluster], AclNames.Cluster, AclNames.IdempotentWrite);
            }
        }

        if (arguments.Has("consumer"))
        {
            Grant(rules, resources, AclNames.Topic, AclNames.Read, AclNames.Describe);
            Grant(rules, resources, AclNames.Group, AclNames.Read);
        }

        foreach (var (resource, its) in rules)
        {
            var supported = AclNames.SupportedBy(resource.Type);
            Demand(its.TrueForAll(rule => supported.Contains(rule.Operation)),
                $"ResourceType {AclNames.ResourceOf(resource.Type)} only supports operations {string.Join(", ", supported.Select(AclNames.Typed))}");
        }

        Demand(!arguments.Has("add") || rules.Values.All(its => its.Count > 0),
            "You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.");
        return [.. rules.Select(each => (each.Key, each.Value))];
    }

    private void Grant(Dictionary<AclResource, List<AclRule>> rules, List<AclResource> resources, sbyte type, params sbyte[] operations)
    {
        foreach (var resource in resources.Where(each => each.Type == type))
        {
            var granted = Rules([.. operations]);
            rules[resource] = rules.TryGetValue(resource, out var present) ? [.. granted.Union(present)] : granted;
        }
    }

    private List<AclRule> Rules(List<sbyte> operations) =>
    [
        .. Rules("allow", AclNames.Allow, operations),
        .. Rules("deny", AclNames.Deny, operations),
    ];

    private IEnumerable<AclRule> Rules(string kind, sbyte permission, List<sbyte> operations) =>
        from principal in Principals($"{kind}-principal")
        from operation in operations.Distinct()
        from host in arguments.Has($"{kind}-host") ? arguments.Values($"{kind}-host").Select(each => each.Trim()).Distinct() : [AnyHost]
        select new AclRule(principal, host, operation, permission);

    private static sbyte Operation(string typed) => AclNames.FindOperation(typed.Trim()) ?? throw Wrong($"Unknown operation: {typed}");

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw Wrong(otherwise);
        }
    }

    private static ToolUsageException Wrong(string message) => new(message) { ShowsUsage = true };
}
