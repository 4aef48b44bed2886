using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SchemaStream.Cli.Kafka.Groups;

namespace SchemaStream.Cli.Groups;

/// <summary><c>schemastream groups describe</c>: how far a group is, and how much is left.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var group = GroupsCommand.Group();
        return CommonOptions.Attach(
            new FriendlyCommand("describe", "Shows how far a group is in each partition, and its lag.") { group },
            (context, cancellation) => RunAsync(context, context.Get(group), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var group = await GroupLookup.RequireAsync(cluster, name, cancellationToken);
        var partitions = await GroupProgress.OfAsync(context, cluster, group, cancellationToken);
        var lag = partitions.Sum(each => each.Lag ?? 0);
        context.Output.Line($"group        {group.GroupId}");
        context.Output.Line($"state        {group.State}, {group.Members.Count} member{(group.Members.Count == 1 ? "" : "s")}");
        context.Output.Line($"coordinator  {group.Coordinator}");
        context.Output.Line(string.Create(CultureInfo.InvariantCulture, $"lag          {lag}"));
        if (partitions.Count > 0)
        {
            context.Output.Line("");
            context.Output.Table(
                ["TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "MEMBER", "HOST"],
                [.. partitions.Select(IReadOnlyList<string> (each) =>
                [
                    each.Partition.Topic, Text(each.Partition.Partition), Text(each.Committed), Text(each.End), Text(each.Lag),
                    each.Member?.ClientId ?? "-", each.Member?.Host ?? "-",
                ])]);
        }

        context.Output.Json(writer => Write(writer, group, lag, partitions));
        return ExitCodes.Done;
    }

    private static void Write(Utf8JsonWriter writer, GroupDescription group, long lag, IReadOnlyList<GroupProgress> partitions)
    {
        writer.WriteStartObject();
        writer.WriteString("group", group.GroupId);
        writer.WriteString("state", group.State);
        writer.WriteString("coordinator", group.Coordinator.Replace("  ", " ", StringComparison.Ordinal)); // Kafka's table has two blanks
        writer.WriteString("assignor", group.Assignor);
        writer.WriteNumber("members", group.Members.Count);
        writer.WriteNumber("lag", lag);
        writer.WriteStartArray("partitions");
        foreach (var each in partitions)
        {
            writer.WriteStartObject();
            writer.WriteString("topic", each.Partition.Topic);
            writer.WriteNumber("partition", each.Partition.Partition);
            WriteNumber(writer, "committed", each.Committed);
            WriteNumber(writer, "end", each.End);
            WriteNumber(writer, "lag", each.Lag);
            writer.WriteString("memberId", each.Member?.MemberId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
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

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
