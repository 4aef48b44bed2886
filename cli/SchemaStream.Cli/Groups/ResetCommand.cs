using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Cli.Topics;

namespace SchemaStream.Cli.Groups;

/// <summary><c>schemastream groups reset</c>: shows where a group would be, asks, and sets its offsets.</summary>
internal static class ResetCommand
{
    public static Command Create()
    {
        var group = GroupsCommand.Group();
        var scope = new ResetScope();
        var create = new Option<bool>("--create") { Description = "A group that is not there yet is given offsets all the same" };
        var export = new Option<bool>("--export") { Description = "Writes the plan as topic,partition,offset for --from-file, and does nothing" };
        var command = scope.AddTo(new FriendlyCommand("reset", "Sets the offsets of a group without members. Shows them first, and asks.") { group, create, export });
        return CommonOptions.Attach(
            command,
            (context, cancellation) => RunAsync(context, context.Get(group), scope.Read(context.Arguments, context.Get(group)), context.Get(create), context.Get(export), cancellation),
            isDestructive: true);
    }

    private static async Task<int> RunAsync(
        CommandContext context, string name, Kafka.Options.ToolArguments scope, bool mayCreate, bool isExport, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var groups = new GroupAdministration(cluster);
        var group = await groups.DescribeAsync(name, cancellationToken);
        if (group.State == GroupDescription.Dead && !mayCreate)
        {
            throw await GroupLookup.UnknownAsync(groups, name, cancellationToken);
        }

        if (group.State is not (GroupDescription.Dead or GroupDescription.Empty) && !context.IsDryRun && !isExport)
        {
            throw ErrorCatalog.GroupInUse.Exception($"Group '{name}' is not reset.", $"Its state is {group.State}, with {group.Members.Count} member(s).");
        }

        var plan = await FindAsync(context, cluster, name, scope, cancellationToken);
        if (isExport)
        {
            context.Output.Line(ResetPlan.Write(new Dictionary<string, SortedDictionary<Kafka.TopicPartition, long>> { [name] = plan }, isOfOneGroup: true).TrimEnd('\n'));
            Write(context, name, plan, [], isDone: false);
            return ExitCodes.Done;
        }

        var committed = await GroupOffsets.FetchAsync(cluster, name, null, cancellationToken);
        context.Output.Table(
            ["TOPIC", "PARTITION", "IS", "WILL BE"],
            [.. plan.Select(IReadOnlyList<string> (each) =>
            [
                each.Key.Topic,
                each.Key.Partition.ToString(CultureInfo.InvariantCulture),
                committed.TryGetValue(each.Key, out var present) ? present.Offset.ToString(CultureInfo.InvariantCulture) : "-",
                each.Value.ToString(CultureInfo.InvariantCulture),
            ])]);
        var isDone = plan.Count > 0 && !context.IsDryRun;
        if (isDone)
        {
            context.RequireConfirmed($"Set these offsets of group '{name}'?");
            // The coordinator refuses them if somebody has joined meanwhile.
            await GroupOffsets.CommitAsync(cluster, name, plan.ToDictionary(each => each.Key, each => new CommittedOffset(each.Value, -1, "")), cancellationToken);
            context.Output.Line($"reset group {name}");
        }
        else if (plan.Count == 0)
        {
            context.Output.Line("there is nothing to set");
        }

        Write(context, name, plan, committed, isDone);
        return ExitCodes.Done;
    }

    private static async Task<SortedDictionary<Kafka.TopicPartition, long>> FindAsync(
        CommandContext context, ToolCluster cluster, string name, Kafka.Options.ToolArguments scope, CancellationToken cancellationToken)
    {
        if (scope.Values("topic").Count > 0)
        {
            await TopicLookup.RequireAsync(cluster, [.. scope.Values("topic").Select(text => text.Split(':')[0]).Distinct(StringComparer.Ordinal)], cancellationToken);
        }

        // What Kafka's tool remarks among its results is a remark here.
        using var remarks = new MemoryStream();
        using var console = new ToolConsole(Stream.Null, remarks, context.Output.Notes);
        try
        {
            var plan = await new OffsetScopes(cluster, console, TimeProvider.System).FindAsync(name, scope, cancellationToken);
            await console.Text.FlushAsync(cancellationToken);
            foreach (var line in System.Text.Encoding.UTF8.GetString(remarks.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                context.Output.Note(line);
            }

            return plan;
        }
        catch (ToolFailedException unusable) when (unusable.Error == SchemaStream.Protocol.ErrorCode.None)
        {
            throw (scope.Has("from-file") ? ErrorCatalog.FileUnusable : ErrorCatalog.TopicUnknown)
                .Exception("The offsets cannot be found.", unusable.Message, inner: unusable);
        }
    }

    private static void Write(
        CommandContext context, string name, SortedDictionary<Kafka.TopicPartition, long> plan, Dictionary<Kafka.TopicPartition, CommittedOffset> committed, bool isDone) =>
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("group", name);
            writer.WriteBoolean("reset", isDone);
            writer.WriteBoolean("dryRun", context.IsDryRun);
            writer.WriteStartArray("partitions");
            foreach (var (partition, offset) in plan)
            {
                writer.WriteStartObject();
                writer.WriteString("topic", partition.Topic);
                writer.WriteNumber("partition", partition.Partition);
                if (committed.TryGetValue(partition, out var present))
                {
                    writer.WriteNumber("from", present.Offset);
                }
                else
                {
                    writer.WriteNull("from");
                }

                writer.WriteNumber("to", offset);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
}
