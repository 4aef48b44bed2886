using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using IsrMember = SchemaStream.Broker.Metadata.Commands.IsrMember;

namespace SchemaStream.Simulation.Cluster;

/// <content>Produce, fetch, and who is in sync.</content>
internal sealed partial class BrokerLane
{
    private const int FetchAgainMs = 30;
    private const int FetchTimeoutMs = 200;
    private const int MaxFetchBytes = 2_000;

    /// <summary>As a producer's request, with acks 0, 1 or -1 for all.</summary>
    public void Produce(PartitionKey key, byte[] batch, short acks, Action<ProduceAnswer> answer)
    {
        if (Find(key) is not { } replica)
        {
            answer(new ProduceAnswer(ErrorCode.UnknownTopicOrPartition, -1));
            return;
        }

        // The log stamps offsets into the bytes it is given, and the same request may come again.
        var outcome = replica.Partition.Append(batch.ToArray(), AppendOrigin.Client, currentLeaderEpoch: -1, acks == -1, _process.NowMs);
        if (Schedule.IsTraced)
        {
            _process.World.Trace(_process.Id, $"{key}: appends {batch.Length} bytes, acks {acks}: {outcome}; end {replica.Partition.LogEndOffset} high {replica.Partition.HighWatermark}");
        }

        if (outcome.Error != ErrorCode.None || acks != -1)
        {
            answer(new ProduceAnswer(outcome.Error, outcome.BaseOffset));
            return;
        }

        replica.Partition.AwaitCommit(
            outcome.NextOffset,
            _process.NowMs + AckTimeoutMs,
            new Acknowledgement(error =>
            {
                if (error == ErrorCode.None)
                {
                    _process.World.Acknowledged(key, replica.Partition.LeaderEpoch, outcome.BaseOffset, outcome.NextOffset, batch);
                }

                answer(new ProduceAnswer(error, outcome.BaseOffset));
            }));
    }

    /// <summary>As a consumer's fetch, from a leader or a follower.</summary>
    public FetchAnswer Consume(PartitionKey key, long fetchOffset, int lastFetchedEpoch)
    {
        if (Find(key) is not { } replica)
        {
            return new FetchAnswer(ErrorCode.UnknownTopicOrPartition, default, -1, -1, null);
        }

        return Answer(replica.Partition.Read(
            fetchOffset, MaxFetchBytes, minOneBatch: true, -1, ReadBound.HighWatermark, ReadFrom.AnyReplica, lastFetchedEpoch));
    }

    /// <summary>As a follower's fetch.</summary>
    public FetchAnswer ServeFollower(PartitionKey key, in FollowerFetch fetch)
    {
        if (Find(key) is not { } replica)
        {
            return new FetchAnswer(ErrorCode.UnknownTopicOrPartition, default, -1, -1, null);
        }

        var read = replica.Partition.ReadForFollower(fetch, Schedule.Between(1, MaxFetchBytes), minOneBatch: true, _process.NowMs);
        if (Schedule.IsTraced)
        {
            _process.World.Trace(_process.Id, $"{key}: {fetch.ReplicaId}/{fetch.BrokerEpoch} has {fetch.FetchOffset} in epoch {fetch.CurrentLeaderEpoch}: {read.Error}; high {replica.Partition.HighWatermark}");
        }

        if (read.IsrMayGrow)
        {
            ProposeIsr(replica, _process.NowMs);
        }

        return Answer(read);
    }

    private static FetchAnswer Answer(PartitionRead read)
    {
        var bytes = Array.Empty<byte>();
        if (read.Slice is { } slice)
        {
            using (slice)
            {
                bytes = new byte[slice.Length];
                Array.Resize(ref bytes, slice.Read(bytes));
            }
        }

        return new FetchAnswer(read.Error, bytes, read.HighWatermark, read.LogStartOffset, read.DivergingEpoch);
    }

    private void Fetch(Replica replica, long nowMs)
    {
        replica.NextFetchMs = nowMs + FetchTimeoutMs;
        var (key, asked) = (replica.Key, replica.Partition.FollowerPosition);
        if (replica.Partition.LeaderId is var leader and > 0 && leader != _process.Id)
        {
            var fetch = new FollowerFetch(
                _process.Id, _brokerEpoch, asked.FetchOffset, asked.LastFetchedEpoch, asked.LogStartOffset, asked.LeaderEpoch);
            _process.Ask<FetchAnswer>(
                leader, (other, reply) => reply(other.Broker.ServeFollower(key, fetch)), answer => TakeAnswer(replica, asked, answer));
        }
    }

    /// <summary>An answer may be of another time, or come twice: the machine has to see that.</summary>
    private void TakeAnswer(Replica replica, FollowerPosition asked, FetchAnswer answer)
    {
        if (Find(replica.Key) != replica)
        {
            return;
        }

        var nowMs = _process.NowMs;
        replica.NextFetchMs = nowMs + FetchAgainMs;
        if (answer.Error == ErrorCode.OffsetOutOfRange)
        {
            replica.Partition.RestartAt(asked, answer.LogStartOffset);
        }
        else if (answer.Error == ErrorCode.None && answer.DivergingEpoch is { } diverging)
        {
            var cut = replica.Partition.TruncateForDivergence(asked, diverging);
            if (Schedule.IsTraced)
            {
                _process.World.Trace(_process.Id, $"{replica.Key}: asked {asked}, parts at {diverging}: {cut}");
            }

            replica.NextFetchMs = nowMs;
        }
        else if (answer.Error == ErrorCode.None)
        {
            var appended = replica.Partition.AppendAsFollower(asked, answer.Batches, answer.HighWatermark, answer.LogStartOffset, nowMs);
            if (appended.AppendedBytes > 0)
            {
                replica.NextFetchMs = nowMs;
            }
        }
    }

    private void ProposeIsr(Replica replica, long nowMs)
    {
        if (_brokerEpoch < 0 || replica.Partition.ProposeIsr(nowMs, this) is not { } proposal)
        {
            return;
        }

        var key = replica.Key;
        var alteration = new PartitionAlteration(
            key.TopicId,
            key.Index,
            proposal.LeaderEpoch,
            proposal.PartitionEpoch,
            [.. proposal.NewIsr.Select(member => new IsrMember(member.BrokerId, member.BrokerEpoch))]);
        _process.Command(
            new AlterPartitionCommand(_process.Id, _brokerEpoch, [alteration]),
            reply =>
            {
                var partition = reply.Partitions.Count == 1 ? reply.Partitions[0] : null;
                var error = partition?.ErrorCode ?? (reply.ErrorCode == ErrorCode.None ? ErrorCode.UnknownServerError : reply.ErrorCode);
                var accepted = partition is { ErrorCode: ErrorCode.None }
                    ? new LeaderAndIsr(partition.Leader, partition.LeaderEpoch, partition.PartitionEpoch, replica.Registration.Replicas, partition.Isr)
                    : null;
                replica.Partition.IsrAnswered(proposal, error, accepted, _process.NowMs);
            });
    }

    private sealed class Acknowledgement(Action<ErrorCode> complete) : IAcknowledgement
    {
        public void Complete(ErrorCode error) => complete(error);
    }
}
