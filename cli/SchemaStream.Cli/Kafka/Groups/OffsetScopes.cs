using System.Globalization;
using System.Xml;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Groups;

/// <summary>The offsets that <c>--reset-offsets</c> comes to, by each of its ways of saying them.</summary>
internal sealed class OffsetScopes(ToolCluster cluster, ToolConsole console, TimeProvider time)
{
    /// <summary>Options of which one says where to.</summary>
    public static readonly string[] Scenarios =
        ["to-offset", "shift-by", "to-datetime", "by-duration", "to-earliest", "to-latest", "to-current", "from-file"];

    private readonly ClusterTopics _topics = new(cluster);

    /// <summary>The new offsets of a group.</summary>
    /// <exception cref="ToolUsageException">The options do not say where to, or of what.</exception>
    /// <exception cref="ToolFailedException">A partition is not there.</exception>
    public async Task<SortedDictionary<TopicPartition, long>> FindAsync(string group, ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (!Scenarios.Any(arguments.Has))
        {
            throw new ToolUsageException(
                $"Option '[reset-offsets]' requires one of the following scenarios: [{string.Join(", ", Scenarios.Select(each => $"[{each}]"))}]") { ShowsUsage = true };
        }

        if (arguments.Value("from-file") is { } file)
        {
            var plan = ResetPlan.Read(file, arguments.Values("group") is [var only] ? only : null);
            return plan.TryGetValue(group, out var planned)
                ? await InRangeAsync(planned, cancellationToken)
                : throw new ToolFailedException($"No reset plan for group {group} found.");
        }

        var committed = await GroupOffsets.FetchAsync(cluster, group, null, cancellationToken);
        IReadOnlyList<TopicPartition> partitions = arguments.Has("all-topics") ? [.. committed.Keys.Order()]
            : arguments.Has("topic") ? await PartitionsAsync(arguments.Values("topic"), cancellationToken)
            : throw new ToolUsageException("One of the reset scopes should be defined: --all-topics, --topic.") { ShowsUsage = true };
        if (arguments.LongNumber("to-offset") is { } offset)
        {
            return await InRangeAsync(partitions.ToDictionary(partition => partition, _ => offset), cancellationToken);
        }

        if (arguments.LongNumber("shift-by") is { } shift)
        {
            return await InRangeAsync(
                partitions.ToDictionary(partition => partition, partition => committed.TryGetValue(partition, out var current)
                    ? current.Offset + shift
                    : throw new ToolUsageException($"Cannot shift offset for partition {partition} since there is no current committed offset") { ShowsUsage = true }),
                cancellationToken);
        }

        return arguments.Has("to-earliest") ? await EndsAsync(partitions, ClusterTopics.Earliest, cancellationToken)
            : arguments.Has("to-latest") ? await EndsAsync(partitions, ClusterTopics.Latest, cancellationToken)
            : arguments.Has("to-current") ? await CurrentAsync(partitions, committed, cancellationToken)
            : await AtTimeAsync(partitions, Timestamp(arguments), cancellationToken);
    }

    /// <summary>Partitions that are named as <c>topic</c> or <c>topic:0,1,2</c>.</summary>
    /// <exception cref="ToolFailedException">One is not there.</exception>
    public async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var all = new SortedSet<TopicPartition>();
        foreach (var text in topics)
        {
            var parts = text.Split(':');
            if (parts.Length > 2)
            {
                throw new ToolUsageException($"Invalid topic arg '{text}', expected topic name and partitions") { ShowsUsage = true };
            }

            var there = await _topics.PartitionsAsync(parts[0], cancellationToken);
            var wanted = parts is [_, var listed]
                ? listed.Split(',').Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                    ? partition
                    : throw new ToolUsageException($"Invalid partition '{number}' specified in topic arg '{text}''") { ShowsUsage = true })
                : there;
            all.UnionWith(wanted.Select(partition => new TopicPartition(parts[0], partition)));
            var missing = all.Where(partition => partition.Topic == parts[0] && !there.Contains(partition.Partition)).ToList();
            if (missing.Count > 0)
            {
                throw new ToolFailedException($"The partitions \"{string.Join(",", missing)}\" do not exist");
            }
        }

        return [.. all];
    }

    /// <summary>A time as Kafka's tools take it: <c>2026-11-23T01:02:03.004</c>, in UTC unless it says otherwise.</summary>
    internal static long ParseDateTime(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ss.FFF", "yyyy-MM-dd'T'HH:mm:ss.FFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var when)
            ? when.ToUnixTimeMilliseconds()
            : throw new ToolFailedException($"Unparseable date: \"{text}\"");

    private long Timestamp(ToolArguments arguments)
    {
        if (arguments.Value("to-datetime") is { } when)
        {
            return ParseDateTime(when);
        }

        var duration = arguments.Value("by-duration")!;
        try
        {
            return (time.GetUtcNow() - XmlConvert.ToTimeSpan(duration)).ToUnixTimeMilliseconds();
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new ToolFailedException($"Text cannot be parsed to a Duration: {duration}", wrong);
        }
    }

    private async Task<SortedDictionary<TopicPartition, long>> EndsAsync(
        IReadOnlyCollection<TopicPartition> partitions, long which, CancellationToken cancellationToken)
    {
        var ends = new SortedDictionary<TopicPartition, long>();
        foreach (var (partition, found) in await _topics.OffsetsAsync(partitions, which, isCommittedOnly: false, cancellationToken))
        {
            ends[partition] = found.Offset;
        }

        return ends;
    }

    private async Task<SortedDictionary<TopicPartition, long>> CurrentAsync(
        IReadOnlyList<TopicPartition> partitions, Dictionary<TopicPartition, CommittedOffset> committed, CancellationToken cancellationToken)
    {
        var offsets = await EndsAsync([.. partitions.Where(partition => !committed.ContainsKey(partition))], ClusterTopics.Latest, cancellationToken);
        foreach (var partition in partitions.Where(committed.ContainsKey))
        {
            offsets[partition] = committed[partition].Offset;
        }

        return offsets;
    }

    private async Task<SortedDictionary<TopicPartition, long>> AtTimeAsync(
        IReadOnlyList<TopicPartition> partitions, long timestamp, CancellationToken cancellationToken)
    {
        var offsets = await EndsAsync(partitions, timestamp, cancellationToken);
        var without = offsets.Where(each => each.Value < 0).Select(each => each.Key).ToList();
        foreach (var partition in without)
        {
            console.Text.Write($"\nWarn: Partition {partition.Partition} from topic {partition.Topic} is empty. Falling back to latest known offset.\n");
        }

        foreach (var (partition, end) in await EndsAsync(without, ClusterTopics.Latest, cancellationToken))
        {
            offsets[partition] = end;
        }

        return offsets;
    }

    private async Task<SortedDictionary<TopicPartition, long>> InRangeAsync(
        Dictionary<TopicPartition, long> wanted, CancellationToken cancellationToken)
    {
        foreach (var partition in wanted.Keys)
        {
            if (!(await _topics.PartitionsAsync(partition.Topic, cancellationToken)).Contains(partition.Partition))
            {
                throw new ToolFailedException($"The partitions \"{partition}\" do not exist");
            }
        }

        var starts = await EndsAsync(wanted.Keys, ClusterTopics.Earliest, cancellationToken);
        var ends = await EndsAsync(wanted.Keys, ClusterTopics.Latest, cancellationToken);
        var offsets = new SortedDictionary<TopicPartition, long>();
        foreach (var (partition, offset) in wanted)
        {
            var (start, end) = (starts[partition], ends[partition]);
            offsets[partition] = Math.Clamp(offset, start, end);
            if (offset > end || offset < start)
            {
                console.Error.WriteLine(
                    $"WARN New offset ({offset}) is {(offset > end ? "higher than latest" : "lower than earliest")} offset for topic partition " +
                    $"{partition}. Value will be set to {offsets[partition]}.");
            }
        }

        return offsets;
    }
}
