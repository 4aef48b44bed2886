using System.Globalization;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol.Messages;
using Partition = SchemaStream.Protocol.Messages.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
using Reassignment = SchemaStream.Protocol.Messages.ListPartitionReassignmentsResponse.OngoingPartitionReassignment;
using Setting = SchemaStream.Protocol.Messages.DescribeConfigsResponse.DescribeConfigsResourceResult;

namespace SchemaStream.Cli.Kafka.Topics;

/// <summary>Topics as <c>kafka-topics --describe</c> prints them.</summary>
internal static class TopicText
{
    private const sbyte DefaultSource = 5;
    private const int IdLength = 16;

    /// <summary>A topic's id as Kafka writes it: its bytes in base 64 for URLs, without padding.</summary>
    public static string Id(Guid topicId) =>
        Convert.ToBase64String(topicId.ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <exception cref="ToolUsageException">It is no id.</exception>
    public static Guid ParseId(string text)
    {
        Span<byte> bytes = stackalloc byte[IdLength + 2];
        var base64 = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == IdLength
            ? new Guid(bytes[..IdLength], bigEndian: true)
            : throw new ToolUsageException($"'{text}' is no topic id: 22 characters of base 64 were expected");
    }

    public static async Task DescribeAsync(
        TopicAdministration topics, IReadOnlyList<string> names, ToolArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return;
        }

        var described = await topics.DescribeAsync(names, arguments.Number("partition-size-limit-per-response"), cancellationToken);
        var settings = await topics.SettingsAsync(names, cancellationToken);
        var alive = await topics.LiveBrokersAsync(cancellationToken);
        var moving = await topics.ReassignmentsAsync(cancellationToken);
        foreach (var topic in described)
        {
            var name = topic.Name!;
            var partitions = topic.Partitions.OrderBy(partition => partition.PartitionIndex).ToList();
            var own = settings[name];
            Reassignment? MoveOf(Partition partition) => moving.GetValueOrDefault((name, partition.PartitionIndex));
            var isReport = Reports(arguments);
            if (!isReport && (!arguments.Has("topics-with-overrides") || own.Any(IsOwn)))
            {
                WriteTopic(output, topic, Replicas(partitions[0], MoveOf(partitions[0])), own);
            }

            if (!arguments.Has("topics-with-overrides"))
            {
                foreach (var partition in partitions.Where(each => !isReport || IsReported(each, MoveOf(each), own, alive, arguments)))
                {
                    WritePartition(output, name, partition, MoveOf(partition));
                }
            }
        }
    }

    private static void WriteTopic(
        TextWriter output, DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic topic, int replicas, List<Setting> settings)
    {
        output.Write($"Topic: {topic.Name}");
        if (topic.TopicId != Guid.Empty)
        {
            output.Write($"\tTopicId: {Id(topic.TopicId)}");
        }

        var own = string.Join(",", settings.Where(IsOwn).Select(setting => $"{setting.Name}={setting.Value}"));
        output.WriteLine($"\tPartitionCount: {topic.Partitions.Count}\tReplicationFactor: {replicas}\tConfigs: {own}");
    }

    private static void WritePartition(TextWriter output, string topic, Partition partition, Reassignment? move)
    {
        var leader = partition.LeaderId < 0 ? "none" : partition.LeaderId.ToString(CultureInfo.InvariantCulture);
        output.Write($"\tTopic: {topic}\tPartition: {partition.PartitionIndex}\tLeader: {leader}");
        output.Write($"\tReplicas: {Ids(partition.ReplicaNodes)}\tIsr: {Ids(partition.IsrNodes)}");
        if (move is not null)
        {
            output.Write($"\tAdding Replicas: {Ids(move.AddingReplicas)}\tRemoving Replicas: {Ids(move.RemovingReplicas)}");
        }

        output.WriteLine($"\tElr: {IdsOrNone(partition.EligibleLeaderReplicas)}\tLastKnownElr: {IdsOrNone(partition.LastKnownElr)}");
    }

    private static bool Reports(ToolArguments arguments) =>
        arguments.Has("under-replicated-partitions") || arguments.Has("unavailable-partitions")
        || arguments.Has("under-min-isr-partitions") || arguments.Has("at-min-isr-partitions");

    private static bool IsReported(
        Partition partition, Reassignment? move, List<Setting> settings, IReadOnlySet<int> alive, ToolArguments arguments)
    {
        int Least() => int.Parse(
            settings.Find(setting => setting.Name == "min.insync.replicas")?.Value ?? "1", CultureInfo.InvariantCulture);
        return (arguments.Has("under-replicated-partitions") && partition.IsrNodes.Count < Replicas(partition, move))
            || (arguments.Has("unavailable-partitions") && !alive.Contains(partition.LeaderId))
            || (arguments.Has("under-min-isr-partitions") && (partition.LeaderId < 0 || partition.IsrNodes.Count < Least()))
            || (arguments.Has("at-min-isr-partitions") && partition.IsrNodes.Count == Least());
    }

    /// <summary>While replicas move, those that are only on their way do not count.</summary>
    private static int Replicas(Partition partition, Reassignment? move) =>
        move is not null && partition.ReplicaNodes.Any(replica => move.AddingReplicas.Contains(replica) || move.RemovingReplicas.Contains(replica))
            ? move.Replicas.Count - move.AddingReplicas.Count
            : partition.ReplicaNodes.Count;

    private static bool IsOwn(Setting setting) => setting.ConfigSource != DefaultSource;

    private static string Ids(IEnumerable<int> ids) => string.Join(",", ids);

    private static string IdsOrNone(IEnumerable<int>? ids) => ids is null ? "N/A" : Ids(ids);
}
