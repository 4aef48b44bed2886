using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;
using IsrMember = SchemaStream.Broker.Metadata.Commands.IsrMember;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// Has the controller change the ISRs of partitions that this broker leads: looks at all of them on time, and at one at
/// once when a follower has caught up. What is proposed while a request is under way goes into the next one, together.
/// </summary>
internal sealed partial class IsrUpdates(
    HostedPartitions partitions, IMetadataAccess metadata, ReplicaOptions options, TimeProvider timeProvider, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>Partitions of one request at most.</summary>
    private const int BatchLength = 1000;

    /// <summary>First wait before a partition that was not answered well is looked at again; it doubles up to the longest.</summary>
    private const long RetryMs = 60;

    private const long LongestRetryMs = 5_500;

    private readonly KnownBrokers _brokers = new(partitions);
    private readonly ConcurrentQueue<Pending> _queue = new();
    private readonly AsyncSignal _proposed = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    private readonly record struct Pending(HostedPartition Partition, IsrProposal Proposal);

    public void Start() => _loops = Task.WhenAll(
        Task.Run(SendAsync),
        Repetition.EveryAsync(options.LagTimeMax / 2, timeProvider, LookAtAllAsync, CheckFailed, _stopping.Token));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _proposed.Set();
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>On the partition's lane: proposes another ISR, if there is reason to.</summary>
    public void Look(HostedPartition partition)
    {
        if (partition.Replica is not { Role: PartitionRole.Leader } replica)
        {
            return;
        }

        replica.LocalBrokerEpoch = _brokers.EpochOf(metadata.NodeId);
        if (replica.ProposeIsr(partition.Lane.Clock.SteadyMs, _brokers) is { } proposal)
        {
            _queue.Enqueue(new Pending(partition, proposal));
            _proposed.Set();
        }
    }

    private async Task LookAtAllAsync()
    {
        var rounds = partitions.Lanes
            .Select(lane => new LaneRound<HostedPartition>(lane, partition => partition, (partition, _) => Look(partition)))
            .ToArray();
        foreach (var partition in partitions.All)
        {
            rounds[partition.LaneIndex].Items.Add(partition);
        }

        await Task.WhenAll(rounds.Select(round => round.RunAsync())).ConfigureAwait(false);
    }

    private async Task SendAsync()
    {
        var batch = new List<Pending>();
        while (!_stopping.IsCancellationRequested)
        {
            batch.Clear();
            while (batch.Count < BatchLength && _queue.TryDequeue(out var pending))
            {
                batch.Add(pending);
            }

            if (batch.Count == 0)
            {
                await _proposed.WaitAsync().ConfigureAwait(false);
                continue;
            }

            try
            {
                Answer(batch, await AskAsync(batch).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Stopping. The next leader looks for itself.
            }
            catch (Exception cause)
            {
                // Whatever failed on the way to the controller: like a lane, this loop goes on, and asks again.
                CheckFailed(cause);
                Answer(batch, new AlterPartitionReply(ErrorCode.UnknownServerError, cause.Message, []));
            }
        }
    }

    private ValueTask<AlterPartitionReply> AskAsync(List<Pending> batch) => metadata.SubmitAsync(
        new AlterPartitionCommand(
            metadata.NodeId,
            _brokers.EpochOf(metadata.NodeId),
            [.. batch.Select(pending => new PartitionAlteration(
                pending.Partition.Id.TopicId,
                pending.Partition.Id.Partition,
                pending.Proposal.LeaderEpoch,
                pending.Proposal.PartitionEpoch,
                [.. pending.Proposal.NewIsr.Select(member => new IsrMember(member.BrokerId, member.BrokerEpoch))]))]),
        _stopping.Token);

    private void Answer(List<Pending> batch, AlterPartitionReply reply)
    {
        if (reply.ErrorCode != ErrorCode.None)
        {
            NotAsked(batch.Count, reply.ErrorCode, reply.ErrorMessage);
        }

        var answers = reply.Partitions.ToDictionary(answer => new TopicIdPartition(answer.TopicId, answer.Partition));
        foreach (var (partition, proposal) in batch)
        {
            answers.TryGetValue(partition.Id, out var answer);
            var error = reply.ErrorCode != ErrorCode.None ? reply.ErrorCode : answer?.ErrorCode ?? ErrorCode.UnknownServerError;
            partition.Lane.Post(new LaneCall<bool>(partition, lane => Take(partition, proposal, error, answer, lane)));
        }
    }

    /// <summary>On the lane. Mostly the image has been quicker, and the answer is no news.</summary>
    private bool Take(HostedPartition partition, IsrProposal proposal, ErrorCode error, AlteredPartition? answer, Lane lane)
    {
        if (partition is not { Replica: { } replica, State: { } state })
        {
            return false;
        }

        var accepted = error == ErrorCode.None && answer is not null
            ? new LeaderAndIsr(answer.Leader, answer.LeaderEpoch, answer.PartitionEpoch, state.Replicas, answer.Isr)
            : null;
        var isNews = replica.IsrAnswered(proposal, error, accepted, lane.Clock.SteadyMs);
        if (error == ErrorCode.None)
        {
            Tell(partition, proposal);
            partition.ArmAcksTimer();
        }
        else if (isNews)
        {
            IsrNotChanged(partition.Name, error);
            partition.ProposeIsrLater(RetryMs, LongestRetryMs);
        }

        return isNews;
    }

    private void Tell(HostedPartition partition, IsrProposal proposal)
    {
        var isr = string.Join(",", proposal.NewIsr.Select(member => member.BrokerId));
        IsrChanged(partition.Name, isr);
    }

    [LoggerMessage(EventId = 1411, Level = LogLevel.Information, Message = "The ISR of {Partition} is {Isr}")]
    private partial void IsrChanged(string partition, string isr);

    [LoggerMessage(EventId = 1412, Level = LogLevel.Information, Message = "The ISR of {Partition} was not changed: {Error}")]
    private partial void IsrNotChanged(string partition, ErrorCode error);

    [LoggerMessage(
        EventId = 1413,
        Level = LogLevel.Warning,
        Message = "The controller did not decide on the ISRs of {Count} partitions ({Error} {Why}); it is asked again")]
    private partial void NotAsked(int count, ErrorCode error, string? why);

    [LoggerMessage(EventId = 1414, Level = LogLevel.Error, Message = "The ISRs could not be looked at")]
    private partial void CheckFailed(Exception cause);
}
