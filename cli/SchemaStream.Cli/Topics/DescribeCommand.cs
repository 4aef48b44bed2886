using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics describe</c>: partitions with where their records begin and end, settings, types.</summary>
internal static class DescribeCommand
{
    private const sbyte SetOnTopic = 1;

    public static Command Create()
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic" };
        var all = new Option<bool>("--all-settings") { Description = "Settings that are as the brokers have them, too" };
        return CommonOptions.Attach(
            new FriendlyCommand("describe", "Shows a topic: its types, its partitions, its settings.") { topic, all },
            (context, cancellation) => RunAsync(context, context.Get(topic), context.Get(all), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string name, bool withAll, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var topic = (await TopicLookup.RequireAsync(cluster, [name], cancellationToken))[0];
        var partitions = topic.Partitions.OrderBy(partition => partition.PartitionIndex).ToList();
        var ends = new ClusterTopics(cluster);
        List<Kafka.TopicPartition> led = [.. partitions.Where(each => each.LeaderId >= 0).Select(each => new Kafka.TopicPartition(name, each.PartitionIndex))];
        var starts = await ends.OffsetsAsync(led, ClusterTopics.Earliest, isCommittedOnly: false, cancellationToken);
        var found = await ends.OffsetsAsync(led, ClusterTopics.Latest, isCommittedOnly: false, cancellationToken);
        var settings = (await new TopicAdministration(cluster).SettingsAsync([name], cancellationToken))[name]
            .Where(each => withAll || each.ConfigSource == SetOnTopic).OrderBy(each => each.Name, StringComparer.Ordinal).ToList();
        var contract = await KnownContracts.OfAsync(context, name, cancellationToken);
        List<PartitionRow> rows = [.. partitions.Select(partition => new PartitionRow(
            partition,
            starts.GetValueOrDefault(new Kafka.TopicPartition(name, partition.PartitionIndex))?.Offset,
            found.GetValueOrDefault(new Kafka.TopicPartition(name, partition.PartitionIndex))?.Offset))];
        Tell(context, topic, rows, settings, contract);
        context.Output.Json(writer => Write(writer, topic, rows, settings, contract));
        return ExitCodes.Done;
    }

    private static void Tell(
        CommandContext context,
        MetadataResponse.MetadataResponseTopic topic,
        List<PartitionRow> rows,
        List<DescribeConfigsResponse.DescribeConfigsResourceResult> settings,
        TopicContract? contract)
    {
        context.Output.Line($"topic  {topic.Name}");
        context.Output.Line($"id     {topic.TopicId}");
        if (contract is not null)
        {
            context.Output.Line($"key    {contract.Key?.Describe() ?? "-"}");
            context.Output.Line($"value  {contract.Value?.Describe() ?? "-"}");
        }

        context.Output.Line("");
        context.Output.Table(
            ["PARTITION", "LEADER", "REPLICAS", "ISR", "START", "END"],
            [.. rows.Select(IReadOnlyList<string> (row) =>
            [
                Text(row.Partition.PartitionIndex),
                row.Partition.LeaderId < 0 ? "none" : Text(row.Partition.LeaderId),
                string.Join(',', row.Partition.ReplicaNodes),
                string.Join(',', row.Partition.IsrNodes),
                row.Start is { } start ? Text(start) : "-",
                row.End is { } end ? Text(end) : "-",
            ])]);
        if (settings.Count > 0)
        {
            context.Output.Line("");
            context.Output.Table(["SETTING", "VALUE"], [.. settings.Select(IReadOnlyList<string> (each) => [each.Name, each.IsSensitive ? "(hidden)" : each.Value ?? "-"])]);
        }
    }

    private static void Write(
        Utf8JsonWriter writer,
        MetadataResponse.MetadataResponseTopic topic,
        List<PartitionRow> rows,
        List<DescribeConfigsResponse.DescribeConfigsResourceResult> settings,
        TopicContract? contract)
    {
        writer.WriteStartObject();
        writer.WriteString("topic", topic.Name);
        writer.WriteString("id", topic.TopicId);
        writer.WriteBoolean("isInternal", topic.IsInternal);
        writer.WriteStartArray("partitions");
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            writer.WriteNumber("partition", row.Partition.PartitionIndex);
            WriteNumber(writer, "leader", row.Partition.LeaderId < 0 ? null : row.Partition.LeaderId);
            WriteNumbers(writer, "replicas", row.Partition.ReplicaNodes);
            WriteNumbers(writer, "isr", row.Partition.IsrNodes);
            WriteNumber(writer, "startOffset", row.Start);
            WriteNumber(writer, "endOffset", row.End);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("settings");
        foreach (var setting in settings)
        {
            writer.WriteStartObject();
            writer.WriteString("name", setting.Name);
            writer.WriteString("value", setting.IsSensitive ? null : setting.Value);
            writer.WriteBoolean("isSetOnTopic", setting.ConfigSource == SetOnTopic);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        KnownContracts.Write(writer, contract);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, List<int> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A partition with its first offset and the one behind its last; null where it has no leader to tell.</summary>
    private sealed record PartitionRow(MetadataResponse.MetadataResponsePartition Partition, long? Start, long? End);
}
