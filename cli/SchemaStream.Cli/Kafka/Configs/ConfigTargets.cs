using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary>Whose settings a command line is about: kinds of entities and names of them, each in its order.</summary>
/// <param name="Types">Such as <c>topics</c>; two only for users' clients.</param>
/// <param name="Names">Up to one for each type; empty: those that have none of their own.</param>
internal sealed record ConfigTargets(IReadOnlyList<string> Types, IReadOnlyList<string> Names)
{
    public const string Topics = "topics";
    public const string Brokers = "brokers";
    public const string BrokerLoggers = "broker-loggers";
    public const string Clients = "clients";
    public const string Users = "users";
    public const string Ips = "ips";
    public const string ClientMetrics = "client-metrics";
    public const string Groups = "groups";

    private static readonly string[] All = [Topics, Clients, Users, Brokers, Ips, BrokerLoggers, ClientMetrics, Groups];

    /// <summary>Options that have type and name in one.</summary>
    private static readonly (string Option, string Type)[] Named =
    [
        ("topic", Topics), ("client", Clients), ("user", Users), ("broker", Brokers), ("broker-logger", BrokerLoggers), ("ip", Ips),
        ("client-metrics", ClientMetrics), ("group", Groups),
    ];

    private static readonly (string Option, string Type)[] Defaults =
    [
        ("client-defaults", Clients), ("user-defaults", Users), ("broker-defaults", Brokers), ("ip-defaults", Ips),
    ];

    /// <summary>The first type: it says what is to be done.</summary>
    public string Type => Types[0];

    /// <summary>The first name; null: all of them.</summary>
    public string? Name => Names.Count > 0 ? Names[0] : null;

    /// <exception cref="ToolUsageException">Types and names do not fit together, or not what is to be done.</exception>
    public static ConfigTargets Read(ToolArguments arguments)
    {
        var named = Named.Where(each => arguments.Has(each.Option)).ToList();
        var defaults = Defaults.Where(each => arguments.Has(each.Option)).ToList();
        var targets = new ConfigTargets(
            [.. arguments.Values("entity-type"), .. named.Select(each => each.Type), .. defaults.Select(each => each.Type)],
            [.. EntityNames(arguments), .. named.Select(each => arguments.Value(each.Option)!), .. defaults.Select(_ => "")]);
        targets.CheckTypes();
        Demand(
            named.Count + defaults.Count == 0 || !(arguments.Has("entity-type") || arguments.Has("entity-name") || arguments.Has("entity-default")),
            "--entity-{type,name,default} should not be used in conjunction with specific entity flags");
        targets.CheckNames();
        if (arguments.Has("describe"))
        {
            targets.CheckDescribe(arguments.Has("entity-default"));
        }
        else
        {
            targets.CheckAlter();
        }

        return targets;
    }

    private static IEnumerable<string> EntityNames(ToolArguments arguments)
    {
        var names = new Queue<string>(arguments.Values("entity-name"));
        return arguments.Names.Where(name => name is "entity-name" or "entity-default").Select(name => name == "entity-name" ? names.Dequeue() : "");
    }

    private void CheckTypes()
    {
        var duplicates = Types.GroupBy(type => type).Where(each => each.Count() > 1).Select(each => each.Key).ToList();
        Demand(duplicates.Count == 0, $"Duplicate entity type(s) specified: {string.Join(",", duplicates)}");
        foreach (var type in Types)
        {
            Demand(All.Contains(type),
                $"Invalid entity type {type}, the entity type must be one of {string.Join(", ", All)} with a --bootstrap-server or --bootstrap-controller argument");
        }

        Demand(Types.Count > 0, "At least one entity type must be specified");
        Demand(Types.Count == 1 || Types.All(type => type is Users or Clients), $"Only '{Users}' and '{Clients}' entity types may be specified together");
        Demand(Names.Count <= Types.Count, "More entity names specified than entity types");
    }

    private void CheckNames()
    {
        foreach (var name in Names.Where(each => each.Length > 0))
        {
            Demand(Type is not (Brokers or BrokerLoggers) || int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                $"The entity name for {Type} must be a valid integer broker id, but it is: {name}");
            Demand(Type != Ips || IsHost(name), $"The entity name for {Type} must be a valid IP or resolvable host, but it is: {name}");
        }
    }

    private void CheckDescribe(bool isEntityDefault)
    {
        Demand(Type is Users or Clients or Brokers or Ips || !isEntityDefault, $"--entity-default must not be specified with --describe of {string.Join(",", Types)}");
        Demand(Type != BrokerLoggers || Name is { Length: > 0 }, $"An entity name must be specified with --describe of {string.Join(",", Types)}");
    }

    private void CheckAlter()
    {
        Demand(Type is not (Users or Clients or Brokers or Ips) || Names.Count > 0,
            "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips");
        Demand(Type is Users or Clients or Brokers or Ips || Name is { Length: > 0 },
            $"An entity name must be specified with --alter of {string.Join(",", Types)}");
        Demand(Names.Count == Types.Count, "An entity name must be specified for every entity type");
    }

    private static bool IsHost(string name)
    {
        if (IPAddress.TryParse(name, out _))
        {
            return true;
        }

        try
        {
            return Dns.GetHostAddresses(name).Length > 0;
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return false;
        }
    }

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ToolUsageException(otherwise);
        }
    }
}
