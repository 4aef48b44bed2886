using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Consuming;

/// <summary>A member of a consumer group of the classic protocol: joins, keeps itself alive, commits, leaves.</summary>
/// <param name="cluster">With a request time-out beyond the group's: joining waits for the other members.</param>
internal sealed class GroupMember(ToolCluster cluster, ClusterTopics topics, ConsumerSettings settings, string groupId) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private KafkaConnection? _coordinator;
    private Task _beating = Task.CompletedTask;
    private string _memberId = "";
    private int _generation = -1;
    private volatile bool _needsToJoin = true;

    /// <summary>Whether the group is made up anew, so that the assignment does not hold any more.</summary>
    public bool NeedsToJoin => _needsToJoin;

    /// <summary>Whether this member is the one that assigns.</summary>
    public bool IsLeader { get; private set; }

    /// <summary>Has the group made up anew.</summary>
    public void Rejoin() => _needsToJoin = true;

    /// <summary>Joins, and returns what this member is to read.</summary>
    /// <exception cref="ToolFailedException">The group does not take it.</exception>
    public async Task<IReadOnlyList<TopicPartition>> JoinAsync(IReadOnlyList<string> subscription, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var joined = await AskAsync(
                    new JoinGroupRequest
                    {
                        GroupId = groupId,
                        SessionTimeoutMs = (int)settings.SessionTimeout.TotalMilliseconds,
                        RebalanceTimeoutMs = (int)settings.MaxPollInterval.TotalMilliseconds,
                        MemberId = _memberId,
                        GroupInstanceId = settings.GroupInstanceId,
                        ProtocolType = ConsumerProtocol.Type,
                        Protocols = [new() { Name = ConsumerProtocol.Range, Metadata = ConsumerProtocol.Subscription(subscription) }],
                    },
                    cancellationToken);
                if (joined.ErrorCode == ErrorCode.MemberIdRequired)
                {
                    _memberId = joined.MemberId;
                    continue;
                }

                Require(joined.ErrorCode);
                (_memberId, _generation, IsLeader) = (joined.MemberId, joined.GenerationId, joined.Leader == joined.MemberId);
                var synced = await AskAsync(await SyncAsync(joined, cancellationToken), cancellationToken);
                Require(synced.ErrorCode);
                _needsToJoin = false;
                _beating = _beating.IsCompleted ? BeatAsync() : _beating;
                return ConsumerProtocol.ReadAssignment(synced.Assignment);
            }
            catch (KafkaErrorException rejoin) when (rejoin.Error is ErrorCode.RebalanceInProgress
                or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration)
            {
                Forget(rejoin.Error);
            }
            catch (Exception passing) when (KafkaCluster.IsPassing(passing))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>The offsets that the group has committed.</summary>
    public Task<Dictionary<TopicPartition, CommittedOffset>> CommittedAsync(
        IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) =>
        GroupOffsets.FetchAsync(cluster, groupId, partitions, cancellationToken);

    /// <summary>Commits positions. A group that is made up anew refuses: then another member reads from what was committed before.</summary>
    /// <returns>Whether they are committed.</returns>
    public async Task<bool> CommitAsync(IReadOnlyDictionary<TopicPartition, Position> positions, CancellationToken cancellationToken)
    {
        if (positions.Count == 0 || _generation < 0)
        {
            return true;
        }

        var request = GroupOffsets.CommitRequest(groupId, positions.ToDictionary(
            each => each.Key, each => new CommittedOffset(each.Value.Offset, each.Value.LeaderEpoch, "")));
        (request.MemberId, request.GenerationIdOrMemberEpoch, request.GroupInstanceId) = (_memberId, _generation, settings.GroupInstanceId);
        try
        {
            var answer = await AskAsync(request, cancellationToken, GroupOffsets.NewestByName);
            foreach (var partition in answer.Topics.SelectMany(topic => topic.Partitions))
            {
                Require(partition.ErrorCode);
            }

            return true;
        }
        catch (KafkaErrorException rejoin) when (rejoin.Error is ErrorCode.RebalanceInProgress
            or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.FencedInstanceId)
        {
            Forget(rejoin.Error);
            return false;
        }
        catch (Exception passing) when (KafkaCluster.IsPassing(passing))
        {
            return false;
        }
    }

    /// <summary>Leaves, so that the others need not wait for the session to end. A static member stays.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _beating;
        if (_memberId.Length == 0 || settings.GroupInstanceId is not null)
        {
            return;
        }

        try
        {
            await AskAsync(
                new LeaveGroupRequest { GroupId = groupId, MemberId = _memberId, Members = [new() { MemberId = _memberId, GroupInstanceId = null, Reason = null }] },
                cancellationToken);
        }
        catch (Exception passing) when (KafkaCluster.IsPassing(passing))
        {
            // The session's end does it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        if (_coordinator is not null)
        {
            await _coordinator.DisposeAsync();
        }

        _stop.Dispose();
        _connecting.Dispose();
    }

    private static void Require(ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            throw KafkaErrors.Of(error, null);
        }
    }

    private async Task<SyncGroupRequest> SyncAsync(JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        var request = new SyncGroupRequest
        {
            GroupId = groupId,
            GenerationId = _generation,
            MemberId = _memberId,
            GroupInstanceId = settings.GroupInstanceId,
            ProtocolType = ConsumerProtocol.Type,
            ProtocolName = ConsumerProtocol.Range,
        };
        if (!IsLeader || joined.SkipAssignment)
        {
            return request;
        }

        var subscriptions = joined.Members.ToDictionary(
            member => member.MemberId, member => ConsumerProtocol.ReadSubscription(member.Metadata), StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in subscriptions.Values.SelectMany(each => each).Distinct())
        {
            try
            {
                await topics.RefreshAsync([topic], cancellationToken);
                counts[topic] = (await topics.PartitionsAsync(topic, cancellationToken)).Count;
            }
            catch (KafkaErrorException missing) when (missing.Error == ErrorCode.UnknownTopicOrPartition)
            {
                counts[topic] = 0; // another member may ask for what is not there
            }
        }

        foreach (var (member, partitions) in ConsumerProtocol.AssignRanges(subscriptions, counts))
        {
            request.Assignments.Add(new() { MemberId = member, Assignment = ConsumerProtocol.Assignment(partitions) });
        }

        return request;
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(settings.HeartbeatInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (_needsToJoin)
                {
                    continue; // joining keeps it alive as well
                }

                try
                {
                    var generation = _generation;
                    var answer = await AskAsync(
                        new HeartbeatRequest { GroupId = groupId, GenerationId = generation, MemberId = _memberId, GroupInstanceId = settings.GroupInstanceId },
                        _stop.Token);
                    if (answer.ErrorCode != ErrorCode.None && generation == _generation)
                    {
                        Forget(answer.ErrorCode);
                    }
                }
                catch (Exception passing) when (KafkaCluster.IsPassing(passing))
                {
                    // The next one asks who coordinates now.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Left.
        }
    }

    private void Forget(ErrorCode error)
    {
        if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
        {
            _memberId = "";
        }

        if (error is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.FencedInstanceId)
        {
            _generation = -1;
        }

        _needsToJoin |= error is not (ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress);
    }

    private async Task<TResponse> AskAsync<TResponse>(
        IRequestMessage<TResponse> request, CancellationToken cancellationToken, short newest = short.MaxValue)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var coordinator = await CoordinatorAsync(cancellationToken);
        var answer = await cluster.AskAsync(coordinator, request, newest, cancellationToken);
        var error = answer switch
        {
            JoinGroupResponse joined => joined.ErrorCode,
            SyncGroupResponse synced => synced.ErrorCode,
            HeartbeatResponse beat => beat.ErrorCode,
            _ => ErrorCode.None,
        };
        if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable)
        {
            await coordinator.DisposeAsync(); // who coordinates is asked anew
            throw KafkaErrors.Of(error, null);
        }

        return answer;
    }

    private async Task<KafkaConnection> CoordinatorAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_coordinator is { Closed.IsCompleted: false } open)
            {
                return open;
            }

            return _coordinator = await cluster.Brokers.CoordinatorAsync(CoordinatorKind.Group, groupId, ConnectionUse.Own, cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
