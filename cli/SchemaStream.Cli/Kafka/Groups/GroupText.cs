using System.Globalization;
using SchemaStream.Cli.Kafka.Consuming;

namespace SchemaStream.Cli.Kafka.Groups;

/// <summary>One line of <c>--describe</c>: a partition, or a member without one.</summary>
internal sealed record OffsetRow(
    string Group, TopicPartition Partition, CommittedOffset? Committed, long? LogEndOffset, string MemberId, string Host, string ClientId);

/// <summary>Groups as <c>kafka-consumer-groups</c> prints them.</summary>
internal static class GroupText
{
    private const string None = "-";
    private const int Narrowest = 15;

    public static void WriteOffsets(TextWriter output, IReadOnlyList<OffsetRow> rows, bool isVerbose)
    {
        var widths = new[]
        {
            Widest(rows.Select(row => row.Group)), Widest(rows.Select(row => row.Partition.Topic)), 10, 15, 15, 15,
            Widest(rows.Select(row => row.MemberId)), Widest(rows.Select(row => row.Host)), 0,
        }.ToList();
        var heads = new List<string> { "GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID" };
        if (isVerbose)
        {
            widths.Insert(3, 15);
            heads.Insert(3, "LEADER-EPOCH");
        }

        output.Write("\n" + Line(heads, widths));
        foreach (var row in rows)
        {
            List<string> fields =
            [
                row.Group, row.Partition.Topic, Text(row.Partition.Partition), Text(row.Committed?.Offset), Text(row.LogEndOffset),
                Text(row.LogEndOffset - row.Committed?.Offset), row.MemberId, row.Host, row.ClientId,
            ];
            if (isVerbose)
            {
                fields.Insert(3, row.Committed is { LeaderEpoch: >= 0 and var epoch } ? Text(epoch) : None);
            }

            output.Write("\n" + Line(fields, widths));
        }

        output.Write("\n");
    }

    public static void WriteMembers(TextWriter output, GroupDescription group, bool isVerbose)
    {
        var members = group.Members;
        var hasInstances = members.Any(member => member.InstanceId.Length > 0);
        var isMixed = members.Any(member => member.IsUpgraded == true) && members.Any(member => member.IsUpgraded == false);
        var widths = new List<int>
        {
            Math.Max(Narrowest, group.GroupId.Length), Widest(members.Select(member => member.MemberId)),
            Widest(members.Select(member => member.Host)), Widest(members.Select(member => member.ClientId)), 15,
        };
        var heads = new List<string> { "GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS" };
        if (hasInstances)
        {
            widths.Insert(2, Math.Max(17, members.Max(member => member.InstanceId.Length)));
            heads.Insert(2, "GROUP-INSTANCE-ID");
        }

        if (isVerbose)
        {
            widths.AddRange([15, Math.Max(20, Longest(members.Select(member => Text(member.Assignment)))),
                15, Math.Max(20, Longest(members.Select(member => Text(member.Target))))]);
            heads.AddRange(["CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH", "TARGET-ASSIGNMENT"]);
            if (isMixed)
            {
                widths.Add(0);
                heads.Add("UPGRADED");
            }
        }

        var end = isVerbose ? "\n" : " \n"; // Kafka leaves room for what it does not print
        output.Write("\n" + Line(heads, widths) + end);
        foreach (var member in members)
        {
            List<string> fields = [group.GroupId, member.MemberId, member.Host, member.ClientId, Text(member.Assignment.Count)];
            if (hasInstances)
            {
                fields.Insert(2, member.InstanceId);
            }

            if (isVerbose)
            {
                fields.AddRange([Text(member.Epoch), Text(member.Assignment), Text(group.AssignmentEpoch), Text(member.Target)]);
                if (isMixed)
                {
                    fields.Add(member.IsUpgraded is { } isUpgraded ? isUpgraded ? "true" : "false" : None);
                }
            }

            output.Write(Line(fields, widths) + end);
        }
    }

    public static void WriteState(TextWriter output, GroupDescription group, bool isVerbose)
    {
        var widths = new List<int> { Math.Max(Narrowest, group.GroupId.Length), Math.Max(25, group.Coordinator.Length), 20, 20 };
        List<string> heads = ["GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE"];
        List<string> fields = [group.GroupId, group.Coordinator, group.Assignor.Length > 0 ? group.Assignor : None, group.State];
        if (isVerbose)
        {
            widths.AddRange([15, 25]);
            heads.AddRange(["GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH"]);
            fields.AddRange([Text(group.GroupEpoch), Text(group.AssignmentEpoch)]);
        }

        widths.Add(0);
        heads.Add("#MEMBERS");
        fields.Add(Text(group.Members.Count));
        output.Write("\n" + Line(heads, widths) + "\n" + Line(fields, widths) + "\n");
    }

    public static void WriteList(TextWriter output, IReadOnlyList<ListedGroup> groups, bool hasType, bool hasState)
    {
        var widths = new List<int> { Widest(groups.Select(group => group.GroupId)) + 10 };
        List<string> Row(string group, string type, string state) => [group, .. hasType ? [type] : Array.Empty<string>(), .. hasState ? [state] : Array.Empty<string>()];
        var heads = Row("GROUP", "TYPE", "STATE");
        widths.AddRange(Enumerable.Repeat(20, heads.Count - 1));
        output.Write(Line(heads, widths) + "\n");
        foreach (var group in groups)
        {
            output.Write(Line(Row(group.GroupId, group.Type, group.State), widths) + "\n");
        }
    }

    public static void WriteReset(TextWriter output, IReadOnlyDictionary<string, SortedDictionary<TopicPartition, long>> groups)
    {
        int[] widths = [Widest(groups.Keys), Widest(groups.Values.SelectMany(each => each.Keys).Select(partition => partition.Topic)), 10, 0];
        if (groups.Count > 0)
        {
            output.Write("\n" + Line(["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"], widths));
        }

        foreach (var (group, offsets) in groups)
        {
            foreach (var (partition, offset) in offsets)
            {
                output.Write("\n" + Line([group, partition.Topic, Text(partition.Partition), Text(offset)], widths));
            }
        }

        output.Write("\n");
    }

    public static void WriteDeletedOffsets(TextWriter output, IReadOnlyDictionary<TopicPartition, string> results)
    {
        int[] widths = [Widest(results.Keys.Select(partition => partition.Topic)), 10, 15];
        output.Write("\n" + Line(["TOPIC", "PARTITION", "STATUS"], widths));
        foreach (var (partition, status) in results)
        {
            output.Write("\n" + Line([partition.Topic, partition.Partition < 0 ? None : Text(partition.Partition), status], widths));
        }

        output.Write("\n");
    }

    private static string Line(IReadOnlyList<string> fields, IReadOnlyList<int> widths) =>
        string.Join(' ', fields.Select((field, index) => field.PadRight(widths[index])));

    private static int Widest(IEnumerable<string> texts) => Math.Max(Narrowest, Longest(texts));

    private static int Longest(IEnumerable<string> texts) => texts.Select(text => text.Length).DefaultIfEmpty().Max();

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? None;

    private static string Text(IReadOnlyList<TopicPartition> partitions) => partitions.Count == 0 ? None : string.Join(
        ";",
        partitions.GroupBy(partition => partition.Topic)
            .Select(topic => $"{topic.Key}:{string.Join(",", topic.Select(partition => partition.Partition).Order())}")
            .Order(StringComparer.Ordinal));
}
