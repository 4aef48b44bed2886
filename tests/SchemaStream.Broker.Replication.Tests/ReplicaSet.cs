using System.Text;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>What a leader answered a follower's fetch.</summary>
internal sealed record LeaderAnswer(FollowerPosition Asked, PartitionRead Read, byte[] Batches);

/// <summary>
/// The replicas of one partition, each on a disk of its own, and a controller that is a few lines long. Nothing happens but
/// what a test says: who hears of an election when, which answer arrives, who is asked.
/// </summary>
internal sealed class ReplicaSet : IIsrEligibility
{
    public const long WallMs = 1_700_000_000_000;

    private readonly Dictionary<int, Replica> _replicas = [];

    public ReplicaSet(params int[] ids)
    {
        Ids = ids;
        foreach (var id in ids)
        {
            _replicas[id] = new Replica(id);
        }

        State = new LeaderAndIsr(-1, 0, 0, ids, ids);
    }

    public IReadOnlyList<int> Ids { get; }

    /// <summary>What the controller says now.</summary>
    public LeaderAndIsr State { get; private set; }

    public long NowMs { get; set; } = 1_000;

    public HashSet<int> Fenced { get; } = [];

    public Partition this[int id] => _replicas[id].Partition;

    /// <summary>A set with a leader that everyone knows, in sync with all.</summary>
    public static ReplicaSet Led(int leader, params int[] ids)
    {
        var set = new ReplicaSet(ids);
        set.Elect(leader, ids);
        return set;
    }

    /// <summary>Decides, and tells everyone.</summary>
    public void Elect(int leader, params int[] isr)
    {
        Decide(leader, isr);
        foreach (var id in Ids)
        {
            Tell(id);
        }
    }

    /// <summary>Decides, and tells no one.</summary>
    public void Decide(int leader, params int[] isr) =>
        State = new LeaderAndIsr(leader, State.LeaderEpoch + 1, State.PartitionEpoch + 1, Ids, isr);

    public void Tell(int id) => this[id].Apply(State, NowMs);

    /// <summary>What the controller makes of a proposal, as KRaft's does; the answer is the caller's to deliver.</summary>
    public (ErrorCode Error, LeaderAndIsr? Accepted) AlterPartition(IsrProposal proposal)
    {
        if (proposal.LeaderEpoch != State.LeaderEpoch)
        {
            return (ErrorCode.FencedLeaderEpoch, null);
        }

        if (proposal.PartitionEpoch != State.PartitionEpoch)
        {
            return (ErrorCode.InvalidUpdateVersion, null);
        }

        if (proposal.NewIsr.Any(member => Fenced.Contains(member.BrokerId)))
        {
            return (ErrorCode.IneligibleReplica, null);
        }

        State = State with
        {
            PartitionEpoch = State.PartitionEpoch + 1,
            Isr = [.. proposal.NewIsr.Select(member => member.BrokerId)],
        };
        return (ErrorCode.None, State);
    }

    /// <summary>Proposes what the leader would, has it decided and answered.</summary>
    public IsrProposal? AlterIsr(int leader)
    {
        var proposal = this[leader].ProposeIsr(NowMs, this);
        if (proposal is not null)
        {
            var (error, accepted) = AlterPartition(proposal);
            this[leader].IsrAnswered(proposal, error, accepted, NowMs);
        }

        return proposal;
    }

    public AppendOutcome Append(int id, params string[] values) => Append(id, acksAll: false, values);

    public AppendOutcome Append(int id, bool acksAll, params string[] values) =>
        this[id].Append(Batch(values), AppendOrigin.Client, currentLeaderEpoch: -1, acksAll, WallMs);

    public static byte[] Batch(params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Add(WallMs, null, Encoding.UTF8.GetBytes(value));
        }

        return builder.Build();
    }

    /// <summary>A follower's fetch, and what whoever leads, or thinks so, answers.</summary>
    public LeaderAnswer Ask(int follower, int leader, long brokerEpoch = -1, int maxBytes = 100_000)
    {
        var asked = this[follower].FollowerPosition;
        var read = this[leader].ReadForFollower(
            new FollowerFetch(
                follower, brokerEpoch, asked.FetchOffset, asked.LastFetchedEpoch, asked.LogStartOffset, asked.LeaderEpoch),
            maxBytes,
            minOneBatch: true,
            NowMs);
        using var slice = read.Slice;
        var bytes = new byte[slice?.Length ?? 0];
        if (slice is not null)
        {
            slice.Read(bytes).ShouldBe(bytes.Length);
        }

        return new LeaderAnswer(asked, read with { Slice = null }, bytes);
    }

    /// <summary>A follower does what the answer says; returns what it gave up, if anything.</summary>
    public FollowerTruncation? Take(int follower, LeaderAnswer answer)
    {
        var partition = this[follower];
        if (answer.Read.DivergingEpoch is { } diverging)
        {
            return partition.TruncateForDivergence(answer.Asked, diverging);
        }

        if (answer.Read.Error == ErrorCode.OffsetOutOfRange)
        {
            return partition.RestartAt(answer.Asked, answer.Read.LogStartOffset);
        }

        if (answer.Read.Error == ErrorCode.None)
        {
            partition.AppendAsFollower(
                answer.Asked, answer.Batches, answer.Read.HighWatermark, answer.Read.LogStartOffset, WallMs);
        }

        return null;
    }

    /// <summary>Asks the leader until there is nothing new.</summary>
    public void CatchUp(params int[] followers)
    {
        for (var round = 0; round < 20; round++)
        {
            foreach (var follower in followers)
            {
                Take(follower, Ask(follower, State.LeaderId));
            }
        }
    }

    /// <summary>The process dies and comes back, knowing what was checkpointed.</summary>
    public void Restart(int id, long checkpointedHighWatermark = 0) =>
        _replicas[id].Reopen(checkpointedHighWatermark, recoveryPoint: 0);

    /// <summary>The machine loses power, and what was not synced.</summary>
    public void LosePower(int id, Random random)
    {
        _replicas[id].Disk.LosePower(random);
        _replicas[id].Reopen(0, recoveryPoint: 0);
    }

    public void Flush(int id) => _replicas[id].Log.Flush();

    /// <summary>Every record of a replica, as text, each with its offset's place.</summary>
    public IReadOnlyList<string> Values(int id) => _replicas[id].Values();

    public bool MayJoinIsr(int brokerId, long brokerEpoch) => !Fenced.Contains(brokerId);

    private sealed class Replica
    {
        private readonly int _id;

        public Replica(int id)
        {
            _id = id;
            Log = Open(new LogOpenOptions());
            Partition = new Partition("orders-0", id, Log);
        }

        public MemoryDisk Disk { get; } = new();

        public PartitionLog Log { get; private set; }

        public Partition Partition { get; private set; }

        public void Reopen(long highWatermark, long recoveryPoint)
        {
            var start = Log.LogStartOffset;
            Log.Dispose();
            Log = Open(new LogOpenOptions
            {
                Unclean = true,
                RecoveryPoint = recoveryPoint,
                LogStartOffset = start,
                HighWatermark = highWatermark,
            });
            Partition = new Partition("orders-0", _id, Log);
        }

        public List<string> Values()
        {
            var values = new List<string>();
            var next = Log.LogStartOffset;
            while (true)
            {
                Log.Read(next, 100_000, long.MaxValue, minOneBatch: true, out var slice).ShouldBe(ErrorCode.None);
                using (slice)
                {
                    if (slice.IsEmpty)
                    {
                        return values;
                    }

                    var bytes = new byte[slice.Length];
                    slice.Read(bytes);
                    foreach (var batch in RecordBatches.Split(bytes))
                    {
                        foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
                        {
                            values.Add(Encoding.UTF8.GetString(record.Value));
                        }
                    }

                    next = slice.NextOffset;
                }
            }
        }

        private PartitionLog Open(LogOpenOptions options) => PartitionLog.Open(
            Disk.Directory("orders-0"), LogConfig.Default, new LogFileCache(16), options, WallMs);
    }
}
