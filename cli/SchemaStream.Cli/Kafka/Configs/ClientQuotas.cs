using System.Globalization;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary>Quotas of users, clients and addresses.</summary>
internal sealed class ClientQuotas(ToolCluster cluster)
{
    private const sbyte ExactName = 0;
    private const sbyte DefaultName = 1;
    private const sbyte AnyName = 2;

    private static readonly string[] OfClients = ["producer_byte_rate", "consumer_byte_rate", "request_percentage", "controller_mutation_rate"];

    /// <summary>The order in which an entity's parts are printed, by the protocol's names of them.</summary>
    private static readonly (string Type, string Word)[] Parts = [("user", "user-principal"), ("client-id", "client-id"), ("ip", "ip")];

    /// <summary>Whether users and clients have such a quota.</summary>
    public static bool IsOfClients(string key) => OfClients.Contains(key);

    /// <summary>Whether addresses have such a quota.</summary>
    public static bool IsOfIps(string key) => key == "connection_creation_rate";

    public async Task DescribeAsync(ConfigTargets targets, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var entry in await FindAsync(targets, cancellationToken))
        {
            var entity = Parts
                .Select(part => (part.Word, Entity: entry.Entity.Find(each => each.EntityType == part.Type)))
                .Where(part => part.Entity is not null)
                .Select(part => part.Entity!.EntityName is { } name ? $"{part.Word} '{name}'" : $"the default {part.Word}");
            var values = entry.Values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={JavaNumbers.Text(value.Value)}");
            output.Write($"Quota configs for {string.Join(", ", entity)} are {string.Join(", ", values)}\n");
        }
    }

    public async Task AlterAsync(ConfigTargets targets, ConfigChanges changes, CancellationToken cancellationToken)
    {
        var present = (await FindAsync(targets, cancellationToken)).FirstOrDefault();
        changes.RequireToDelete(key => present?.Values.Exists(value => value.Key == key) == true);
        var request = new AlterClientQuotasRequest
        {
            Entries =
            [
                new()
                {
                    Entity = [.. targets.Types.Zip(targets.Names, (type, name) =>
                        new AlterClientQuotasRequest.EntityData { EntityType = TypeOf(type), EntityName = name.Length == 0 ? null : name })],
                    Ops =
                    [
                        .. changes.Added.Select(pair => new AlterClientQuotasRequest.OpData { Key = pair.Key, Value = Number(pair.Key, pair.Value) }),
                        .. changes.Deleted.Select(key => new AlterClientQuotasRequest.OpData { Key = key, Remove = true }),
                    ],
                },
            ],
        };
        var result = (await cluster.AskControllerAsync(request, cancellationToken)).Entries.Single();
        if (result.ErrorCode != ErrorCode.None)
        {
            throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, "The quotas");
        }
    }

    private async Task<List<DescribeClientQuotasResponse.EntryData>> FindAsync(ConfigTargets targets, CancellationToken cancellationToken)
    {
        var request = new DescribeClientQuotasRequest
        {
            Strict = true,
            Components = [.. targets.Types.Select((type, i) =>
            {
                var name = i < targets.Names.Count ? targets.Names[i] : null;
                return new DescribeClientQuotasRequest.ComponentData
                {
                    EntityType = TypeOf(type),
                    MatchType = name is null ? AnyName : name.Length == 0 ? DefaultName : ExactName,
                    Match = name is { Length: > 0 } ? name : null,
                };
            })],
        };
        var answer = await cluster.AskAnyAsync(request, cancellationToken);
        return answer.ErrorCode == ErrorCode.None
            ? answer.Entries ?? []
            : throw new ToolFailedException(answer.ErrorCode, answer.ErrorMessage, "The quotas");
    }

    private static string TypeOf(string type) => type switch
    {
        ConfigTargets.Users => "user",
        ConfigTargets.Clients => "client-id",
        _ => "ip",
    };

    private static double Number(string key, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ToolUsageException($"Cannot parse quota configuration value for {key}: {text}");
}
