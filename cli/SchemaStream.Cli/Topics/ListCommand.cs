using System.CommandLine;
using System.Globalization;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics list</c>.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var prefix = new Option<string>("--prefix") { Description = "Only topics whose names begin so", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var isInternal = new Option<bool>("--internal") { Description = "The brokers' own topics as well" };
        return CommonOptions.Attach(
            new FriendlyCommand("list", "Lists the topics with what they carry.") { prefix, isInternal },
            (context, cancellation) => RunAsync(context, context.Get(prefix), context.Get(isInternal), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string prefix, bool isInternal, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var topics = (await TopicLookup.AllAsync(cluster, cancellationToken))
            .Where(topic => topic.Name!.StartsWith(prefix, StringComparison.Ordinal) && (isInternal || !topic.IsInternal)).ToList();
        var contracts = topics.Count == 0 ? [] : await KnownContracts.AllAsync(context, cancellationToken) ?? [];
        context.Output.Table(
            ["TOPIC", "PARTITIONS", "REPLICAS", "KEY", "VALUE"],
            [.. topics.Select(IReadOnlyList<string> (topic) =>
            {
                var contract = contracts.GetValueOrDefault(topic.Name!);
                return
                [
                    topic.Name!,
                    topic.Partitions.Count.ToString(CultureInfo.InvariantCulture),
                    ReplicasOf(topic).ToString(CultureInfo.InvariantCulture),
                    contract?.Key?.Describe() ?? "-",
                    contract?.Value?.Describe() ?? "-",
                ];
            })]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("topics");
            foreach (var topic in topics)
            {
                writer.WriteStartObject();
                writer.WriteString("topic", topic.Name);
                writer.WriteNumber("partitions", topic.Partitions.Count);
                writer.WriteNumber("replicationFactor", ReplicasOf(topic));
                writer.WriteBoolean("isInternal", topic.IsInternal);
                KnownContracts.Write(writer, contracts.GetValueOrDefault(topic.Name!));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static int ReplicasOf(MetadataResponse.MetadataResponseTopic topic) =>
        topic.Partitions.Count == 0 ? 0 : topic.Partitions.Max(partition => partition.ReplicaNodes.Count);
}
