using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Kafka.Groups;

/// <summary>What <c>kafka-consumer-groups</c> does. Where Kafka prints an error and ends with 0, this ends with 1.</summary>
internal sealed class GroupActions(ToolCluster cluster, ToolArguments arguments, ToolConsole console)
{
    private static readonly string[] States =
        ["Stable", "PreparingRebalance", "CompletingRebalance", "Empty", "Dead", "Assigning", "Reconciling"];

    private static readonly string[] Types = ["Classic", "Consumer"];

    private readonly GroupAdministration _groups = new(cluster);
    private readonly ClusterTopics _topics = new(cluster);
    private bool _isFailed;

    private int ExitCode => _isFailed ? ExitCodes.Failed : ExitCodes.Done;

    public async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        var states = Filter("state", "states", States);
        var types = Filter("type", "types", Types);
        var groups = await _groups.ListAsync(cancellationToken);
        if (!arguments.Has("state") && !arguments.Has("type"))
        {
            foreach (var group in groups)
            {
                console.Text.Write(group.GroupId + "\n");
            }

            return ExitCode;
        }

        GroupText.WriteList(
            console.Text,
            [.. groups.Where(group => states?.Contains(group.State) != false && types?.Contains(group.Type) != false)],
            arguments.Has("type"),
            arguments.Has("state"));
        return ExitCode;
    }

    public async Task<int> DescribeAsync(CancellationToken cancellationToken)
    {
        var isVerbose = arguments.Has("verbose");
        foreach (var groupId in await GroupIdsAsync(cancellationToken))
        {
            var group = await _groups.DescribeAsync(groupId, cancellationToken);
            if (arguments.Has("members"))
            {
                if (SayState(group, group.Members.Count) || group.State != GroupDescription.Dead)
                {
                    GroupText.WriteMembers(console.Text, group, isVerbose);
                }
            }
            else if (arguments.Has("state"))
            {
                if (SayState(group, 1))
                {
                    GroupText.WriteState(console.Text, group, isVerbose);
                }
            }
            else
            {
                var rows = await RowsAsync(group, cancellationToken);
                if (SayState(group, rows.Count))
                {
                    GroupText.WriteOffsets(console.Text, rows, isVerbose);
                }
            }
        }

        return ExitCode;
    }

    public async Task<int> DeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = new List<string>();
        var refused = new List<(string Group, ErrorCode Error)>();
        foreach (var group in await GroupIdsAsync(cancellationToken))
        {
            var error = await _groups.DeleteAsync(group, cancellationToken);
            if (error == ErrorCode.None)
            {
                deleted.Add($"'{group}'");
            }
            else
            {
                refused.Add((group, error));
            }
        }

        if (refused.Count == 0)
        {
            console.Text.Write($"Deletion of requested consumer groups ({string.Join(", ", deleted)}) was successful.\n");
            return ExitCode;
        }

        Fail("Deletion of some consumer groups failed:");
        foreach (var (group, error) in refused)
        {
            console.Text.Write($"* Group '{group}' could not be deleted due to: {KafkaErrors.ClassName(error)}: {KafkaErrors.Describe(error)}\n");
        }

        if (deleted.Count > 0)
        {
            console.Text.Write($"\nThese consumer groups were deleted successfully: {string.Join(", ", deleted)}\n");
        }

        return ExitCode;
    }

    public async Task<int> DeleteOffsetsAsync(CancellationToken cancellationToken)
    {
        var group = arguments.Value("group")!;
        try
        {
            var partitions = await new OffsetScopes(cluster, console, TimeProvider.System).PartitionsAsync(arguments.Values("topic"), cancellationToken);
            var (error, results) = await _groups.DeleteOffsetsAsync(group, partitions, cancellationToken);
            if (error != ErrorCode.None)
            {
                Fail(KafkaErrors.Describe(error));
            }
            else if (results.Values.Any(each => each != ErrorCode.None))
            {
                Fail("Encountered some partition-level error, see the follow-up details.");
            }
            else
            {
                console.Text.Write($"Request succeeded for deleting offsets from group {group}.\n");
            }

            GroupText.WriteDeletedOffsets(console.Text, results.ToDictionary(
                each => each.Key, each => each.Value == ErrorCode.None ? "Successful" : $"Error: {KafkaErrors.Describe(each.Value)}"));
        }
        catch (Exception failure) when (failure is KafkaErrorException or ToolFailedException)
        {
            FailCommand(failure);
        }

        return ExitCode;
    }

    public async Task<int> ResetAsync(CancellationToken cancellationToken)
    {
        var scopes = new OffsetScopes(cluster, console, TimeProvider.System);
        var reset = new SortedDictionary<string, SortedDictionary<TopicPartition, long>>(StringComparer.Ordinal);
        try
        {
            foreach (var groupId in await GroupIdsAsync(cancellationToken))
            {
                var group = await _groups.DescribeAsync(groupId, cancellationToken);
                if (group.State is not (GroupDescription.Empty or GroupDescription.Dead))
                {
                    Fail($"Assignments can only be reset if the group '{groupId}' is inactive, but the current state is {group.State}.");
                    reset[groupId] = [];
                    continue;
                }

                var offsets = await scopes.FindAsync(groupId, arguments, cancellationToken);
                if (arguments.Has("execute") && offsets.Count > 0)
                {
                    await GroupOffsets.CommitAsync(
                        cluster, groupId, offsets.ToDictionary(each => each.Key, each => new CommittedOffset(each.Value, -1, "")), cancellationToken);
                }

                reset[groupId] = offsets;
            }
        }
        catch (Exception failure) when (failure is KafkaErrorException or ToolFailedException)
        {
            FailCommand(failure);
            return ExitCode;
        }

        if (arguments.Has("export"))
        {
            console.Text.Write(ResetPlan.Write(reset, arguments.Values("group").Count == 1) + "\n");
        }
        else
        {
            GroupText.WriteReset(console.Text, reset);
        }

        return ExitCode;
    }

    private async Task<IReadOnlyList<string>> GroupIdsAsync(CancellationToken cancellationToken) => arguments.Has("all-groups")
        ? [.. (await _groups.ListAsync(cancellationToken)).Select(group => group.GroupId)]
        : [.. arguments.Values("group").Distinct()];

    /// <summary>Says what is to be said of a group's state; returns whether there is more to print.</summary>
    private bool SayState(GroupDescription group, int rows)
    {
        switch (group.State)
        {
            case GroupDescription.Dead:
                Fail($"Consumer group '{group.GroupId}' does not exist.");
                return false;
            case GroupDescription.Empty:
                console.Error.Write($"\nConsumer group '{group.GroupId}' has no active members.\n");
                break;
            case "Stable":
                break;
            default:
                console.Error.Write($"\nWarning: Consumer group '{group.GroupId}' is rebalancing.\n");
                break;
        }

        return rows > 0;
    }

    /// <summary>Partitions that members read, the busiest member first, and then those that have offsets only.</summary>
    private async Task<IReadOnlyList<OffsetRow>> RowsAsync(GroupDescription group, CancellationToken cancellationToken)
    {
        if (group.State == GroupDescription.Dead)
        {
            return [];
        }

        var committed = await GroupOffsets.FetchAsync(cluster, group.GroupId, null, cancellationToken);
        var ends = await EndsAsync([.. group.Members.SelectMany(member => member.Assignment).Union(committed.Keys)], cancellationToken);
        OffsetRow Row(TopicPartition partition, string member, string host, string client) => new(
            group.GroupId,
            partition,
            committed.TryGetValue(partition, out var offset) ? offset : null,
            ends.TryGetValue(partition, out var end) ? end : null,
            member,
            host,
            client);
        var rows = new List<OffsetRow>();
        foreach (var member in group.Members.OrderByDescending(member => member.Assignment.Count))
        {
            rows.AddRange(member.Assignment.Order().Select(partition => Row(partition, member.MemberId, member.Host, member.ClientId)));
        }

        var assigned = rows.Select(row => row.Partition).ToHashSet();
        rows.AddRange(committed.Keys.Where(partition => !assigned.Contains(partition)).Order().Select(partition => Row(partition, "-", "-", "-")));
        return rows;
    }

    /// <summary>Where logs end; a topic that was deleted has no end, and no reason to show nothing of the others.</summary>
    private async Task<Dictionary<TopicPartition, long>> EndsAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var ends = new Dictionary<TopicPartition, long>();
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
        {
            try
            {
                foreach (var (partition, found) in await _topics.OffsetsAsync([.. topic], ClusterTopics.Latest, isCommittedOnly: false, cancellationToken))
                {
                    ends[partition] = found.Offset;
                }
            }
            catch (KafkaErrorException missing) when (missing.Error == ErrorCode.UnknownTopicOrPartition)
            {
                console.Error.WriteLine($"WARN {missing.Message}");
            }
        }

        return ends;
    }

    private HashSet<string>? Filter(string option, string what, string[] valid)
    {
        if (arguments.Value(option) is not { Length: > 0 } text)
        {
            return null;
        }

        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        wanted.UnionWith(text.Split(',', StringSplitOptions.TrimEntries));
        return wanted.IsSubsetOf(valid)
            ? wanted
            : throw new ToolUsageException($"Invalid {what} list '{text}'. Valid {what} are: {string.Join(", ", valid)}") { ShowsUsage = true };
    }

    private void Fail(string message)
    {
        _isFailed = true;
        console.Text.Write($"\nError: {message}\n");
    }

    private void FailCommand(Exception failure) => Fail($"Executing consumer group command failed due to {failure.Message}");
}
